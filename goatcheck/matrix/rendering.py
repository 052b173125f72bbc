"""An overview for people and for programs: matrix.json, matrix.md, matrix.html, and the terminal. Pure functions of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from goatcheck.matrix.overview import KINDS, Column, Overview, Row
from goatcheck.report.as_html import page
from goatcheck.report.as_markdown import code, prose, table
from goatcheck.report.files import write_texts
from goatcheck.report.reading import OUTCOME_WORDS, in_words, number
from goatcheck.report.text import one_line

_SHOWN = 12
"""Requirements that the terminal names; the rest is counted."""

_SIGNS = {"pass": "✅", "fail": "❌", "warn": "⚠️", "waived": "⚠️", "error": "⚠️"}


def headline(overview: Overview) -> str:
    """All targets in one sentence."""
    good = sum(column.exit_code == 0 for column in overview.columns)
    split = len(overview.of_kind("split"))
    parts = [f"{good} of {number(len(overview.columns), 'target')} conformant"]
    if split:
        parts.append(f"{number(split, 'requirement')} broken on some and kept on others")
    return "; ".join(parts) + (f" (only {', '.join(overview.selection)})" if overview.selection else "")


def render_json(overview: Overview) -> str:
    """The overview as JSON, in the format of contracts/matrix.schema.json; pure ASCII."""
    return json.dumps({"schema": "goatcheck-matrix/1", **asdict(overview)}, indent=2, allow_nan=False) + "\n"


def render_html(overview: Overview) -> str:
    """The overview as one page that loads nothing; it links to the pages of the targets beside it."""
    return page(
        "overview.html.j2",
        overview=overview,
        headline=headline(overview),
        KINDS=KINDS,
        link_of=link_of,
        in_words=in_words,
    )


def link_of(column: Column, requirement: str = "") -> str:
    """Where a target's page is from here, at that requirement if one is named."""
    return f"{quote(column.folder)}/report.html" + (f"#{quote(requirement)}" if requirement else "")


def render_markdown(overview: Overview) -> str:
    """The overview as GitHub-flavoured Markdown: the targets, then the requirements in which they differ or that are broken."""
    sections = [
        f"## goatcheck matrix: {overview.verdict}",
        f"{prose(headline(overview))}.",
        table(
            ("Target", "Where", "Verdict", "Exit code", "Requests", "Seconds", "Requirements"),
            [
                (
                    f"[{prose(column.name, 80)}]({link_of(column)})" if column.folder else prose(column.name, 80),
                    code(column.base_url),
                    prose(column.verdict),
                    str(column.exit_code),
                    str(column.requests),
                    f"{column.seconds:.1f}",
                    ", ".join(in_words(column.outcomes).values()) or prose(column.said, 300),
                )
                for column in overview.columns
            ],
        ),
    ]
    for kind, words in KINDS.items():
        rows = overview.of_kind(kind)
        if rows and kind != "same":
            names = [prose(column.name, 40) for column in overview.columns]
            lines = [(code(row.id), row.level, *(_in_markdown(cell.outcome) for cell in row.cells)) for row in rows]
            sections += [f"### {words}", table(("Requirement", "Level", *names), lines)]
    sections.append(f"The same everywhere: {number(len(overview.of_kind('same')), 'requirement')}.")
    return "\n\n".join(sections) + "\n"


def render_terminal(overview: Overview) -> RenderableType:
    """The overview for a terminal: a line for each target, then what is broken on any."""
    parts: list[RenderableType] = [_targets(overview)]
    rows = [*overview.of_kind("split"), *overview.of_kind("broken")]
    if rows:
        parts.append(_differences(overview, rows[:_SHOWN]))
    if len(rows) > _SHOWN:
        parts.append(Text(f"and {len(rows) - _SHOWN} more in matrix.html"))
    if other := overview.of_kind("other"):
        parts.append(Text(f"{KINDS['other']}: {number(len(other), 'requirement')}"))
    parts.append(Text(one_line(verdict_line(overview), 1000), style="bold"))
    return Group(*parts)


def verdict_line(overview: Overview) -> str:
    """What `--quiet` leaves."""
    return f"{overview.verdict.upper()}: {headline(overview)}, exit code {overview.exit_code}"


def write_overview(overview: Overview, folder: Path) -> tuple[Path, ...]:
    """Write the three files into the folder. Raises UsageError where that can't be done."""
    return write_texts({name: render(overview) for name, render in RENDERERS.items()}, folder)


RENDERERS: Mapping[str, Callable[[Overview], str]] = {
    "matrix.json": render_json,
    "matrix.html": render_html,
    "matrix.md": render_markdown,
}
"""Each file of an overview with the function that renders it."""


def _in_markdown(outcome: str) -> str:
    return f"{_SIGNS.get(outcome, '')} {OUTCOME_WORDS[outcome]}".strip() if outcome else "no report"


def _targets(overview: Overview) -> Table:
    lines = Table(box=None, padding=(0, 1), pad_edge=False)
    for title in ("target", "verdict", "exit code", "requests", "seconds"):
        lines.add_column(title, justify="left" if title in {"target", "verdict"} else "right", overflow="fold")
    lines.add_column("requirements", overflow="fold")
    for column in overview.columns:
        lines.add_row(
            Text(one_line(column.name, 60)),
            column.verdict,
            str(column.exit_code),
            str(column.requests),
            f"{column.seconds:.1f}",
            Text(", ".join(in_words(column.outcomes).values()) or one_line(column.said)),
        )
    return lines


def _differences(overview: Overview, rows: list[Row]) -> Table:
    lines = Table(box=None, padding=(0, 1), pad_edge=False, title_justify="left")
    lines.add_column("requirement", no_wrap=True)
    for column in overview.columns:
        lines.add_column(Text(one_line(column.name, 60)), overflow="fold")
    for row in rows:
        lines.add_row(row.id, *(OUTCOME_WORDS.get(cell.outcome, "no report") for cell in row.cells))
    return lines
