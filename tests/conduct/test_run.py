"""Whole runs against the reference world: what they come to, what they leave behind, and how they end."""

import os
import signal
import threading
import time
from dataclasses import replace

import httpx
import pytest

from goatcheck.conduct import sender
from goatcheck.conduct.clock import RealClock
from goatcheck.conduct.run import selected
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.trial import Check
from goatcheck.errors import Unusable
from goatcheck.model import Clock, reference_world
from goatcheck.report.normal import normalised

LANES = 16
"""So many requests may be under way at once."""

MAKING = ("400.body", "409.duplicate")
"""Requirements whose checks make things."""


def answer(status, code=None, **headers):
    meta = {"code": code} if code else None
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"data": None, "error": "No", "meta": meta}, headers=fields)


def check_of(requirement, function, roles=("full",), phase="main"):
    return {requirement: Check(requirement, function, phase, roles)}


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


# What gets in the way


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateways_word_is_inconclusive(stage, status):
    def overloaded(request, forward, _number):
        return answer(status) if request.url.path.endswith("/videos") else forward()

    played = stage.play("401.missing", "400.query", "404.absent", "status", "envelope.json", change=overloaded)
    assert played.names["401.missing"] == played.names["400.query"] == "error"
    assert played.outcomes["401.missing"].cause == "inconclusive"
    assert f"was answered with {status}" in played.outcomes["401.missing"].reason
    assert played.names["404.absent"] == "pass"
    assert played.verdict.name == "partial"


def test_a_rate_limit_that_nothing_asked_for_is_inconclusive(stage):
    def limited(request, forward, number):
        if request.method == "PATCH" and number % 2:
            return answer(429, "rate_limit_exceeded", Retry_After="1")
        return forward()

    played = stage.play("400.body", "404.absent", change=limited)
    assert {o.name for o in played.outcomes.values()} == {"error"}
    assert {o.cause for o in played.outcomes.values()} == {"inconclusive"}
    assert "rate-limited by something other than this check" in played.outcomes["404.absent"].reason


def test_a_bug_of_a_check_is_an_error_of_ours_and_hides_no_finding(stage):
    def finds_and_breaks(api, full):
        api.send(api.endpoint("GET /projects").valid(), full).must_be("404")
        raise KeyError("a bug")

    def breaks(_api, _full):
        raise ValueError("another")

    checks = check_of("404.absent", finds_and_breaks) | check_of("404.foreign", breaks)
    played = stage.play("404.absent", "404.foreign", checks=checks)
    assert played.names == {"404.absent": "fail", "404.foreign": "error"}
    assert played.outcomes["404.foreign"].cause == "suite"
    assert played.outcomes["404.foreign"].reason.startswith("ValueError: another (in breaks, test_run.py:")


def test_a_bug_shows_no_key(stage):
    token = stage.profile.key("full").token

    def breaks(_api, _full):
        raise ValueError(f"odd {token}")

    played = stage.play("404.absent", checks=check_of("404.absent", breaks))
    assert token not in played.outcomes["404.absent"].reason
    assert "‹key:full›" in played.outcomes["404.absent"].reason


def test_a_request_that_cannot_be_sent_is_an_error_of_ours(stage):
    def unsendable(api, full):
        api.send(api.request("GET", "/\u20ac"), full)

    played = stage.play("404.absent", checks=check_of("404.absent", unsendable))
    assert (played.names["404.absent"], played.outcomes["404.absent"].cause) == ("error", "suite")


def test_a_clock_that_stops_answering_is_the_targets_fault(stage):
    class Dying(RealClock):
        def wait(self, _seconds):
            raise Unusable("the clock is broken")

    checks = check_of("404.absent", lambda api, _full: api.wait(10))
    played = stage.play("404.absent", checks=checks, target_clock=Dying())
    assert (played.names["404.absent"], played.outcomes["404.absent"].cause) == ("error", "target")


# A target that goes away


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(sender, "_BACK_OFF", (0.0, 0.0))


@pytest.mark.usefixtures("impatient")
def test_a_target_that_dies_leaves_everything_judged_so_far(stage):
    def dying(_request, forward, number):
        if number > 40:
            raise httpx.ConnectError("refused")
        return forward()

    played = stage.play("401.missing", "401.invalid", "401.malformed", change=dying)
    assert (played.verdict.name, played.verdict.exit_code) == ("unusable", 5)
    assert played.run.unusable.startswith("The target went away: ")
    judged = {name for name in played.names if played.run.ledger.record(name).judged}
    assert "401.missing" in judged
    dead = [o for o in played.outcomes.values() if o.name == "error"]
    assert dead
    assert {o.cause for o in dead} == {"target"}
    assert "fail" not in played.names.values()


@pytest.mark.usefixtures("impatient")
def test_what_was_found_before_a_target_died_is_still_told(stage):
    def wrong_and_dying(request, forward, number):
        if number > 20:
            raise httpx.ReadError("reset")
        return answer(200) if "authorization" not in request.headers and number > 1 else forward()

    played = stage.play("401.missing", "404", change=wrong_and_dying)
    assert (played.names["401.missing"], played.verdict.exit_code) == ("fail", 5)


@pytest.mark.usefixtures("impatient")
def test_a_connection_that_comes_about_at_the_second_try_is_no_loss(stage):
    refused = set()

    def flaky(request, forward, number):
        if number > 1 and request.url.path not in refused:
            refused.add(request.url.path)
            raise httpx.ConnectError("refused")
        return forward()

    assert set(stage.play("401.missing", "404.absent", change=flaky).names.values()) == {"pass"}


