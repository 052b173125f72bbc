"""A run on staging keeps every key's pace, and its keys wait side by side."""

import random
import sys
import time
from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from goatcheck.model import reference_world
from goatcheck.report.as_json import report_data
from goatcheck.report.normal import normalised

sys.path.insert(0, str(Path(__file__).parent))

from virtual import SharedClock, VirtualClock

from goatcheck.conduct.patience import ALTOGETHER, IN_A_ROW, LONGEST, Patience, retry_after
from goatcheck.exchange import Response

PASSED_OVER = {"429.daily.resets", "500.code", "500.forced"}
"""What no run can see on a target without a clock, and without answers on demand."""


def most_in_a_minute(moments):
    """The most moments within any 60 seconds."""
    ordered = sorted(moments)
    return max(index - bisect_left(ordered, moment - 60 + 1e-6) + 1 for index, moment in enumerate(ordered))


def by_key(seen):
    moments = defaultdict(list)
    for one in seen:
        moments[one.key].append(one.moment)
    return moments


def test_the_default_live_run_judges_everything_in_about_the_time_of_its_busiest_key(staging):
    played = staging.play()
    assert {name for name, outcome in played.names.items() if outcome != "pass"} == PASSED_OVER
    assert {played.names[name] for name in PASSED_OVER} == {"not_testable"}
    assert played.verdict.name == "conformant"
    assert len(staging.seen) == played.run.budget.requests <= 600
    assert {one.key for one in staging.seen if one.status == 429} == {"burst", "spent", "spent2"}
    moments = by_key(staging.seen)
    busiest = max(len(times) for name, times in moments.items() if name != "burst")
    assert staging.seconds <= 1.3 * busiest * 60 / 50
    assert {name: most_in_a_minute(times) for name, times in moments.items() if name != "burst"}.keys() >= {"full", ""}
    assert max(most_in_a_minute(times) for name, times in moments.items() if name != "burst") <= 50


def test_the_burst_comes_when_all_others_are_through(staging):
    """A target that limits by address too would limit every key with the one whose minute is spent."""
    staging.play("401", "403", "404", "429")
    burst = [number for number, one in enumerate(staging.seen) if one.key == "burst"]
    spent = staging.seen[burst[0] : burst[74] + 1]
    assert len(burst) >= 75
    assert {one.key for one in spent} == {"burst"}
    meanwhile = [one.key for one in staging.seen[burst[74] + 1 :] if one.moment < spent[0].moment + 60]
    assert [key for key in meanwhile if key != "burst"] == ["reader"]  # the neighbour, which has to be served


def test_a_target_that_limits_by_address_too_disturbs_nothing_but_what_is_about_limits(staging):
    """Forty requests in two seconds from one address, and all its keys are shut out for half a minute."""
    moments, until = [], [0.0]

    def by_address(_request, forward, _number):
        now = staging.clock.now()
        moments[:] = [moment for moment in moments if moment > now - 2] + [now]
        if len(moments) > 40:
            until[0] = now + 30
        if now >= until[0]:
            return forward()
        body = {
            "data": None,
            "error": "Slow down",
            "meta": {"code": "rate_limit_exceeded", "bucket": "b", "retryAfter": 30},
        }
        return httpx.Response(429, json=body, headers={"Retry-After": "30"})

    played = staging.play("401", "403", "404", "409", "429.window", change=by_address)
    disturbed = {name for name, outcome in played.names.items() if outcome != "pass"}
    assert "429.window.per-key" in disturbed
    assert {name[:3] for name in disturbed} == {"429"}


@pytest.mark.parametrize("jitter", [0.0, 0.01])
def test_two_live_runs_with_one_seed_tell_the_same(staging, jitter):
    """However the keys' requests fall between each other, and with findings in many places."""

    def play(number):
        clock = VirtualClock()
        stage = replace(staging.stage, world=broken(reference_world(clock=SharedClock(clock))))
        pause = random.Random(number)  # noqa: S311 - a pause is no secret

        def jittering(_request, forward, _number):
            time.sleep(pause.random() * jitter)
            return forward()

        return normalised(report_data(type(staging)(stage, clock).play(change=jittering).report))

    def broken(world):
        return replace(world, rules=world.rules.with_ending("odd", lambda _w, _c, r: replace(r, body=r.body + b" x")))

    first, second = play(1), play(2)
    assert first == second


@pytest.mark.parametrize("pace", [7, 60])
def test_no_key_is_faster_than_the_profile_says(staging, pace):
    played = staging.play("401", "403", "404", "409", requests_per_minute=pace)
    assert {name for name, outcome in played.names.items() if outcome != "pass"} == set()
    assert max(most_in_a_minute(times) for times in by_key(staging.seen).values()) <= pace


