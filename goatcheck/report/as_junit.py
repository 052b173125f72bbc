"""junit.xml: the report for CI servers. One testsuite a status code, one testcase a requirement.

A failed requirement is a failure, and so is a MUST that was not exercised: nothing untried looks green. A warning is a
passed case with its findings as output. What is waived, not applicable, not testable, or a SHOULD left untried is skipped.
Where no requirement shows why the run did not succeed (a stale waiver, say), one more case does.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from goatcheck.report.model import Finding, Message, Report, Result
from goatcheck.report.reading import ERROR_CAUSES, facts, first_step, headline
from goatcheck.report.text import clean, excerpt, one_line

_BODY_CHARACTERS = 4000
_BODY_LINES = 100


def render_junit(report: Report) -> str:
    """The report as JUnit XML; characters that XML can't hold are shown as escapes."""
    results = [*sorted(report.requirements, key=lambda r: r.status), *_unshown(report)]
    root = Element("testsuites", {"name": "goatcheck", **_figures(results)})
    for status, group in groupby(results, key=lambda r: r.status):
        root.append(_suite(report, status, tuple(group)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _unshown(report: Report) -> list[Result]:
    """The run itself as a failed case, where it did not succeed and no requirement shows it."""
    if not report.exit_code or any(_kind(result) in {"failure", "error"} for result in report.requirements):
        return []
    why = " ".join([f"{headline(report)}.", *(report.notes or [first_step(report)])])
    return [Result(report.verdict, "MUST", "verdict", "fail", reason=why, meaning="The verdict of the run as a whole.")]


def _suite(report: Report, status: str, results: Sequence[Result]) -> Element:
    suite = Element(
        "testsuite", {"name": one_line(status), "timestamp": one_line(report.run.started), **_figures(results)}
    )
    properties = SubElement(suite, "properties")
    for name, value in {"verdict": report.verdict, **facts(report)}.items():
        SubElement(properties, "property", name=name, value=one_line(value))
    suite.extend(_case(result) for result in results)
    return suite


def _figures(results: Sequence[Result]) -> dict[str, str]:
    kinds = [_kind(result) for result in results]
    return {
        "tests": str(len(results)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
        "time": f"{sum(result.seconds for result in results):.3f}",
    }


def _kind(result: Result) -> str:
    """What JUnit calls the outcome: failure, error, skipped or "" for a passed case."""
    if result.outcome == "fail" or (result.outcome == "not_exercised" and result.level == "MUST"):
        return "failure"
    if result.outcome == "error":
        return "error"
    return "" if result.outcome in {"pass", "warn"} else "skipped"


def _case(result: Result) -> Element:
    case = Element(
        "testcase",
        classname=f"goatcheck.{one_line(result.status)}",
        name=one_line(result.id),
        time=f"{result.seconds:.3f}",
    )
    kind = _kind(result)
    if kind == "skipped":
        SubElement(case, "skipped", type=result.outcome, message=one_line(result.reason or result.outcome))
    elif kind:
        detail = SubElement(case, kind, type=_type(result), message=one_line(_summary(result)))
        detail.text = _full_text(result)
    if kind in {"", "skipped"} and result.findings:
        SubElement(case, "system-out").text = _full_text(result)
    return case


def _type(result: Result) -> str:
    return result.cause or result.outcome


def _summary(result: Result) -> str:
    if result.outcome == "fail" and result.findings:
        return result.findings[0].message
    return result.reason or ERROR_CAUSES.get(result.cause, "") or result.outcome


def _full_text(result: Result) -> str:
    heading = [f"{result.id} ({result.level}): {one_line(result.meaning)}"]
    if result.reason:
        heading.append(one_line(result.reason, limit=2000))
    parts = ["\n".join(heading), *(_finding_text(finding) for finding in result.findings)]
    if result.more:
        parts.append(f"{result.more} further findings were left out.")
    return "\n\n".join(parts)


def _finding_text(finding: Finding) -> str:
    named = {
        "place": finding.place,
        "operation": finding.operation,
        "where": finding.where,
        "expected": finding.expected,
        "got": finding.got,
        "answer": finding.answer,
        "again": finding.reproduce,
    }
    lines = [one_line(finding.message), *(f"{name}: {one_line(value, 2000)}" for name, value in named.items() if value)]
    return "\n".join([*lines, "", *_message_text(finding.request), "", *_message_text(finding.response)])


def _message_text(message: Message) -> list[str]:
    shown, left = excerpt(message.body, _BODY_CHARACTERS, _BODY_LINES)
    left += message.cut
    return [
        one_line(message.line, 2000),
        *(f"{clean(name)}: {one_line(value, 2000)}" for name, value in message.headers),
        *([shown] if shown else []),
        *([f"... {left} more characters"] if left else []),
    ]
