"""What the suites make of targets that break one thing, or get in the way of being judged."""

import datetime as dt
import json
from dataclasses import replace

import httpx
import pytest

from goatcheck.conduct.clock import RemoteClock
from goatcheck.conduct.suites import all_checks
from goatcheck.mock import CLOCK_URL, WorldTransport
from goatcheck.model import Clock, reference_world
from goatcheck.model.answers import failure, success

MIDNIGHT = dt.datetime(2026, 6, 16, tzinfo=dt.UTC).timestamp()
WINDOW = {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 7}


def answer(status, meta=None, data=None, **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    error = None if status < 400 else "no"
    return httpx.Response(status, json={"data": data, "error": error, "meta": meta}, headers=fields)


def keyed(request, key):
    """Whether a request was sent with a key of the reference world."""
    return key.token in request.headers.get("authorization", "")


@pytest.fixture
def outcome(stage):
    """The outcome's name and reason (or first finding) of one requirement, against a target that is changed."""

    def judge(requirement, change=None, rules=None, **profile):
        if rules:
            stage.world = replace(stage.world, rules=rules(stage.world.rules))
        played = stage.play(requirement, change=change, **profile)
        found = played.outcomes[requirement]
        return found.name, found.reason or next((b.problem.message for b in found.breaches), "")

    return judge


# 500


def test_a_request_that_makes_the_server_fail_twice_is_a_finding(outcome):
    def failing(request, forward, _number):
        return answer(500, {"code": "internal_error"}) if request.method == "PATCH" else forward()

    assert outcome("500.never", failing) == ("fail", "the request made the server fail, twice")


def test_a_server_that_failed_once_says_nothing(outcome):
    failed = []

    def failing(request, forward, _number):
        if request.method == "PATCH" and not failed:
            failed.append(request)
            return answer(500, {"code": "internal_error"})
        return forward()

    name, reason = outcome("500.never", failing)
    assert (name, "a 500 came once and not again: PATCH /" in reason) == ("error", True)


def test_a_forced_500_that_is_not_well_formed_is_a_finding(outcome):
    bad = failure(500, "no", {"code": "internal_error"})
    bad = replace(bad, body=bad.body.replace(b'"data":null', b'"data":{}'))
    found = outcome("500.forced", rules=lambda rules: replace(rules, forced={**rules.forced, "500": bad}))
    assert found == ("fail", "the forced 500 is not well-formed")


# 401 and 403


@pytest.mark.parametrize("requirement", ["401.invalid", "403.scope.write"])
def test_who_looks_at_the_request_before_the_key_is_asked_with_one_that_is_right(outcome, requirement):
    asked = []

    def validates_first(request, forward, _number):
        came = forward()
        if came.status_code in {401, 403} and (request.method, request.url.path) == ("POST", "/api/v1/payout-methods"):
            asked.append(request)
            return answer(422, {"code": "invalid_body"}) if len(asked) == 1 else came
        return came

    assert outcome(requirement, validates_first, max_requests=600) == ("pass", "")
    assert len(asked) > 1


# 402


def without_caps(rules):
    return replace(rules, caps={})


def test_a_cap_that_does_not_hold_is_a_finding_where_creates_are_free(outcome):
    name, reason = outcome("402.limit.enforced", rules=without_caps, max_requests=0)
    assert (name, reason) == ("fail", "402.limit was expected, and the answer is 201")


def test_where_they_are_not_no_more_is_made_than_the_profile_allows(outcome):
    name, reason = outcome("402.limit.enforced", rules=without_caps, max_requests=600, max_creates=40)
    assert name == "not_exercised"
    assert "has room for more than 20 creators: leave room for fewer" in reason


def test_a_capped_project_that_the_key_does_not_see_can_not_be_filled(stage, outcome):
    fixtures = {**stage.profile.fixtures, "capped_project": stage.profile.fixtures["foreign_project"]}
    name, reason = outcome("402.limit.enforced", fixtures=fixtures)
    assert (name, "is capped_project one of its projects?" in reason) == ("error", True)


def test_a_capped_org_that_was_full_before_leaves_nothing_to_remove(stage, outcome):
    state = stage.world.state
    org = next(o for o in state.orgs.values() if o.name == "capped")
    state.orgs[org.id] = replace(org, plan=replace(org.plan, caps={**org.plan.caps, "max_creators_per_org": 2}))
    assert outcome("402.limit.enforced")[0] == "pass"
    name, reason = outcome("402.limit.no-effect")
    assert (name, "was full before the run" in reason) == ("not_exercised", True)


def test_a_gateway_in_the_way_of_filling_is_inconclusive(stage, outcome):
    def gateway(request, forward, _number):
        return answer(503) if request.method == "POST" and keyed(request, stage.profile.key("capped")) else forward()

    name, reason = outcome("402.limit.enforced", gateway)
    assert (name, "was answered with 503" in reason) == ("error", True)


def test_room_that_can_not_be_made_is_inconclusive(outcome):
    def stubborn(request, forward, _number):
        return answer(409) if request.method == "DELETE" else forward()

    name, reason = outcome("402.limit.no-effect", stubborn)
    assert (name, "deleting a creator to make room was answered with 409" in reason) == ("error", True)


def test_figures_of_what_is_not_there_say_nothing_of_history(outcome):
    def absent(request, forward, _number):
        return answer(404) if request.url.path.endswith("/analytics") else forward()

    name, reason = outcome("402.retention", absent)
    assert (name, "is not there any more" in reason) == ("not_exercised", True)


# 429, the window


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


# 429, the day


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


# 409 and 400


def test_an_idempotency_key_that_is_refused_at_its_first_use_is_inconclusive(outcome):
    def refusing(request, forward, _number):
        return answer(400, {"code": "invalid_params"}) if "idempotency-key" in request.headers else forward()

    name, reason = outcome("409.idempotency.route", refusing)
    assert (name, "the first use of an Idempotency-Key on POST" in reason) == ("error", True)


def test_without_a_seeded_payout_method_the_rest_is_tried(stage, outcome):
    fixtures = {name: f for name, f in stage.profile.fixtures.items() if name != "default_payout_method"}
    assert outcome("409.no-effect", fixtures=fixtures) == ("pass", "")


def test_where_no_invalid_body_is_refused_nothing_can_be_looked_for(outcome):
    def obliging(_request, forward, _number):
        response = forward()
        return answer(200, data={}) if response.status_code == 400 else response

    found = outcome("400.no-effect", obliging)
    assert found == ("not_exercised", "no invalid body was refused with 400, so there is nothing to look for")


# Set-ups


def test_what_can_not_be_made_makes_what_needs_it_inconclusive(outcome):
    def refusing(request, forward, _number):
        return answer(403) if request.method == "POST" else forward()

    name, reason = outcome("409.duplicate", refusing)
    assert name == "error"
    assert reason == "a creator was needed and creating it as full was answered with 403"


def test_an_answer_that_tells_no_id_is_looked_up_in_its_list(outcome):
    def silent(request, forward, _number):
        response = forward()
        return answer(201) if request.method == "POST" and response.status_code in {200, 201} else response

    assert outcome("409.duplicate", silent) == ("pass", "")


def test_what_no_list_shows_was_made_in_vain(outcome):
    def silent(request, forward, _number):
        if request.method == "POST":
            return answer(201)
        return answer(200, data=[]) if request.url.path.endswith("/creators") else forward()

    name, reason = outcome("409.duplicate", silent)
    assert (name, "a creator was created (exchange" in reason, "but no list shows it" in reason) == (
        "error",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        (lambda n: answer(200, {"nextCursor": f"c{n}"}, []), "has no last page: 100 were read"),
        (lambda _: answer(500, {"code": "internal_error"}), "was needed and was answered with 500"),
        (lambda _: answer(200, None, "text"), "was needed and was answered with 200"),
    ],
)
def test_a_list_that_can_not_be_read_is_inconclusive(outcome, listed, says):
    def change(request, forward, number):
        listing = request.method == "GET" and request.url.path.endswith("/creators")
        return listed(number) if listing and "limit" in request.url.params else forward()

    name, reason = outcome("409.duplicate", change)
    assert (name, says in reason) == ("error", True)


