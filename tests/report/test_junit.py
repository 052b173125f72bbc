from dataclasses import replace

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from goatcheck.report.as_junit import render_junit
from goatcheck.report.text import clean


def read(report):
    return JUnitXml.fromstring(render_junit(report).encode("utf-8"))


def case_of(report, name):
    return next(case for suite in read(report) for case in suite if case.name == name)


def test_there_is_one_suite_a_status_and_one_case_a_requirement(any_report):
    suites = list(read(any_report))
    assert [suite.name for suite in suites] == sorted(any_report.statuses)
    named = sorted((case.classname, case.name) for suite in suites for case in suite)
    assert named == sorted((f"goatcheck.{r.status}", r.id) for r in any_report.requirements)


def test_the_figures_of_every_suite_are_those_of_its_cases(any_report):
    for suite in read(any_report):
        kinds = [type(result) for case in suite for result in case.result]
        assert suite.tests == len(list(suite))
        assert (suite.failures, suite.errors, suite.skipped) == tuple(map(kinds.count, (Failure, Error, Skipped)))
        assert suite.time == pytest.approx(sum(case.time for case in suite))


def test_the_figures_of_the_whole_are_right(samples):
    whole = read(samples.bad)
    assert (whole.tests, whole.failures, whole.errors, whole.skipped) == (14, 4, 2, 5)


def test_a_broken_requirement_is_a_failure_with_a_text_that_tells_all(samples):
    [failure] = case_of(samples.bad, "429.window.agree").result
    assert type(failure) is Failure
    assert failure.type == "fail"
    assert failure.message == "Retry-After and meta.retryAfter are 3 s apart"
    for part in (
        "429.window.agree (MUST): What 429.window.agree demands of the target.",
        "where: /meta/retryAfter",
        "expected: 7, as in Retry-After",
        "got: 10",
        "GET /api/v1/creators HTTP/1.1\nAuthorization: Bearer ‹key:reader›",
        'HTTP/1.1 429 Too Many Requests\nContent-Type: application/json\nRetry-After: 7\n{"data": null,',
        "again: goatcheck run --profile profiles/staging.toml --replay reports/runs/exchanges.jsonl#17",
        "3 further findings were left out.",
    ):
        assert part in failure.text


def test_a_must_that_was_not_exercised_is_a_failure(samples):
    [failure] = case_of(samples.bad, "402.limit.atomic").result
    assert type(failure) is Failure
    assert (failure.type, failure.message) == ("not_exercised", "no key of a capped org")
    assert "no key of a capped org" in failure.text


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("402.limit.key-known", "no key of a capped org"),
        ("403.banned", "staging has no bans"),
        ("429.daily.resets", "the target has no clock"),
        ("401.challenge", "header planned"),
    ],
)
def test_what_does_not_count_is_skipped_with_its_reason(samples, name, reason):
    [skipped] = case_of(samples.bad, name).result
    assert type(skipped) is Skipped
    assert skipped.message == reason


def test_a_waived_requirement_still_shows_what_is_broken(samples):
    assert "Retry-After and meta.retryAfter are 3 s apart" in case_of(samples.bad, "401.challenge").system_out


def test_a_warning_is_a_passed_case_that_says_what_is_wrong(samples):
    case = case_of(samples.bad, "envelope.closed")
    assert case.result == []
    assert "Retry-After and meta.retryAfter are 3 s apart" in case.system_out


def test_a_pass_is_a_case_and_nothing_else(samples):
    case = case_of(samples.bad, "400.code")
    assert (case.result, case.system_out, case.time) == ([], None, 0.25)


def test_an_error_has_its_cause_and_reason(samples):
    [error] = case_of(samples.bad, "404.absent").result
    assert type(error) is Error
    assert (error.type, error.message) == ("inconclusive", "a 503 came three times in a row")
    assert "a 503 came three times in a row" in error.text


def test_an_error_without_a_reason_is_told_by_its_cause(samples):
    report = samples.report(samples.result("404.absent", "error", cause="target"), verdict="partial")
    [error] = case_of(report, "404.absent").result
    assert error.message == "the target went away"


def test_a_failure_without_findings_still_has_a_text(samples):
    report = samples.report(samples.result("404.absent", "fail", findings=()), verdict="nonconformant")
    [failure] = case_of(report, "404.absent").result
    assert failure.message == "fail"
    assert failure.text.startswith("404.absent (MUST)")


def test_every_suite_names_seed_contract_and_target(samples):
    for suite in read(samples.good):
        properties = {one.name: one.value for one in suite.properties()}
        assert properties["seed"] == "20260601"
        assert properties["contract"] == "2026-06"
        assert properties["verdict"] == "conformant"
        assert "http://127.0.0.1:8123/api/v1" in properties["target"]


def test_hostile_text_comes_back_as_text(samples):
    [failure] = case_of(samples.hostile, "400.code").result
    assert failure.message.startswith(clean(samples.HOSTILE))
    assert clean(samples.HOSTILE) in failure.text


def test_a_body_is_cut_and_says_so(samples):
    [failure] = case_of(samples.huge, "400.row-0").result
    assert "... 96000 more characters" in failure.text
    assert len(failure.text) < 30_000


def test_a_run_that_did_not_succeed_is_never_all_green(samples):
    report = replace(samples.report(samples.result("400.code"), verdict="stale"), notes=("The waiver of x is stale.",))
    [failure] = case_of(report, "stale").result
    assert type(failure) is Failure
    assert failure.message == "a waiver no longer fits what was found. The waiver of x is stale."
    assert [suite.failures for suite in read(report)] == [0, 1]


def test_a_run_that_judged_nothing_is_not_green(samples):
    report = samples.report(verdict="unusable")
    [failure] = case_of(report, "unusable").result
    assert failure.message == "the target could not be judged. See what the target answers with: goatcheck doctor."
