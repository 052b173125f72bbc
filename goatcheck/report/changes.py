"""What changed between two reports, in words: shared by every renderer of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from goatcheck.report.comparing import KINDS
from goatcheck.report.model import Change, Comparison
from goatcheck.report.reading import OUTCOME_WORDS

_OPERATIONS = 12
"""So many operations of a change are named."""


def by_kind(changes: Iterable[Change]) -> Mapping[str, tuple[Change, ...]]:
    """The changes of each kind that there is, worst first."""
    every = tuple(changes)
    found = {kind: tuple(change for change in every if change.kind == kind) for kind in KINDS}
    return {kind: some for kind, some in found.items() if some}


def in_short(comparison: Comparison) -> str:
    """How many changes of each kind there are, in a sentence."""
    counts = [f"{len(changes)} {KINDS[kind]}" for kind, changes in by_kind(comparison.changes).items()]
    return f"Against the report of {comparison.target} of {comparison.started}: {', '.join(counts) or 'no change'}."


def became(change: Change) -> str:
    """What became of the requirement, and on which operations."""
    before, now = (OUTCOME_WORDS.get(name, "not there") for name in (change.before, change.now))
    return (now if before == now else f"{before}, now {now}") + _operations(change)


def _operations(change: Change) -> str:
    named = [operation or "requests of no operation" for operation in change.operations]
    more = f" and {len(named) - _OPERATIONS} more" if len(named) > _OPERATIONS else ""
    return f": {', '.join(named[:_OPERATIONS])}{more}" if named else ""
