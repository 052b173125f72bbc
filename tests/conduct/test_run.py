"""Whole runs against the reference world: what they come to, what they leave behind, and how they end."""

import time
from dataclasses import replace

import pytest
from made_up import answer, check_of

from goatcheck.conduct.clock import RealClock
from goatcheck.conduct.run import selected
from goatcheck.report.normal import normalised

MAKING = ("400.body", "409.duplicate")
"""Requirements whose checks make things."""


# What a good target comes to


def test_everything_passes_on_the_reference_world(stage):
    before, began = stage.left(), time.process_time()
    played = stage.play(max_requests=0)
    assert {name: o for name, o in played.names.items() if o != "pass"} == {}
    assert played.verdict.name == "conformant"
    assert played.run.budget.requests == len(played.transport.asked) < 4000
    assert time.process_time() - began < 20
    assert stage.left() == before
    assert played.run.leftovers == []


def test_everything_that_a_live_target_can_show_passes_within_its_budget(stage):
    before = stage.left()
    live = {"max_requests": 600, "max_creates": 20, "requests_per_minute": 50, "force": None}
    played = stage.play(base_url="https://api.example/api/v1", **live)
    others = {name: o.name for name, o in played.outcomes.items() if o.name != "pass"}
    assert others == {"500.forced": "not_testable", "500.code": "not_testable"}
    assert played.verdict.name == "conformant"
    assert len(played.transport.asked) <= 600
    assert stage.left() == before


def test_two_runs_with_one_seed_on_equal_targets_have_one_report(stage, current_contract, shared_draw):
    rules = stage.world.rules.without_stage("scope")
    reports = []
    for one in (stage, type(stage)(current_contract, shared_draw)):
        one.world = replace(one.world, rules=rules)
        reports.append(normalised(one.play().report.as_data()))
    assert reports[0] == reports[1]
    assert reports[0]["verdict"] == "nonconformant"


def test_a_selection_tries_nothing_else(stage):
    played = stage.play("401.missing")
    assert played.names == {"401.missing": "pass"}
    assert {e.intent.requirement for e in played.run.ledger.exchanges} == {"", "401.missing"}


def test_what_is_only_seen_is_shown_by_its_providers(stage):
    played = stage.play("402.code")
    assert played.names == {"402.code": "pass"}
    assert "402.retention" in {e.intent.requirement for e in played.run.ledger.exchanges}


def test_each_requirement_is_told_when_it_has_been_tried(stage, current_contract):
    told = []
    run = stage.play("404").run
    again = replace(run, told=told.append, selected=selected(current_contract, ["404"]))
    again.execute()
    assert sorted(told) == ["404.absent", "404.foreign", "404.foreign-no-effect", "404.indistinguishable"]


def test_a_check_that_the_suites_do_not_have_gives_no_answers(stage):
    def relies(api, full):
        assert api.answers_of("404.nothing") == []
        api.send(api.endpoint("GET /projects").valid(), full).must_be("200")

    assert stage.play("404.absent", checks=check_of("404.absent", relies)).names == {"404.absent": "pass"}


def test_a_fixture_that_the_profile_does_not_have_is_asked_for(stage):
    played = stage.play("404.absent", checks=check_of("404.absent", lambda api, _full: api.fixture("goat")))
    assert played.names == {"404.absent": "not_exercised"}
    assert played.outcomes["404.absent"].reason == "the profile has no fixture goat: add it under [fixtures]"


# What a run leaves behind


@pytest.mark.parametrize("number", [1, 12, 30, 50])
def test_an_interrupted_run_removes_what_it_made(stage, number):
    def interrupted(_request, forward, asked):
        if asked == number:
            raise KeyboardInterrupt
        return forward()

    before = stage.left()
    played = stage.play(*MAKING, change=interrupted)
    assert played.run.interrupted
    assert played.verdict.exit_code == 130
    assert stage.left() == before
    afterwards = {method for method, _ in played.transport.asked[number:]}
    assert afterwards <= {"GET", "DELETE"}  # looking for what the interrupted request may have made, and removing


def test_a_check_that_makes_something_and_then_breaks_leaves_nothing(stage):
    def broken(api, full):
        for kind in ("creator", "campaign", "payout_method"):
            api.workshop.make(kind, full)
        raise KeyError("a bug")

    before = stage.left()
    played = stage.play("404.absent", checks=check_of("404.absent", broken))
    assert sum(method == "POST" for method, _ in played.transport.asked) == 3
    assert stage.left() == before


def test_what_cannot_be_removed_is_told(stage):
    def stubborn(request, forward, _number):
        return answer(503) if request.method == "DELETE" else forward()

    played = stage.play("409.duplicate", change=stubborn)
    assert len(played.run.leftovers) == 2
    assert all("is left on the target: 503" in told for told in played.run.leftovers)


def test_what_is_gone_already_is_not_left(stage):
    def forgetful(request, forward, _number):
        response = forward()
        return answer(404) if request.method == "DELETE" else response

    assert stage.play("409.duplicate", change=forgetful).run.leftovers == []


def test_a_second_interruption_while_cleaning_up_tells_what_is_left(stage):
    def interrupted(request, forward, _number):
        if request.method == "DELETE":
            raise KeyboardInterrupt
        return forward()

    played = stage.play("409.duplicate", change=interrupted)
    assert played.run.interrupted
    assert len(played.run.leftovers) == 2


# Budgets


@pytest.mark.parametrize("most", [1, 10, 40, 150])
def test_a_run_never_sends_more_than_it_may_and_what_it_could_not_try_is_never_green(stage, most):
    before = stage.left()
    played = stage.play(max_requests=most)
    assert len(played.transport.asked) <= most
    assert played.verdict.name == "partial"
    assert {"fail", "warn", "error"} & set(played.names.values()) == set()
    assert "requests are spent" in played.outcomes["500.never"].reason
    assert stage.left() == before


def test_a_run_makes_no_more_than_it_may(stage):
    made = []

    def counting(request, forward, _number):
        response = forward()
        if request.method == "POST" and response.status_code in {200, 201}:
            made.append(request.url.path)
        return response

    played = stage.play(change=counting, max_creates=4)
    assert 0 < len(made) <= 4
    assert played.verdict.name == "partial"
    assert "raise target.max_creates" in played.outcomes["404.foreign"].reason


def test_what_may_not_be_sent_does_not_wait_for_its_turn(stage):
    waits = []

    class Waiting(RealClock):
        def wait(self, seconds):
            waits.append(seconds)

    played = stage.play("401", max_requests=5, requests_per_minute=50, target_clock=Waiting())
    assert len(played.transport.asked) == 5
    assert len(waits) <= 5
