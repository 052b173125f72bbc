"""What GitHub Actions reads in a job's log: annotations of a run's findings, as workflow commands.

A log line that starts with `::` is a command there, also one that a target wrote into its answer: whatever else is printed is
put where commands are not read. The escapes are those of GitHub's own toolkit.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console

from goatcheck.report.model import Finding, Report, Result
from goatcheck.report.reading import (
    ERROR_CAUSES,
    OUTCOME_WORDS,
    broken,
    by_reason,
    errors,
    first_step,
    headline,
    number,
)
from goatcheck.report.text import one_line

_MOST = 10
"""Annotations of a kind that GitHub shows for a step; what is beyond is told by the last of them."""
_LEVELS = {"fail": "error", "warn": "warning", "error": "error"}


def in_actions(environ: Mapping[str, str]) -> bool:
    """Whether these environment variables are those of a job on GitHub Actions."""
    return environ.get("GITHUB_ACTIONS") == "true"


@contextmanager
def unread(console: Console, environ: Mapping[str, str]) -> Iterator[None]:
    """What is printed within is no command of a job, whatever it says. The mark that ends it can't be guessed."""
    if not in_actions(environ):
        yield
        return
    mark = secrets.token_hex(16)
    console.out(f"::stop-commands::{mark}", highlight=False)
    try:
        yield
    finally:
        console.out(f"::{mark}::", highlight=False)


def render_annotations(report: Report) -> str:
    """A line for each broken requirement, and one for what was not exercised; "" for a run of which nothing is to say."""
    told = [_of_result(result) for result in (*broken(report), *errors(report)) if result.outcome in _LEVELS]
    untried = [
        ("warning", f"Not exercised: {number(len(results), 'requirement')}", f"{one_line(reason)}\n{_ids(results)}")
        for reason, results in by_reason(report, "not_exercised").items()
    ]
    if not told and report.exit_code:
        told.append(
            ("error", f"goatcheck: {report.verdict}", f"{one_line(headline(report))}\n{one_line(first_step(report))}")
        )
    lines: list[str] = []
    for kind in ("error", "warning"):
        of_kind = [entry for entry in (*told, *untried) if entry[0] == kind]
        shown = of_kind if len(of_kind) <= _MOST else of_kind[: _MOST - 1]
        lines += [_command(*entry) for entry in shown]
        if len(of_kind) > len(shown):
            lines.append(_command(kind, "goatcheck", f"{len(of_kind) - len(shown)} more are in the report."))
    return "".join(f"{line}\n" for line in lines)


def _of_result(result: Result) -> tuple[str, str, str]:
    """Kind, title and text of the annotation of a requirement."""
    title = f"{result.id} ({result.level}) {OUTCOME_WORDS[result.outcome]}"
    parts = [_of_finding(finding) for finding in result.findings[:1]] or [
        ": ".join(filter(None, (ERROR_CAUSES.get(result.cause, ""), one_line(result.reason))))
    ]
    further = len(result.findings[1:]) + result.more
    if further:
        parts.append(f"and {further} more of it")
    return _LEVELS[result.outcome], title, "\n".join(parts)


def _of_finding(finding: Finding) -> str:
    named = {
        "place": finding.place,
        "operation": finding.operation,
        "where": finding.where,
        "expected": finding.expected,
        "got": finding.got,
        "again": finding.reproduce,
    }
    return "\n".join(
        [one_line(finding.message), *(f"{name}: {one_line(value)}" for name, value in named.items() if value)]
    )


def _ids(results: tuple[Result, ...]) -> str:
    return one_line(", ".join(result.id for result in results), 1000)


def _command(kind: str, title: str, text: str) -> str:
    escaped = _escaped(one_line(title)).replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={escaped}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
