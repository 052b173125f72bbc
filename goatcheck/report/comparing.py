"""What became worse and what better between two reports: one table, and pure functions around it.

A breach is known by its requirement and its operation. How an outcome changed depends on what the two outcomes say:

| before, now | not there | passes | broken | open | not applicable |
|---|---|---|---|---|---|
| not there | | appeared | regressed | appeared | appeared |
| passes | vanished | | regressed | unjudged | unjudged |
| broken | vanished | fixed | by operation | unjudged | unjudged |
| open | vanished | judged | regressed | | |
| not applicable | vanished | judged | regressed | | |

broken is `fail`, `warn` and `waived`; open is `error`, `not_exercised` and `not_testable`. Where both are broken, an
operation that is new regressed, one that is gone was fixed, the others are known. In a run of a selection nothing vanished.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goatcheck.report.model import Change, Comparison

KINDS: Mapping[str, str] = {
    "regressed": "worse",
    "vanished": "no longer there",
    "unjudged": "no longer judged",
    "fixed": "fixed",
    "judged": "judged for the first time",
    "appeared": "new in the contract",
    "known": "broken as before",
}
"""Each kind of change in words, worst first."""

_CLASSES = {
    "": "absent",
    "pass": "good",
    **dict.fromkeys(("fail", "warn", "waived"), "broken"),
    **dict.fromkeys(("error", "not_exercised", "not_testable"), "open"),
    "not_applicable": "out",
}

_TABLE = {
    "absent": {"good": "appeared", "broken": "regressed", "open": "appeared", "out": "appeared"},
    "good": {"absent": "vanished", "broken": "regressed", "open": "unjudged", "out": "unjudged"},
    "broken": {"absent": "vanished", "good": "fixed", "open": "unjudged", "out": "unjudged"},
    "open": {"absent": "vanished", "good": "judged", "broken": "regressed"},
    "out": {"absent": "vanished", "good": "judged", "broken": "regressed"},
}


@dataclass(frozen=True)
class Row:
    """What a report says of one requirement, as far as a comparison needs it; `outcome` "" where it says nothing.

    `broken_on` are the operations on which it was seen broken.
    """

    id: str
    level: str
    outcome: str
    broken_on: frozenset[str] = frozenset()

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Row:
        """The row of one of the `requirements` of report.json."""
        broken = _CLASSES[result["outcome"]] == "broken"
        named = {*result.get("broken_on", ()), *(finding["operation"] for finding in result["findings"])}
        return cls(result["id"], result["level"], result["outcome"], frozenset(named if broken else ()))


@dataclass(frozen=True)
class Baseline:
    """An earlier report: of which target it was, when that run started (ISO 8601 UTC), its verdict, and its rows."""

    target: str
    started: str
    verdict: str
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Baseline:
        """What a report.json says."""
        rows = tuple(Row.of(result) for result in report["requirements"])
        return cls(report["target"]["name"], report["run"]["started"], report["verdict"], rows)

    def broken_on(self, requirement: str) -> frozenset[str]:
        """The operations on which it shows a requirement broken."""
        return next((row.broken_on for row in self.rows if row.id == requirement), frozenset())

    def against(self, rows: Sequence[Row], *, selected: bool) -> Comparison:
        """What later rows say that this report did not; `selected` where they are only those that were asked for."""
        return Comparison(self.target, self.started, self.verdict, changes_of(self.rows, rows, selected=selected))


def changes_of(before: Iterable[Row], now: Sequence[Row], *, selected: bool) -> tuple[Change, ...]:
    """Every change by the table above, worst first, in the order of the rows."""
    earlier = {row.id: row for row in before}
    found = [change for row in now for change in _changes(earlier.get(row.id, Row(row.id, row.level, "")), row)]
    if not selected:
        there = {row.id for row in now}
        found += [
            c for row in earlier.values() if row.id not in there for c in _changes(row, Row(row.id, row.level, ""))
        ]
    order = list(KINDS)
    return tuple(sorted(found, key=lambda change: order.index(change.kind)))


def regressions(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that make a run fail: what is broken where it was not known to be, and is not excused, and what vanished."""
    return tuple(c for c in changes if c.kind == "vanished" or (c.kind == "regressed" and c.now == "fail"))


def no_longer_judged(changes: Iterable[Change], accepted: Collection[str] = ()) -> tuple[Change, ...]:
    """The MUSTs that were judged and are not any more, but for those that the profile says do not apply, or that are accepted."""
    lost = (c for c in changes if c.kind == "unjudged" and c.level == "MUST" and c.now != "not_applicable")
    return tuple(change for change in lost if change.requirement not in accepted)


def _changes(before: Row, now: Row) -> Iterator[Change]:
    if _CLASSES[before.outcome] == _CLASSES[now.outcome] == "broken":
        by_kind = {
            "regressed": now.broken_on - before.broken_on,
            "fixed": before.broken_on - now.broken_on,
            "known": before.broken_on & now.broken_on,
        }
        yield from (_change(kind, before, now, operations) for kind, operations in by_kind.items() if operations)
        return
    kind = _TABLE[_CLASSES[before.outcome]].get(_CLASSES[now.outcome])
    if kind:
        yield _change(kind, before, now, now.broken_on or before.broken_on)


def _change(kind: str, before: Row, now: Row, operations: Collection[str]) -> Change:
    return Change(kind, now.id, now.level, before.outcome, now.outcome, tuple(sorted(operations)))
