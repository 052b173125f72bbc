"""What a person is told to do about a limit that nothing asked for."""

import pytest


@pytest.mark.parametrize(("pace", "told"), [(0, True), (50, False)])
def test_without_a_pace_the_reason_says_which_one_to_set(stage, pace, told):
    def change(_request, forward, number):
        response = forward()
        if number > 8:
            response.status_code = 429
        return response

    played = stage.play("400.query", change=change, requests_per_minute=pace)
    outcome = played.outcomes["400.query"]
    assert outcome.name == "error"
    assert ("requests_per_minute = 50" in outcome.reason) is told
