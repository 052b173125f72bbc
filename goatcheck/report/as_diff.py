"""Two reports compared, as text, as Markdown and as JSON: pure functions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from goatcheck.report.as_markdown import code, prose
from goatcheck.report.comparing import KINDS
from goatcheck.report.model import Change, Comparison
from goatcheck.report.reading import OUTCOME_WORDS
from goatcheck.report.text import one_line

NOTHING = "Nothing changed."
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


def render_text(comparison: Comparison) -> str:
    """The comparison for a terminal, without colours."""
    lines = [one_line(in_short(comparison))]
    for kind, changes in by_kind(comparison.changes).items():
        lines += ["", KINDS[kind].capitalize()]
        lines += [one_line(f"  {change.requirement} ({change.level}): {became(change)}", 1000) for change in changes]
    return "\n".join(lines) + "\n"


def render_markdown(comparison: Comparison) -> str:
    """The comparison for a pull request."""
    lines = ["## goatcheck diff", "", prose(in_short(comparison))]
    for kind, changes in by_kind(comparison.changes).items():
        lines += ["", f"### {KINDS[kind].capitalize()}", ""]
        lines += [f"- {code(change.requirement)} ({change.level}): {prose(became(change), 1000)}" for change in changes]
    return "\n".join(lines) + "\n"


def render_json(comparison: Comparison) -> str:
    """The comparison for programs: `changes`, each with its kind, the outcomes before and now, and operations."""
    return json.dumps({"schema": "goatcheck-diff/1", **asdict(comparison)}, indent=2) + "\n"


def _operations(change: Change) -> str:
    named = [operation or "requests of no operation" for operation in change.operations]
    more = f" and {len(named) - _OPERATIONS} more" if len(named) > _OPERATIONS else ""
    return f": {', '.join(named[:_OPERATIONS])}{more}" if named else ""
