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
