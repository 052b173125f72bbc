"""The report on a terminal, 80 columns wide and worst first. Colours, NO_COLOR and pipes are rich's affair.

Text from a target is never read as markup: it is cleaned, put into `Text` values, and folded to the width.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from goatcheck.report.model import Finding, Message, Report, Result
from goatcheck.report.reading import (
    ERROR_CAUSES,
    OUTCOME_WORDS,
    broken,
    by_reason,
    errors,
    facts,
    first_step,
    headline,
    meaning_of,
    variants_in_words,
)
from goatcheck.report.text import excerpt, one_line, shell_lines

STYLES: Mapping[str, str] = {
    "pass": "green",
    "fail": "bold red",
    "warn": "yellow",
    "waived": "magenta",
    "error": "bold magenta",
    "not_exercised": "cyan",
    "not_applicable": "dim",
    "not_testable": "dim",
}
"""The style of each outcome, for rich."""

_VERDICT_STYLES = {"conformant": "bold green", "nonconformant": "bold red", "unusable": "bold red"}
_BODY_CHARACTERS = 600
_BODY_LINES = 8


def print_report(report: Report, console: Console, *, files: Sequence[Path] = (), quiet: bool = False) -> None:
    """Print the report to the console; `files` are where it was written. `quiet` prints the verdict line alone."""
    if quiet:
        _print(console, _verdict_line(report))
        return
    for part in _parts(report, files, console.width):
        _print(console, part)


def _print(console: Console, part: RenderableType) -> None:
    console.print(part, overflow="fold", highlight=False, markup=False, emoji=False)


def _parts(report: Report, files: Sequence[Path], width: int) -> Iterator[RenderableType]:
    yield _verdict_line(report)
    yield Text(one_line(first_step(report)))
    yield _named(facts(report))
    yield Text()
    yield _status_table(report)
    for result in broken(report):
        yield _finding_part(result, width)
    yield from _errors(errors(report))
    for outcome in ("not_exercised", "not_applicable", "not_testable"):
        yield from _reasons(OUTCOME_WORDS[outcome], by_reason(report, outcome))
    yield from _list("what to add to the profile", report.advice)
    yield from _list("notes", report.notes)
    yield from _list("reports", [str(path) for path in files])
    yield Text()
    yield _last_line(report)


def _verdict_line(report: Report) -> Text:
    return Text.assemble(
        (report.verdict.upper(), _VERDICT_STYLES.get(report.verdict, "bold yellow")), ": ", one_line(headline(report))
    )


def _last_line(report: Report) -> Text:
    style = _VERDICT_STYLES.get(report.verdict, "bold yellow")
    return Text.assemble((report.verdict, style), f", exit code {report.exit_code}, seed {report.run.seed}")


def _title(text: str) -> Text:
    return Text(f"\n{text.capitalize()}", style="bold")


def _named(pairs: Mapping[str, str], limit: int = 300) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in pairs.items():
        if value:
            grid.add_row(Text(name), Text(one_line(value, limit)))
    return grid


def _status_table(report: Report) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for column in ("status", "meaning", "provoked"):
        table.add_column(column, overflow="fold", no_wrap=column == "status")
    table.add_column("answers", justify="right")
    table.add_column("variants seen", overflow="fold", ratio=1)
    table.add_column("requirements", overflow="fold", ratio=1)
    for status, row in sorted(report.statuses.items()):
        table.add_row(
            Text(one_line(status, 10), style="bold"),
            Text(meaning_of(status)),
            Text("yes", style="green") if row.provoked else Text("no", style="bold red"),
            str(row.exchanges),
            Text(one_line(variants_in_words(status, row.variants))),
            _outcomes(row.outcomes),
        )
    return table


def _outcomes(outcomes: Mapping[str, int]) -> Text:
    """The counts in words, one outcome never broken over two lines where it fits on one."""
    parts = [(f"{outcomes[o]} {OUTCOME_WORDS[o]}", STYLES[o]) for o in OUTCOME_WORDS if outcomes.get(o)]
    return Text(", ").join(Text(words, style=style) for words, style in parts)


def _finding_part(result: Result, width: int) -> Group:
    heading = Text.assemble(
        "\n",
        (OUTCOME_WORDS[result.outcome].upper(), STYLES[result.outcome]),
        " ",
        (result.id, "bold"),
        f" {result.level}",
    )
    inner = [
        Text(one_line(result.meaning), style="dim") if result.meaning else None,
        Text(one_line(result.reason)) if result.reason else None,
        *(_example(result.findings[0], width - 2) if result.findings else ()),
        _further(result),
    ]
    return Group(heading, *(Padding(part, (0, 0, 0, 2)) for part in inner if part is not None))


def _example(finding: Finding, width: int) -> Iterator[RenderableType]:
    yield Text(one_line(finding.message), style="bold")
    yield _named(
        {
            "operation": finding.operation,
            "where": finding.where,
            "expected": finding.expected,
            "got": finding.got,
            "request": finding.request.line,
            "response": finding.response.line,
        }
    )
    yield from _body(finding.response)
    if finding.reproduce:
        yield Text(shell_lines(finding.reproduce, width), style="cyan")


def _body(message: Message) -> Iterator[RenderableType]:
    shown, left = excerpt(message.body, _BODY_CHARACTERS, _BODY_LINES)
    left += message.cut
    if shown:
        yield Padding(Text(shown, style="dim", tab_size=4), (0, 0, 0, 2))
    if left:
        yield Padding(Text(f"... {left} more characters", style="dim"), (0, 0, 0, 2))


def _further(result: Result) -> Text | None:
    further = len(result.findings[1:]) + result.more
    return Text(f"and {further} more of it", style="dim") if further else None


def _errors(results: Sequence[Result]) -> Iterator[RenderableType]:
    if results:
        yield _title("ended in an error")
    for result in results:
        why = f"{ERROR_CAUSES.get(result.cause, result.cause)}: {result.reason}"
        yield Padding(Text.assemble((result.id, STYLES["error"]), f" {result.level}"), (0, 0, 0, 2))
        yield Padding(Text(one_line(why)), (0, 0, 0, 4))


def _reasons(title: str, reasons: Mapping[str, Sequence[Result]]) -> Iterator[RenderableType]:
    """Each reason once, with the requirements that it holds for."""
    if reasons:
        yield _title(title)
    for reason, results in reasons.items():
        ids = ", ".join(f"{r.id} ({r.level})" if r.level != "MUST" else r.id for r in results)
        yield Padding(Text(one_line(reason)), (0, 0, 0, 2))
        yield Padding(Text(one_line(ids, 4000), style="dim"), (0, 0, 0, 4))


def _list(title: str, sentences: Iterable[str]) -> Iterator[RenderableType]:
    for number, sentence in enumerate(sentences):
        if number == 0:
            yield _title(title)
        yield Padding(Text(one_line(sentence, 1000)), (0, 0, 0, 2))