def test_cleaning_up_keeps_the_pace_too_even_when_interrupted(staging):
    def interrupting(_request, forward, number):
        if number == 60:
            raise KeyboardInterrupt  # a lane's end, and so the run's
        return forward()

    before = staging.stage.left()
    played = staging.play("409", "404", change=interrupting)
    assert played.run.interrupted
    assert staging.stage.left() == before
    removals = [one for one in staging.seen if one.method == "DELETE"]
    assert len(removals) > 3
    assert max(most_in_a_minute(times) for times in by_key(staging.seen).values()) <= 50


def limiting(key, after=0, **headers):
    """Answers a key with 429, from its request number `after` on."""
    asked = defaultdict(int)

    def change(request, forward, _number):
        response = forward()
        if request.headers.get("authorization") != f"Bearer {key.token}":
            return response
        asked[key.name] += 1
        if asked[key.name] <= after:
            return response
        body = {
            "data": None,
            "error": "Slow down",
            "meta": {"code": "rate_limit_exceeded", "bucket": "b", "retryAfter": 1},
        }
        return httpx.Response(429, json=body, headers=headers)

    return change


@pytest.mark.parametrize(
    ("headers", "most"),
    [
        ({"Retry-After": "86400"}, 2),
        ({"Retry-After": "99999999999999999999999"}, 2),
        ({"Retry-After": "Fri, 31 Dec 2100 00:00:00 GMT"}, 2),
        ({"Retry-After": "100"}, 4),
        ({"Retry-After": "3"}, IN_A_ROW),
        ({"Retry-After": "soon"}, IN_A_ROW),
        ({}, IN_A_ROW),
    ],
)
def test_a_key_that_is_limited_for_ever_is_left_alone_and_judges_nothing(staging, headers, most):
    full = staging.stage.profile.key("full")
    played = staging.play("404", "409", "401", change=limiting(full, 3, **headers))
    limited = [one for one in staging.seen if one.key == "full" and one.status == 429 and one.method != "DELETE"]
    assert 0 < len(limited) <= most
    assert staging.clock.longest <= LONGEST
    assert staging.seconds < 1000
    assert {played.names[name] for name in played.names if name.startswith(("404", "409"))} <= {
        "error",
        "not_exercised",
    }
    assert {o.cause for o in played.outcomes.values() if o.name == "error"} == {"inconclusive"}
    assert played.names["401.missing"] == played.names["401.expired"] == "pass"
    assert played.verdict.name == "partial"


def test_a_single_limit_is_waited_out_as_told_and_makes_what_it_met_inconclusive(staging):
    met = []

    def once(request, forward, _number):
        response = forward()
        if request.method == "PATCH" and not met:
            met.append(staging.clock.now())
            body = {"data": None, "error": "Slow down", "meta": {"code": "rate_limit_exceeded"}}
            return httpx.Response(429, json=body, headers={"Retry-After": "37"})
        return response

    played = staging.play("404.absent", "409.duplicate", change=once)
    assert (played.names["404.absent"], played.outcomes["404.absent"].cause) == ("error", "inconclusive")
    assert played.names["409.duplicate"] == "pass"
    later = [one.moment for one in staging.seen if one.key == "full" and one.moment > met[0]]
    assert min(later) >= met[0] + 37


def test_a_limit_during_clean_up_is_waited_out_and_tried_again(staging):
    refused = set()

    def once_each(request, forward, _number):
        if request.method == "DELETE" and request.url.path not in refused:
            refused.add(request.url.path)
            return httpx.Response(429, json={"data": None, "error": "no", "meta": None}, headers={"Retry-After": "2"})
        return forward()

    before = staging.stage.left()
    played = staging.play("409.duplicate", change=once_each)
    assert refused
    assert played.run.leftovers == []
    assert staging.stage.left() == before


def test_patience_counts_each_key_by_itself():
    patience = Patience()
    for _ in range(IN_A_ROW):
        patience.limited("full", 1)
    assert "the key full is rate-limited however long it waits" in patience.over("full")
    assert patience.over("reader") == ""
    assert patience.limited("full", 1) == 0


def test_what_is_served_in_between_is_no_row():
    patience = Patience()
    for _ in range(3 * IN_A_ROW):
        assert patience.limited("", 1) == 1
        patience.served("")
    assert patience.over("") == ""
    for _ in range(int(ALTOGETHER // 100)):
        patience.limited("", 100)
        patience.served("")
    assert patience.over("").startswith("whoever has no key is rate-limited however long it waits")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 20),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("soon", 1),
        ("-5", 1),
        ("٣", 1),
        (None, 1),
    ],
)
def test_a_retry_after_is_read_as_number_or_date(value, seconds):
    headers = () if value is None else (("Retry-After", value),)
    assert retry_after(Response(429, headers), 100.0) == seconds