def test_where_the_profile_names_no_project_the_first_one_is_taken(stage, outcome):
    fixtures = {name: f for name, f in stage.profile.fixtures.items() if name != "foreign_project"}
    assert outcome("404.foreign", fixtures=fixtures) == ("pass", "")


def test_a_key_that_sees_no_project_has_none_to_make_things_in(stage, outcome):
    fixtures = {name: f for name, f in stage.profile.fixtures.items() if name != "foreign_project"}

    def homeless(request, forward, _number):
        mine = keyed(request, stage.profile.key("foreign")) and request.url.path.endswith("/projects")
        return answer(200, data=[]) if mine else forward()

    name, reason = outcome("404.foreign", homeless, fixtures=fixtures)
    assert (name, "the key foreign sees no project" in reason) == ("error", True)


def test_where_nothing_is_known_ids_come_from_the_lists(outcome):
    assert outcome("400.query", fixtures={}, writes=False) == ("pass", "")


def test_an_answer_in_text_is_no_list(outcome):
    def plain(_world, call, response):
        return success("text") if call.request.path == "/projects" and call.method == "GET" else response

    assert json.loads(success("text").body)["data"] == "text"
    found = outcome("400.query", rules=lambda rules: rules.with_ending("plain", plain), fixtures={}, writes=False)
    assert found == ("pass", "")


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
