from dataclasses import replace

import pytest

from goatcheck.report.model import EXIT_CODES, OUTCOMES, TargetInfo
from goatcheck.report.reading import (
    OUTCOME_WORDS,
    broken,
    by_reason,
    counts,
    facts,
    first_step,
    groups,
    headline,
    in_words,
    meaning_of,
    variants_in_words,
)


def test_every_outcome_has_its_words():
    assert tuple(OUTCOME_WORDS) == OUTCOMES


@pytest.mark.parametrize("verdict", EXIT_CODES)
def test_every_verdict_has_a_headline_and_a_first_step(samples, verdict):
    report = samples.report(samples.result("400.code"), verdict=verdict)
    assert headline(report)
    assert first_step(report)


def test_a_conformant_run_with_warnings_says_so(samples):
    report = samples.report(samples.result("envelope.closed", "warn", "SHOULD"))
    assert headline(report) == "every MUST holds; 1 SHOULD broken"


def test_a_strict_run_counts_a_broken_should(samples):
    report = samples.report(samples.result("envelope.closed", "warn", "SHOULD"), verdict="nonconformant")
    assert headline(report) == "1 SHOULD broken"


def test_a_partial_run_counts_what_is_missing(samples):
    results = (
        samples.result("401.expired", "not_exercised", reason="no expired key"),
        samples.result("402.limit.atomic", "not_exercised", reason="no capped key"),
        samples.result("402.limit.key-known", "not_exercised", "SHOULD", reason="no capped key"),
        samples.result("404.absent", "error", cause="target", reason="no answer"),
    )
    report = samples.report(*results, verdict="partial")
    assert headline(report) == "nothing broken, but 2 MUSTs not exercised and 1 MUST in error"
    assert first_step(report) == "no expired key"
    advised = replace(report, advice=('[keys.expired]\nstate = "expired"',))
    assert first_step(advised) == "Add what is listed below to the profile, so that more can be tried."


def test_a_partial_run_with_errors_alone_points_at_them(samples):
    report = samples.report(
        samples.result("404.absent", "error", cause="target", reason="no answer"), verdict="partial"
    )
    assert headline(report) == "nothing broken, but 1 MUST in error"
    assert first_step(report) == "no answer"


@pytest.mark.parametrize("verdict", ["stale", "unusable"])
def test_a_note_tells_what_to_do_where_there_is_one(samples, verdict):
    report = replace(samples.report(samples.result("400.code"), verdict=verdict), notes=("Do this.", "Or that."))
    assert first_step(report) == "Do this."


def test_a_selection_is_part_of_the_headline(samples):
    report = replace(samples.good, run=replace(samples.good.run, selection=("402", "404.absent")))
    assert headline(report) == "every MUST holds (only 402, 404.absent)"


def test_broken_requirements_come_worst_first_and_in_the_order_of_the_register(samples):
    results = (
        samples.result("400.code", "waived"),
        samples.result("401.code", "warn", "SHOULD"),
        samples.result("402.code", "fail", "SHOULD"),
        samples.result("403.banned", "fail"),
        samples.result("404.absent", "fail"),
        samples.result("409.state"),
    )
    assert [r.id for r in broken(samples.report(*results))] == [
        "403.banned",
        "404.absent",
        "402.code",
        "401.code",
        "400.code",
    ]


def test_requirements_of_one_reason_stand_together(samples):
    found = by_reason(samples.bad, "not_exercised")
    assert [[r.id for r in results] for results in found.values()] == [
        ["401.expired"],
        ["402.limit.atomic", "402.limit.key-known"],
    ]


def test_counts_keep_the_order_of_the_outcomes(samples):
    assert list(counts(samples.bad.requirements).items()) == [
        ("pass", 2),
        ("fail", 2),
        ("warn", 1),
        ("waived", 1),
        ("error", 2),
        ("not_exercised", 3),
        ("not_applicable", 1),
        ("not_testable", 2),
    ]


def test_outcomes_and_variants_are_counted_in_words():
    assert list(in_words({"fail": 1, "pass": 9, "warn": 0}).values()) == ["9 passed", "1 failed"]
    assert variants_in_words("402", {"402.retention": 1, "402.limit": 40}) == ("limit 40", "retention 1")


@pytest.mark.parametrize(
    ("status", "meaning"), [("402", "plan limit"), ("envelope", "every error"), ("418", "i'm a teapot"), ("499", "")]
)
def test_every_status_has_a_meaning_even_one_that_came_later(status, meaning):
    assert meaning_of(status) == meaning


def test_facts_leave_out_what_is_not_there(samples):
    recorded = replace(samples.good, target=TargetInfo(name="traffic.har", kind="recorded", base_url=""))
    assert facts(recorded)["target"] == "traffic.har (recorded)"
    assert {"label", "selection"}.isdisjoint(facts(recorded))


def test_facts_name_label_and_selection(samples):
    target = replace(samples.good.target, label="nightly")
    report = replace(samples.good, target=target, run=replace(samples.good.run, selection=("402",), requests=1))
    found = facts(report)
    assert (found["label"], found["selection"], found["requests"]) == ("nightly", "402", "1 request in 9.3 s")


def test_results_are_grouped_worst_first_and_what_was_not_tried_by_reason(samples):
    found = {
        outcome: {reason: [result.id for result in results] for reason, results in parts.items()}
        for outcome, parts in groups(samples.bad).items()
    }
    assert list(found) == [
        *("fail", "warn", "waived", "error", "not_exercised", "not_applicable", "not_testable", "pass"),
    ]
    assert found["fail"] == {"": ["429.window.agree", "success.no-redirect"]}
    assert found["not_exercised"]["no key of a capped org"] == ["402.limit.atomic", "402.limit.key-known"]
    assert found["pass"] == {"": ["envelope.json", "400.code"]}
