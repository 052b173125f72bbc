"""A target that answers everything alike has earned no green by that where the answer says nothing of the requirement."""

import httpx
import pytest


@pytest.mark.parametrize("name", ["401.first", "403.scope.allows"])
@pytest.mark.parametrize("status", [400, 403, 200])
def test_one_answer_to_everything_says_nothing_of_what_comes_first_or_is_granted(stage, name, status):
    body = {"data": [] if status == 200 else None, "error": None if status == 200 else "no", "meta": None}
    played = stage.play(name, change=lambda _request, _forward, _number: httpx.Response(status, json=body))
    outcome = played.outcomes[name]
    expected = {
        ("401.first", 400): "warn",
        ("403.scope.allows", 403): "fail",
        ("403.scope.allows", 200): "pass",
    }.get((name, status), "not_exercised")
    assert outcome.name == expected, outcome.reason


def refusing(status, path):
    body = {"data": None, "error": "no", "meta": {"code": "invalid_api_key"} if status == 401 else None}

    def change(request, forward, _number):
        asked = request.method == "GET" and request.url.path.removeprefix("/api/v1").startswith(path)
        return httpx.Response(status, json=body) if asked else forward()

    return change


def test_a_key_that_is_taken_elsewhere_is_no_bad_one_here(stage):
    played = stage.play("403.scope.allows", change=refusing(401, "/videos"))
    assert played.names["403.scope.allows"] == "fail"
    (breach, *_) = played.outcomes["403.scope.allows"].breaches
    assert breach.exchange.intent.operation == "GET /videos"


def test_a_key_that_is_taken_nowhere_may_be_a_bad_one(stage):
    played = stage.play("403.scope.allows", change=refusing(401, ""))
    assert played.names["403.scope.allows"] != "fail"


def test_what_is_not_found_though_it_is_there_has_not_shown_what_it_takes_as_valid(stage):
    played = stage.play("400.accepts-valid", change=refusing(404, "/payout-methods/"))
    outcome = played.outcomes["400.accepts-valid"]
    assert (outcome.name, "GET /payout-methods/{id} says 404" in outcome.reason) == ("not_exercised", True)
