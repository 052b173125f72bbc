"""report.md: the report for a pull request or a job summary. Fits into one comment, however much is broken.

What a target sent stands in code spans and fences longer than any in it, or is escaped so that it makes no markup, no
mention and no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from goatcheck.report.changes import became
from goatcheck.report.comparing import KINDS
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
    in_words,
    meaning_of,
    variants_in_words,
)
from goatcheck.report.text import clean, excerpt, longest_run, one_line

_ROOM = 40_000
"""Characters for findings in full; GitHub takes comments of up to 65,536 characters, and the rest needs its share."""

_SIGNS = {"conformant": "✅", "nonconformant": "❌"}
_GAP = "&#8203;"
"""A space of no width: keeps a character from being read with what follows it."""

_BODY_CHARACTERS = 1500
_BODY_LINES = 40
_MOST_ROWS = 40


def render_markdown(report: Report) -> str:
    """The report as GitHub-flavoured Markdown."""
    sections = [
        f"## goatcheck: {_SIGNS.get(report.verdict, '⚠️')} {report.verdict}",
        f"**{_sentence(headline(report))}.** {prose(first_step(report))}",
        " · ".join(f"{label} {code(value)}" for label, value in facts(report).items()),
        _status_table(report),
        *_changes(report),
        *_findings(broken(report)),
        *_table_section("Ended in an error", ("Requirement", "Level", "What happened"), _error_rows(report)),
        *_table_section("Not exercised", ("Requirement", "Level", "Why"), _reason_rows(report, "not_exercised")),
        *_table_section("Not applicable", ("Requirement", "Level", "Why"), _reason_rows(report, "not_applicable")),
        *_table_section("Not testable", ("Requirement", "Level", "Why"), _reason_rows(report, "not_testable")),
        *_advice(report.advice),
        *_list_section("Notes", report.notes),
    ]
    return "\n\n".join(sections) + "\n"


def _changes(report: Report) -> list[str]:
    """What is otherwise than in the baseline; what is broken as it was stands with the rest."""
    if report.baseline is None:
        return []
    rows = [
        (KINDS[change.kind], code(change.requirement), change.level, prose(became(change)))
        for change in report.baseline.changes
        if change.kind != "known"
    ]
    return _table_section("Against the baseline", ("Change", "Requirement", "Level", "Now"), rows)


def _advice(tables: Sequence[str]) -> list[str]:
    """What to add to the profile, as TOML to copy."""
    return ["### What to add to the profile", fenced(clean("\n\n".join(tables)), "toml")] if tables else []


def prose(text: str, limit: int = 500) -> str:
    """The text on one line, read as itself by a Markdown renderer: no markup, HTML, mention, reference or link."""
    escaped = re.sub(r"([\\`*_{}\[\]<>&!~$^])", r"\\\1", one_line(text, limit))
    escaped = re.sub(r"(@|#|/(?=/)|(?i:www)(?=\.))", rf"\1{_GAP}", escaped)
    return re.sub(r"^([-+=]|\d+(?=[.)]))", rf"\1{_GAP}", escaped)


def _sentence(text: str) -> str:
    return prose(text[:1].upper() + text[1:])


def code(text: str, limit: int = 200) -> str:
    """The text on one line in a code span; "" for an empty one."""
    shown = one_line(text, limit)
    if not shown.strip():
        return ""
    ticks = "`" * (longest_run(shown, "`") + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fenced(text: str, language: str) -> str:
    """The text as a code block, its fence longer than any run of backticks in it."""
    fence = "`" * max(3, longest_run(text, "`") + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _status_table(report: Report) -> str:
    rows = [
        (
            f"**{prose(status)}**",
            prose(meaning_of(status)),
            "yes" if row.provoked else "no",
            str(row.exchanges),
            str(row.operations),
            # those of every error stand in the rows of their statuses already
            prose(", ".join(variants_in_words(status, row.variants)) if status != "envelope" else ""),
            ", ".join(in_words(row.outcomes).values()),
        )
        for status, row in sorted(report.statuses.items())
    ]
    return table(("Status", "Meaning", "Provoked", "Exchanges", "Operations", "Variants", "Requirements"), rows)


def _findings(results: Sequence[Result]) -> list[str]:
    """One example of each broken requirement in full while there is room, then one line each."""
    sections, room, in_short = ["### Broken requirements"] if results else [], _ROOM, []
    for result in results:
        text = _finding_section(result)
        if len(text) <= room:
            sections.append(text)
            room -= len(text)
        else:
            in_short.append((code(result.id), result.level, OUTCOME_WORDS[result.outcome], _short(result)))
    columns = ("Requirement", "Level", "Outcome", "What is wrong")
    return [*sections, *_table_section("Broken too, in full in report.html", columns, in_short)]


def _short(result: Result) -> str:
    return prose(result.findings[0].message if result.findings else result.reason, 120)


def _finding_section(result: Result) -> str:
    parts = [f"#### {code(result.id)} {result.level} {OUTCOME_WORDS[result.outcome]}"]
    if result.meaning:
        parts.append(f"> {prose(result.meaning)}")
    if result.reason:
        parts.append(prose(result.reason))
    for finding in result.findings[:1]:
        parts += _example(finding)
    further = len(result.findings[1:]) + result.more
    if further:
        parts.append(f"{further} more of it in report.html.")
    return "\n\n".join(parts)


def _example(finding: Finding) -> list[str]:
    named = {
        "place": finding.place,
        "operation": finding.operation,
        "where": finding.where,
        "expected": finding.expected,
        "got": finding.got,
        "answer": finding.answer,
    }
    lines = [f"- {name}: {code(value)}" for name, value in named.items() if value]
    return [
        f"**{prose(finding.message)}**",
        *(["\n".join(lines)] if lines else []),
        "<details><summary>Request and response</summary>",
        fenced(_message_text(finding.request), "http"),
        fenced(_message_text(finding.response), "http"),
        "</details>",
        *(["Try it again:", fenced(one_line(finding.reproduce, 2000), "sh")] if finding.reproduce else []),
    ]


def _message_text(message: Message) -> str:
    shown, left = excerpt(message.body, _BODY_CHARACTERS, _BODY_LINES)
    left += message.cut
    headers = [f"{clean(name)}: {one_line(value)}" for name, value in message.headers[:_MOST_ROWS]]
    body = ["", shown] if shown else []
    more = [f"... {left} more characters"] if left else []
    return "\n".join([one_line(message.line, 1000), *headers, *body, *more])


def _error_rows(report: Report) -> list[tuple[str, ...]]:
    return [
        (
            code(result.id),
            result.level,
            prose(f"{ERROR_CAUSES.get(result.cause, '')}: {result.reason}".strip(": "), 200),
        )
        for result in errors(report)
    ]


def _reason_rows(report: Report, outcome: str) -> list[tuple[str, ...]]:
    return [
        (code(result.id), result.level, prose(reason, 200))
        for reason, results in by_reason(report, outcome).items()
        for result in results
    ]


def _table_section(title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [f"### {title}", table(columns, rows)] if rows else []


def _list_section(title: str, sentences: Sequence[str]) -> list[str]:
    return (
        [f"### {title}", "\n".join(f"- {prose(sentence)}" for sentence in sentences[:_MOST_ROWS])] if sentences else []
    )


def table(columns: Sequence[str], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; a pipe in a cell is escaped here, in code spans too, as tables have it."""
    cells = [columns, *rows]
    lines = [f"| {' | '.join(_cell(c) for c in line)} |" for line in cells]
    return "\n".join([lines[0], "| --- " * len(columns) + "|", *lines[1:]])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
