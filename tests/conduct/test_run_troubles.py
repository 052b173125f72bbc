"""Whole runs that something gets in the way of: gateways, limits, bugs, targets that go away or are none."""

import httpx
import pytest
from made_up import answer, check_of

from goatcheck.conduct import sender
from goatcheck.conduct.clock import RealClock
from goatcheck.errors import Unusable

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
    assert played.outcomes["404.foreign"].reason.startswith("ValueError: another (in breaks, test_run_troubles.py:")


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
