"""Whatever goes wrong, nothing is green by accident."""

import httpx
import pytest

from goatcheck.conduct.clock import RealClock

GREEN = {"conformant"}
MERELY_NOT_REFUSED = {"403.scope.allows"}
"""What a server's failure does not break: it is another requirement's affair."""


def error(status, code=None, **headers):
    body = {"data": None, "error": "No", "meta": {"code": code} if code else None}
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): v for name, v in headers.items()})


def lost(request):
    raise httpx.ReadError("reset", request=request)


def after(number, way):
    """Answers as a conformant server until that request, then in another way."""
    return lambda request, forward, asked: forward() if asked <= number else way(request)


@pytest.mark.parametrize("after_so_many", [0, 6, 40])
@pytest.mark.parametrize(
    "way",
    [
        lambda _request: error(401, "invalid_api_key", WWW_Authenticate="Bearer"),
        lambda _request: error(429, "rate_limit_exceeded", Retry_After="1"),
        lambda _request: error(500, "internal_error"),
        lambda _request: error(503),
        lambda _request: httpx.Response(200, text="<html>Welcome</html>", headers={"Content-Type": "text/html"}),
        lambda _request: error(404),
        lost,
    ],
    ids=[
        "every key refused",
        "everything limited",
        "every answer a 500",
        "overloaded",
        "a page",
        "not found",
        "no answer",
    ],
)
def test_a_target_that_answers_one_thing_to_everything_is_never_conformant(staging, way, after_so_many):
    played = staging.play("402", "404", "409", "403", change=after(after_so_many, way))
    assert played.verdict.name not in GREEN
    assert played.verdict.exit_code in {1, 3, 5}
    tried = {name for name, outcome in played.names.items() if outcome == "pass"}
    if after_so_many == 0:
        assert tried <= MERELY_NOT_REFUSED
    else:
        assert len(tried) < len(played.names) / 2


@pytest.mark.parametrize(
    ("way", "says"),
    [
        (lambda _request: error(401, "invalid_api_key"), "Every active key of the profile is refused with 401"),
        (lambda _request: error(404), "This is no trackagoat v1 API"),
        (lambda _request: httpx.Response(200, text="<p>"), "This is no trackagoat v1 API"),
    ],
)
def test_what_is_wrong_from_the_start_is_said_at_the_start(staging, way, says):
    played = staging.play(change=after(0, way))
    assert played.verdict.name == "unusable"
    assert says in played.run.unusable
    assert len(staging.seen) <= 12


def test_where_nothing_can_be_made_what_needs_it_is_not_green(staging):
    def refusing(request, forward, _number):
        return error(500, "internal_error") if request.method == "POST" else forward()

    played = staging.play("409", "404.foreign", change=refusing)
    assert played.verdict.name not in GREEN
    assert "pass" not in {played.names[name] for name in played.names if name.startswith("409.duplicate")}


class Impatient(RealClock):
    """Waits for nothing, and remembers the longest wait."""

    longest = 0.0

    def wait(self, seconds):
        self.longest = max(self.longest, seconds)


@pytest.mark.parametrize("year", ["1970", "2001", "2099", "9999"])
def test_a_target_whose_clock_jumps_makes_nobody_wait_for_years(stage, year):
    """Every third answer is of another century."""

    def jumping(_request, forward, number):
        response = forward()
        if number % 3 == 0:
            response.headers["Date"] = f"Thu, 01 Jan {year} 00:00:00 GMT"
        return response

    clock = Impatient()
    played = stage.play("401.missing", change=jumping, clock="", target_clock=clock, requests_per_minute=50)
    assert played.names == {"401.missing": "pass"}
    assert clock.longest < 120
