"""Operations against statuses, as words and kinds of cells; the template makes a table of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from goatcheck.report.model import Cell, Report
from goatcheck.report.reading import number


@dataclass(frozen=True)
class Shown:
    """A cell: `kind` is seen, odd (seen, and not documented), missed (tried, not seen), never (documented, not tried) or none."""

    kind: str
    text: str = ""
    title: str = ""


@dataclass(frozen=True)
class Row:
    """An operation with a cell for each column."""

    operation: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Matrix:
    """The table, what it says in a sentence, and what makes a pair covered: that it was tried, or met in recorded traffic."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    summary: str
    covered: str


def matrix_of(report: Report) -> Matrix:
    """The table of a report. With a selection, what belongs to no selected status shows only where it was seen."""
    selected = {result.status for result in report.requirements} if report.run.selection else None
    known = {status for row in report.coverage for status in row.statuses}
    rows = [
        (row.operation, {status: _shown(status, cell, selected) for status, cell in row.statuses.items()})
        for row in report.coverage
    ]
    columns = tuple(status for status in sorted(known) if any(_tells(cells, status) for _, cells in rows))
    kinds = [cell.kind for _, cells in rows for cell in cells.values()]
    told = len(kinds) - kinds.count("none") - kinds.count("odd")
    summary = f"{kinds.count('seen')} of {number(told, 'documented pair')} of operation and status were seen"
    never = kinds.count("never")
    covered = "met" if report.target.kind == "recorded" else "tried"
    return Matrix(
        columns,
        tuple(Row(name, tuple(cells.get(c, Shown("none")) for c in columns)) for name, cells in rows),
        f"{summary}; {never} {'was' if never == 1 else 'were'} never {covered}.",
        covered,
    )


def _tells(cells: Mapping[str, Shown], status: str) -> bool:
    return status in cells and cells[status].kind != "none"


def _shown(status: str, cell: Cell, selected: set[str] | None) -> Shown:
    tried = number(cell.tried, "request")
    if cell.seen:
        title = f"{number(cell.seen, 'answer')}, {tried} sent to see it"
        if cell.documented:
            return Shown("seen", str(cell.seen), title)
        return Shown("odd", str(cell.seen), f"{title}; not documented for this operation")
    if not cell.documented or (selected is not None and status not in selected):
        return Shown("none")
    if cell.tried:
        return Shown("missed", f"0 of {cell.tried}", f"{tried} sent to see it, and it never came")
    return Shown("never", "never", "documented, and it never came up")
