"""What the suites make of targets that break one thing, or get in the way of being judged."""

import json
from dataclasses import replace

import pytest
from changed import answer, keyed

from goatcheck.model.answers import failure, success

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
