"""What the suites make of targets whose window or daily quota is broken, or gets in the way of being judged."""

import datetime as dt
from dataclasses import replace

import pytest
from changed import answer, keyed

from goatcheck.conduct.clock import RemoteClock
from goatcheck.conduct.suites import all_checks
from goatcheck.mock import CLOCK_URL, WorldTransport
from goatcheck.model import Clock, reference_world
from goatcheck.model.answers import failure

MIDNIGHT = dt.datetime(2026, 6, 16, tzinfo=dt.UTC).timestamp()
WINDOW = {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 7}


# The window


def test_a_burst_that_nobody_limits_is_a_finding(outcome):
    name, reason = outcome("429.window.enforced", rules=lambda rules: rules.without_stage("window"))
    assert (name, reason) == ("fail", "75 requests within a minute, and none was limited")


@pytest.mark.parametrize("name", ["429.window.per-key", "429.window.no-effect", "429.window.recovers"])
def test_where_no_burst_is_limited_there_is_nothing_to_compare_with(outcome, name):
    found = outcome(name, rules=lambda rules: rules.without_stage("window"))
    assert found == ("error", "the burst was not limited, so there is nothing to compare with")


def test_a_key_that_is_never_served_again_is_a_finding(stage, outcome):
    limited = []

    def forever(request, forward, _number):
        response = forward()
        if keyed(request, stage.profile.key("burst")) and (limited or response.status_code == 429):
            limited.append(request)
            return answer(429, WINDOW, Retry_After="7")
        return response

    assert outcome("429.window.recovers", forever) == ("fail", "the key is still limited after two waits")


def test_a_limit_that_others_share_is_a_finding(stage, outcome):
    limited = []

    def shared(request, forward, _number):
        response = forward()
        if response.status_code == 429 and keyed(request, stage.profile.key("burst")):
            limited.append(request)
        return answer(429, WINDOW, Retry_After="1") if limited else response

    assert outcome("429.window.per-key", shared) == ("fail", "another key of the org was limited with it")


def test_a_write_that_the_window_lets_through_is_inconclusive(outcome):
    def writable(request, forward, _number):
        made = {"id": "00000000-0000-4000-8000-000000000001", "tiktok_handle": "x"}
        return answer(201, data=made) if request.method == "POST" else forward()

    name, reason = outcome("429.window.no-effect", writable)
    assert (name, reason) == ("error", "the write of the limited key was answered with 201")


@pytest.mark.parametrize(
    ("requirement", "names", "scopes", "says"),
    [
        ("429.window.per-key", ("burst", "second"), ("read", "write"), "no second active key of the burst key's org"),
        ("429.window.no-effect", ("burst", "full"), ("read",), "the key burst can't write"),
        ("429.window.no-effect", ("burst", "writer"), ("read", "write"), "there is no other key of the org"),
    ],
)
def test_what_the_keys_of_a_profile_can_not_show_is_told(stage, outcome, *, requirement, names, scopes, says):
    burst = replace(stage.profile.key("burst"), scopes=scopes)
    keys = {"burst": burst, "second": replace(burst, name="second", token=stage.profile.key("full").token)}
    keys = tuple(keys.get(name) or stage.profile.key(name) for name in names)
    name, told = outcome(requirement, keys=keys)
    assert (name, says in told) == ("not_exercised", True)


def test_a_burst_that_took_a_minute_is_inconclusive(outcome, monkeypatch):
    monkeypatch.setitem(all_checks()["429.window.enforced"].function.__globals__, "IN_TIME", -1.0)
    name, reason = outcome("429.window.enforced")
    assert (name, "the target is too slow for a burst" in reason) == ("error", True)


def test_a_wait_that_is_too_long_for_real_time_is_inconclusive(stage, outcome):
    def patient(_request, forward, _number):
        response = forward()
        return (
            answer(429, WINDOW | {"retryAfter": 3000}, Retry_After="3000") if response.status_code == 429 else response
        )

    clock = RemoteClock(CLOCK_URL, WorldTransport(stage.world))
    name, reason = outcome("429.window.recovers", patient, clock="", target_clock=clock)
    assert (name, reason) == ("error", "Retry-After says 3000 s: that is longer than a run waits")


# The day


def first_the_window(stage, times):
    """The first answers to a spent key are the window's."""
    met = []

    def change(request, forward, _number):
        if keyed(request, stage.profile.key("spent")) and len(met) < times:
            met.append(request)
            return answer(429, WINDOW, Retry_After="7")
        return forward()

    return change


def test_a_spent_key_that_meets_its_window_first_is_asked_again(stage, outcome):
    assert outcome("429.daily.enforced", first_the_window(stage, 1))[0] == "pass"


def test_a_spent_key_that_meets_nothing_but_its_window_is_a_finding_once(stage):
    played = stage.play("429.daily.enforced", change=first_the_window(stage, 999))
    assert played.names == {"429.daily.enforced": "fail"}
    assert len(played.outcomes["429.daily.enforced"].breaches) == 1


@pytest.mark.parametrize("name", ["429.daily.enforced", "429.daily.org-wide"])
def test_a_midnight_in_between_is_inconclusive(stage, outcome, name):
    stage.world = reference_world(clock=Clock(MIDNIGHT - 5))
    other = "spent2" if name.endswith("wide") else "spent"
    met = []

    def change(request, forward, _number):
        if keyed(request, stage.profile.key(other)) and not met:
            met.append(request)
            return answer(429, WINDOW, Retry_After="7")
        return forward()

    found = outcome(name, change)
    assert found == ("error", "midnight passed while this was tried, and the quota with it")


def test_a_window_just_before_midnight_is_inconclusive(stage, outcome):
    name, reason = outcome("429.daily.resets", first_the_window(stage, 1))
    assert (name, "met its window just before midnight" in reason) == ("error", True)


def test_a_quota_that_does_not_come_back_is_a_finding(outcome):
    spent = failure(429, "Daily API request limit exceeded", {"code": "rate_limit_exceeded"})

    def rules(rules):
        return rules.with_stage("quota", lambda _w, call: spent if call.home.name == "spent" else None)

    assert outcome("429.daily.resets", rules=rules) == ("fail", "the day is over, and the quota has not come back")


def test_a_wait_past_midnight_makes_nobody_guilty_of_an_early_reset(stage):
    def patient(_request, forward, _number):
        response = forward()
        if response.status_code != 429 or b"bucket" not in response.read():
            return response
        return answer(429, {**WINDOW, "retryAfter": 80_000}, Retry_After="80000")

    played = stage.play("429.daily", "429.window.recovers", change=patient)
    reset = played.outcomes["429.daily.resets"]
    assert (reset.name, reset.cause) == ("error", "inconclusive")
    assert "a limit made the run wait past midnight" in reset.reason
    assert played.names["429.daily.enforced"] == "pass"
