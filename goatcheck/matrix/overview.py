"""Several runs side by side: requirements by targets, and where the targets differ. Pure functions of how the runs ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goatcheck.matrix.running import Ended
from goatcheck.report.model import EXIT_CODES

WORST_FIRST = (70, 2, 130, 5, 1, 4, 3, 0)
"""Every exit code in the order of the table of verdicts: of several, the first in this list is that of the whole."""

VERDICTS = {code: verdict for verdict, code in EXIT_CODES.items()} | {2: "wrong usage", 70: "bug"}
"""The word for each exit code."""

KINDS = {
    "split": "Broken on some targets, kept on others",
    "broken": "Broken, and kept nowhere",
    "other": "Broken nowhere, but not the same everywhere",
    "same": "The same everywhere",
}
"""In which way the outcomes of a requirement agree or not, in words, worst first."""

_BROKEN = {"fail", "warn", "waived"}


@dataclass(frozen=True)
class Column:
    """One target: its name, where it is, how its run ended, and the folder of its reports from here ("" where there are none).

    `said` is what its process said where it came to no report.
    """

    name: str
    base_url: str
    kind: str
    label: str
    verdict: str
    exit_code: int
    requests: int
    seconds: float
    folder: str
    outcomes: Mapping[str, int]
    said: str = ""


@dataclass(frozen=True)
class Cell:
    """What one target's report says of a requirement: the outcome ("" where it says nothing), and why in a sentence."""

    outcome: str
    why: str = ""


@dataclass(frozen=True)
class Row:
    """One requirement: a cell for each column, in their order; `kind` is one of KINDS."""

    id: str
    level: str
    meaning: str
    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Overview:
    """All targets side by side. `started` is when the first run did, ISO 8601 UTC; `exit_code` is the worst of the columns'."""

    contract: str
    seed: int
    started: str
    selection: tuple[str, ...]
    verdict: str
    exit_code: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def of_kind(self, kind: str) -> tuple[Row, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def overview_of(
    ended: Sequence[Ended], *, contract: str, seed: int, started: str, selection: Sequence[str] = ()
) -> Overview:
    """The runs side by side, requirements in the order of the reports."""
    told = [{result["id"]: result for result in each.report["requirements"]} if each.report else {} for each in ended]
    every = {name: result for results in told for name, result in results.items()}
    code = min((each.exit_code for each in ended), key=WORST_FIRST.index)
    return Overview(
        contract,
        seed,
        started,
        tuple(selection),
        VERDICTS[code],
        code,
        tuple(_column(each) for each in ended),
        tuple(_row(result, [results.get(name) for results in told]) for name, result in every.items()),
    )


def _column(ended: Ended) -> Column:
    target, report = ended.target, ended.report
    info = report["target"] if report else {"base_url": target.base_url, "kind": ""}
    return Column(
        name=target.name,
        base_url=info["base_url"],
        kind=info["kind"],
        label=target.label,
        verdict=VERDICTS[ended.exit_code],
        exit_code=ended.exit_code,
        requests=report["run"]["requests"] if report else 0,
        seconds=round(ended.seconds, 1),
        folder=target.folder if report else "",
        outcomes=dict(Counter(result["outcome"] for result in report["requirements"])) if report else {},
        said=ended.said,
    )


def _row(any_result: Mapping[str, Any], results: Sequence[Mapping[str, Any] | None]) -> Row:
    cells = tuple(_cell(result) for result in results)
    return Row(any_result["id"], any_result["level"], any_result["meaning"], _kind(cells), cells)


def _cell(result: Mapping[str, Any] | None) -> Cell:
    if result is None:
        return Cell("", "Its run came to no report.")
    findings = result["findings"]
    why = f"{findings[0]['message']} ({findings[0]['operation']})" if findings else result["reason"]
    return Cell(result["outcome"], why)


def _kind(cells: Sequence[Cell]) -> str:
    outcomes = {cell.outcome for cell in cells if cell.outcome}
    if outcomes & _BROKEN:
        return "split" if "pass" in outcomes else "broken"
    return "same" if len(outcomes) <= 1 else "other"
