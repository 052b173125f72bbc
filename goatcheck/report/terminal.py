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

from goatcheck.report.changes import became
from goatcheck.report.comparing import KINDS
from goatcheck.report.model import Comparison, Finding, Message, Report, Result
from goatcheck.report.reading import (
    ERROR_CAUSES,
    OUTCOME_WORDS,
    broken,
    by_reason,
    errors,
    facts,
    first_step,
    headline,
    in_words,
    meaning_of,
    variants_in_words,
)
from goatcheck.report.text import clean, excerpt, one_line, shell_lines

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
_IN_FULL = 20
_VARIANTS, _OUTCOMES = 31, 17
"""Columns of a cell of the status table that hold several things on a line, at a width of 80."""
_WORSE = {"regressed", "vanished", "unjudged"}
_SHORT = ("contract", "started", "requests")
"""The facts that fit on a line together; the seed stands in the last line of all."""
_INDENT = (0, 0, 0, 2)
_DEEPER = (0, 0, 0, 4)


def print_report(report: Report, console: Console, *, files: Sequence[Path] = (), quiet: bool = False) -> None:
    """Print the report to the console; `files` are where it was written. `quiet` prints the verdict line alone."""
    if quiet:
        console.print(_verdict_line(report), soft_wrap=True, highlight=False)
        return
    for part in _parts(report, files, console.width):
        _print(console, part)


def _print(console: Console, part: RenderableType) -> None:
    console.print(part, overflow="fold", highlight=False, markup=False, emoji=False)


def _parts(report: Report, files: Sequence[Path], width: int) -> Iterator[RenderableType]:
    yield _verdict_line(report)
    yield Text(one_line(first_step(report)))
    if report.verdict == "unusable" and not report.run.requests_per_key.keys() - {""}:
        return
    yield from _facts(facts(report))
    yield Text()
    yield _status_table(report)
    yield from _broken(report, width)
    yield from _errors(errors(report))
    for outcome in ("not_exercised", "not_applicable", "not_testable"):
        yield from _reasons(OUTCOME_WORDS[outcome], by_reason(report, outcome))
    yield from _changes(report.baseline)
    yield from _advice(report.advice)
    yield from _list("notes", report.notes)
    yield from _files(files)
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


def _facts(told: Mapping[str, str]) -> Iterator[RenderableType]:
    """What was tested and how: what is always short on one line, so that a good run fits on a screen."""
    yield _named({name: value for name, value in told.items() if name not in {*_SHORT, "seed"}})
    yield Text(", ".join(told[name] if name == "requests" else f"{name} {told[name]}" for name in _SHORT))


def _status_table(report: Report) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("status", no_wrap=True)
    table.add_column("meaning", overflow="fold")
    table.add_column("answers", justify="right")
    table.add_column("variants seen", overflow="fold", ratio=2)
    table.add_column("requirements", overflow="fold", ratio=1)
    for status, row in sorted(report.statuses.items()):
        table.add_row(
            Text(one_line(status, 10), style="bold"),
            Text(meaning_of(status)),
            Text(str(row.exchanges)) if row.provoked else Text("never", style="bold"),
            _cell([Text(one_line(variant, 60)) for variant in _variants(status, row.variants)], _VARIANTS),
            _cell([Text(words, style=STYLES[o]) for o, words in in_words(row.outcomes).items()], _OUTCOMES),
        )
    return table


def _variants(status: str, variants: Mapping[str, int]) -> Sequence[str]:
    """The variants of a status; those of every error stand in the rows of their statuses already."""
    return variants_in_words(status, variants) if status != "envelope" else ()


def _cell(parts: Sequence[Text], width: int) -> Text:
    """The parts on one line where they fit into a cell of that width, else one under the other."""
    joined = Text(", ").join(parts)
    return joined if joined.cell_len <= width else Text("\n").join(parts)


def _broken(report: Report, width: int) -> Iterator[RenderableType]:
    """The worst in full, as many as a person reads; what is waived, and the rest, on a line each."""
    results = broken(report)
    in_full = [result for result in results if result.outcome != "waived"][:_IN_FULL]
    for result in in_full:
        yield _finding_part(result, width)
    if len(results) > len(in_full):
        yield _title("broken too")
    for result in results:
        if result not in in_full:
            why = result.reason or next((finding.message for finding in result.findings), "")
            yield Padding(Text.assemble(_name(result), f" {one_line(why, 120)}"), _INDENT, expand=False)