def test_an_operation_that_hangs_does_not_end_the_run(stage):
    def hanging(request, forward, _number):
        if request.url.path.endswith("/videos"):
            raise httpx.ReadTimeout("late")
        return forward()

    played = stage.play("401.missing", "404", "410", change=hanging)
    assert played.run.unusable == ""
    assert (played.names["401.missing"], played.outcomes["401.missing"].cause) == ("error", "target")
    assert "no complete answer within" in played.outcomes["401.missing"].reason
    assert played.names["404.absent"] == played.names["410.removed"] == "pass"


@pytest.mark.usefixtures("impatient")
def test_a_target_that_is_not_there_at_all_is_unusable(stage):
    def refused(_request, _forward, _number):
        raise httpx.ConnectError("refused")

    played = stage.play(change=refused)
    assert (played.verdict.exit_code, len(played.transport.asked)) == (5, 1)
    assert "is the target running" in played.run.unusable


# Before anything is judged


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (lambda: httpx.Response(200, html="<p>Hello</p>"), "This is no trackagoat v1 API"),
        (lambda: httpx.Response(404, json={"data": None, "error": "no", "meta": None}), "This is no trackagoat v1 API"),
        (lambda: answer(401, "invalid_api_key"), "Every active key of the profile is refused with 401"),
        (lambda: answer(429, "rate_limit_exceeded"), "The daily quota of every active key is spent"),
    ],
)
def test_a_target_that_cannot_be_judged_is_left_alone(stage, given, says):
    played = stage.play(change=lambda _request, _forward, _number: given())
    assert says in played.run.unusable
    assert played.verdict.exit_code == 5
    assert len(played.transport.asked) <= 1 + max(3, len(stage.profile.keys))
    assert {e.request.method for e in played.run.ledger.exchanges} == {"GET"}


def test_without_keys_a_web_server_is_told_from_an_api(stage):
    played = stage.play(change=lambda *_: httpx.Response(404, text="nothing"), keys=(), fixtures={})
    assert "3 different operations were answered with 404 text/plain" in played.run.unusable
    assert stage.play("401.missing", keys=(), fixtures={}).names == {"401.missing": "pass"}


def test_a_key_that_is_refused_does_not_hide_one_that_works(stage):
    reader = stage.profile.key("reader")

    def partly(request, forward, _number):
        return answer(401, "invalid_api_key") if reader.token in request.headers.get("authorization", "") else forward()

    assert stage.play("404.absent", change=partly).names == {"404.absent": "pass"}


def test_a_target_whose_clock_does_not_answer_is_unusable(stage):
    played = stage.play(clock="http://localhost/api/v1/no-clock")
    assert "target's clock http://localhost/api/v1/no-clock" in played.run.unusable


# Lanes


class FastClock(RealClock):
    """A clock by which a second takes a few milliseconds, for it and for those who wait by it."""

    SPEED = 300.0

    def __init__(self):
        super().__init__(lambda: 1_781_514_000 + (time.monotonic() - began) * self.SPEED)
        began = time.monotonic()

    def saw_date(self, header):  # noqa: ARG002 - the protocol's
        """The world's Date is right."""
        return 0.0

    def wait(self, seconds):
        super().wait(seconds / self.SPEED)


class FastWorldClock(Clock):
    """The same for the world."""

    def __init__(self, clock):
        super().__init__(0)
        self._clock = clock

    def now(self):
        return self._clock.now()


@pytest.fixture
def fast(stage):
    clock = FastClock()
    stage.world = reference_world(clock=FastWorldClock(clock))
    return stage, clock


def test_lanes_run_side_by_side_where_keys_have_to_wait(fast):
    stage, clock = fast
    threads = set()

    def noting(_request, forward, _number):
        threads.add(threading.current_thread().name)
        return forward()

    played = stage.play(
        "401", "403", "404", "410", change=noting, requests_per_minute=50, max_requests=600, target_clock=clock
    )
    assert {n: o for n, o in played.names.items() if o != "pass"} == {}
    assert len(threads) > 3


def test_an_interrupted_run_of_several_lanes_stops_them_all_and_cleans_up(fast, monkeypatch):
    stage, clock = fast
    heard = threading.Event()
    monkeypatch.setattr(clock, "interrupt", lambda interrupt=clock.interrupt: (heard.set(), interrupt()))

    def interrupting(_request, forward, number):
        response = forward()
        if number == 60:
            os.kill(os.getpid(), signal.SIGINT)
        if number >= 60:
            heard.wait(30)
        return response

    before = stage.left()
    played = stage.play(change=interrupting, requests_per_minute=50, max_requests=600, target_clock=clock)
    assert played.run.interrupted
    # what is under way in each lane when the signal is heard, and a look for what may have been made; a whole run sends 500 more
    later = [method for method, _ in played.transport.asked[60:] if method != "DELETE"]
    assert len(later) <= 2 * LANES
    assert played.verdict.exit_code == 130
    assert stage.left() == before


def test_a_bug_in_one_lane_does_not_end_the_others(fast):
    stage, clock = fast

    def breaks(_api, _reader):
        raise ValueError("bug")

    checks = {**all_checks(), **check_of("403.scope.write", breaks, ("reader",))}
    played = stage.play(
        "403.scope.write", "404.absent", checks=checks, requests_per_minute=50, max_requests=600, target_clock=clock
    )
    assert played.names == {"403.scope.write": "error", "404.absent": "pass"}
