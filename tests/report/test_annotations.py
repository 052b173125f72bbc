"""What GitHub Actions reads in the log of a job."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from goatcheck.report.as_annotations import in_actions, render_annotations
from goatcheck.report.telling import tell

JOB = {"GITHUB_ACTIONS": "true"}


def read(log):
    """The commands that the runner finds in a log, as it reads them: (kind, title, text); spaces before `::` are nothing to it."""
    found, ended_by = [], ""
    for line in map(str.lstrip, log.split("\n")):
        if ended_by:
            ended_by = "" if line == f"::{ended_by}::" else ended_by
        elif stop := re.fullmatch("::stop-commands::(.+)", line):
            ended_by = stop[1]
        elif command := re.fullmatch("::([a-z-]+)(?: title=([^,:]*))?::(.*)", line):
            found.append((command[1], undone(command[2] or "", "%3A:", "%2C,"), undone(command[3])))
        elif line.startswith("::") or "##[" in line:
            found.append(("?", "", line))
    return found


def undone(text, *more):
    for escape in (*more, "%0D\r", "%0A\n", "%25%"):
        text = text.replace(escape[:3], escape[3:])
    return text


def told(report, environ=JOB, **options):
    file = io.StringIO()
    tell(report, Console(file=file, width=80), environ, **options)
    return file.getvalue()


def test_each_failure_and_warning_is_an_annotation(samples):
    found = {title: (kind, text) for kind, title, text in read(told(samples.bad))}
    agree = [
        "Retry-After and meta.retryAfter are 3 s apart",
        "operation: GET /creators",
        "where: /meta/retryAfter",
        "expected: 7, as in Retry-After",
        "got: 10",
        "again: goatcheck run --profile profiles/staging.toml --replay reports/runs/exchanges.jsonl#17",
        "and 4 more of it",
    ]
    assert found["429.window.agree (MUST) failed"] == ("error", "\n".join(agree))
    assert found["envelope.closed (SHOULD) warned"][0] == "warning"
    assert found["404.absent (MUST) in error"] == (
        "error",
        "something else got in the way: a 503 came three times in a row",
    )
    assert found["Not exercised: 2 requirements"] == (
        "warning",
        "no key of a capped org\n402.limit.atomic, 402.limit.key-known",
    )
    assert not [title for title in found if "401.challenge" in title or "403.banned" in title]


def test_a_failure_without_findings_tells_its_reason(samples):
    broken = samples.result("400.code", "fail", findings=(), reason="seen once only")
    assert read(told(samples.report(broken, verdict="nonconformant"))) == [
        ("error", "400.code (MUST) failed", "seen once only")
    ]


def test_a_good_run_says_nothing(samples):
    assert read(told(samples.good)) == []


def test_a_run_that_failed_for_no_requirement_says_why(samples):
    report = replace(samples.good, verdict="stale", exit_code=4, notes=("A waiver has ended.",))
    assert read(told(report)) == [
        ("error", "goatcheck: stale", "a waiver no longer fits what was found\nA waiver has ended."),
    ]


def test_no_more_are_written_than_github_shows(samples):
    found = read(told(samples.huge))
    assert len(found) == 10
    assert found[-1] == ("error", "goatcheck", "81 more are in the report.")


def test_no_text_of_a_target_is_a_command(samples):
    evil = "x\n::add-mask::x\n  ::error title=evil::evil\n##[error]evil\r::stop-commands::me%0A::"
    finding = samples.finding(evil, got=evil, where=evil, response=samples.message(evil, evil))
    report = samples.report(
        samples.result("400.code", "fail", findings=(finding,), reason=evil, meaning=evil),
        samples.result("401.code", "not_exercised", reason=evil),
        verdict="nonconformant",
        notes=(evil,),
        advice=(evil,),
    )
    log = told(report)
    assert "::add-mask::x" in [line.strip() for line in log.split("\n")]
    assert [(kind, title) for kind, title, _ in read(log)] == [
        ("error", "400.code (MUST) failed"),
        ("warning", "Not exercised: 1 requirement"),
    ]


def test_the_mark_that_ends_the_report_is_another_each_time(samples):
    marks = {told(samples.good).split("\n")[0] for _ in range(3)}
    assert len(marks) == 3


def test_hostile_titles_and_texts_stay_on_their_line(samples):
    lines = render_annotations(samples.hostile).split("\n")
    assert lines.pop() == ""
    assert all(line.startswith("::") and line.isprintable() for line in lines)


def test_quiet_still_annotates_and_a_report_made_again_does_not(samples):
    assert len(read(told(samples.bad, quiet=True))) == len(read(told(samples.bad)))
    assert read(told(samples.bad, annotate=False)) == []


@pytest.mark.parametrize("environ", [{}, {"GITHUB_ACTIONS": ""}, {"GITHUB_ACTIONS": "false"}])
def test_elsewhere_the_log_is_as_ever(samples, environ):
    assert not in_actions(environ)
    assert "::" not in told(samples.bad, environ)