def _name(result: Result) -> Text:
    return Text.assemble(
        (OUTCOME_WORDS[result.outcome].upper(), STYLES[result.outcome]), " ", (result.id, "bold"), f" {result.level}"
    )


def _finding_part(result: Result, width: int) -> Group:
    heading = Text.assemble("\n", _name(result))
    inner = [
        Text(one_line(result.meaning), style="dim") if result.meaning else None,
        Text(one_line(result.reason)) if result.reason else None,
        *(_example(result.findings[0], width - 2) if result.findings else ()),
        _further(result),
    ]
    return Group(heading, *(Padding(part, _INDENT, expand=False) for part in inner if part is not None))


def _example(finding: Finding, width: int) -> Iterator[RenderableType]:
    yield Text(one_line(finding.message), style="bold")
    yield _named(
        {
            "place": finding.place,
            "operation": finding.operation,
            "where": finding.where,
            "expected": finding.expected,
            "got": finding.got,
            "answer": finding.answer,
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
        yield Padding(Text(shown, style="dim", tab_size=4), _INDENT, expand=False)
    if left:
        yield Padding(Text(f"... {left} more characters", style="dim"), _INDENT, expand=False)


def _further(result: Result) -> Text | None:
    further = len(result.findings[1:]) + result.more
    return Text(f"and {further} more of it", style="dim") if further else None


def _errors(results: Sequence[Result]) -> Iterator[RenderableType]:
    if results:
        yield _title("ended in an error")
    for result in results:
        why = f"{ERROR_CAUSES.get(result.cause, result.cause)}: {result.reason}"
        yield Padding(Text.assemble((result.id, STYLES["error"]), f" {result.level}"), _INDENT, expand=False)
        yield Padding(Text(one_line(why)), _DEEPER, expand=False)


def _reasons(title: str, reasons: Mapping[str, Sequence[Result]]) -> Iterator[RenderableType]:
    """Each reason once, with the requirements that it holds for."""
    if reasons:
        yield _title(title)
    for reason, results in reasons.items():
        ids = ", ".join(f"{r.id} ({r.level})" if r.level != "MUST" else r.id for r in results)
        yield Padding(Text(one_line(reason)), _INDENT, expand=False)
        yield Padding(Text(one_line(ids, 4000), style="dim"), _DEEPER, expand=False)


def _changes(baseline: Comparison | None) -> Iterator[RenderableType]:
    """What is worse and what is better than in the baseline, a line each; what is as it was is counted in the notes."""
    changes = [change for change in (baseline.changes if baseline else ()) if change.kind != "known"]
    if changes:
        yield _title("against the baseline")
    for change in changes:
        style = "bold red" if change.kind in _WORSE else "green"
        told = f" {change.requirement} ({change.level}): {became(change)}"
        yield Padding(Text.assemble((KINDS[change.kind], style), one_line(told)), _INDENT, expand=False)


def _advice(tables: Sequence[str]) -> Iterator[RenderableType]:
    """What to add to the profile, as TOML to copy."""
    if tables:
        yield _title("what to add to the profile")
        yield Padding(Text(clean("\n\n".join(tables))), _INDENT, expand=False)


def _files(files: Sequence[Path]) -> Iterator[RenderableType]:
    """Where the reports are: the folder once, where they have one."""
    folders = {path.parent for path in files}
    if len(folders) == 1:
        yield Text(f"\nReports in {one_line(str(folders.pop()), 1000)}", style="bold")
        yield Padding(Text(one_line(", ".join(path.name for path in files), 1000)), _INDENT, expand=False)
    else:
        yield from _list("reports", [str(path) for path in files])
    yield Text()


def _list(title: str, sentences: Iterable[str]) -> Iterator[RenderableType]:
    for number, sentence in enumerate(sentences):
        if number == 0:
            yield _title(title)
        yield Padding(Text(one_line(sentence, 1000)), _INDENT, expand=False)
