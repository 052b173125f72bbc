"""How a mock is told what to answer, and how it is known that it did."""

import threading
from dataclasses import replace

import httpx
import pytest

from goatcheck.conduct.forcing import States, demanding, forcing_failed
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.trial import OBSERVED
from goatcheck.errors import GeneratorError, NotExercised, TargetGone, Unusable
from goatcheck.exchange import Exchange, Intent, Request, Response
from goatcheck.model.forced import HEADER
from goatcheck.profile.parts import Call, Force

JSON = ("Content-Type", "application/json")
HEADERS = (("Authorization", "Bearer x"), JSON, ("Idempotency-Key", "k"))
CREATE = Request("POST", "/projects/p/creators", "a=b", HEADERS)


@pytest.fixture
def limit(current_contract):
    return current_contract.variant_by_id["402.limit"]


# ---------------------------------------------------------------------------------------------------------- the request


def test_a_header_says_it(limit):
    request = demanding(CREATE, Force("Prefer", "code={status}, example={variant}, {code}"), limit)
    assert request == replace(CREATE, headers=(*HEADERS, ("Prefer", "code=402, example=402.limit, limit_reached")))


@pytest.mark.parametrize(
    ("query", "told"), [("a=b", "a=b&__example=402.limit%20%26"), ("", "__example=402.limit%20%26")]
)
def test_a_query_parameter_says_it(limit, query, told):
    force = Force(query="__example", value="{variant} &")
    assert demanding(replace(CREATE, query=query), force, limit) == replace(CREATE, query=told)


def test_a_url_has_it_and_no_operation_is_asked(limit):
    force = Force(path="/errors/{variant}.json?s={status}")
    request = demanding(replace(CREATE, body=b"{}"), force, limit)
    assert request == Request("GET", "/errors/402.limit.json", "s=402", HEADERS[:1])


def test_a_map_of_urls_wins_over_the_rule_and_says_what_it_has_not(limit, current_contract):
    force = Force(path="/{variant}", paths={"402.limit": "/limits/reached"})
    assert demanding(CREATE, force, limit).path == "/limits/reached"
    assert demanding(CREATE, force, current_contract.variant_by_id["404"]).path == "/404"
    with pytest.raises(NotExercised, match=r"force\.paths has no URL for 404"):
        demanding(CREATE, replace(force, path=""), current_contract.variant_by_id["404"])


# ----------------------------------------------------------------------------------------------------------- the answer

REACHED = b'{"data": null, "error": "Limit", "meta": {"code": "limit_reached"}}'


@pytest.mark.parametrize(
    ("wanted", "response", "force", "why"),
    [
        ("402.limit", Response(402, (JSON,), REACHED), None, ""),
        ("", Response(500), None, ""),
        ("402.limit", Response(200, (JSON,), REACHED), None, "402.limit was asked for and 200 came"),
        (
            "500",
            Response(500, (("Content-Type", "application/problem+json"),)),
            None,
            "500 was asked for and the mock answered with an error of its own (application/problem+json)",
        ),
        ("404", Response(404), None, "404 was asked for and the mock answered with an error of its own (no type)"),
        (
            "500",
            Response(500, (("Content-Type", "text/html"),)),
            Force("a", "{code}", media_types=("text/html",)),
            "500 was asked for and the mock answered with an error of its own (text/html)",
        ),
        ("500", Response(500, (("Content-Type", "text/html"),)), Force("a", "{code}"), ""),
        (
            "404",
            Response(404, (JSON, ("Server", "goat mock")), b"{}"),
            Force("a", "{code}", markers=("sheep", "Server: goat")),
            "404 was asked for and the mock answered with an error of its own (Server: goat)",
        ),
        (
            "404",
            Response(404, (JSON,), b'{"type": "goat:none"}'),
            Force("a", "{code}", markers=("goat:none",)),
            "404 was asked for and the mock answered with an error of its own (goat:none)",
        ),
        ("402.retention", Response(402, (JSON,), REACHED), None, "402.retention was asked for and 402.limit came"),
    ],
)
def test_an_answer_on_demand_is_the_one_that_was_asked_for_or_says_why_not(
    current_contract, wanted, response, force, why
):
    exchange = Exchange(1, CREATE, response, Intent(forced=wanted))
    assert forcing_failed(exchange, current_contract, force) == why


# ----------------------------------------------------------------------------------------------------------- the states

BEFORE = Call("/admin/{variant}?code={status}", "PUT", '{"state": "{variant}"}')
AFTER = Call("https://door.example/reset", "DELETE")


class Door:
    """A mock's own door: keeps what was asked, and answers with the statuses it is given, then with 200."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.asked = []

    def __call__(self, origin, request):
        self.asked.append((origin, request))
        status = self.statuses.pop(0) if self.statuses else 200
        if isinstance(status, Exception):
            raise status
        return Response(status)


def states(contract, door, force):
    return States(force, "http://127.0.0.1:8080/api/v1", contract, door)


def test_a_state_is_set_before_and_put_back_after(current_contract):
    door = Door()
    with states(current_contract, door, Force(before=BEFORE, after=AFTER)).needed_for("402.limit"):
        assert door.asked == [
            (
                "http://127.0.0.1:8080",
                Request("PUT", "/admin/402.limit", "code=402", (JSON,), b'{"state": "402.limit"}'),
            )
        ]
    assert door.asked[1:] == [("https://door.example", Request("DELETE", "/reset"))]


def test_nothing_is_called_for_what_is_not_demanded_or_by_mocks_without_states(current_contract):
    door = Door()
    with states(current_contract, door, Force(before=BEFORE, after=AFTER)).needed_for(""):
        pass
    for force in (None, Force("Prefer", "{variant}")):
        with states(current_contract, door, force).needed_for("402.limit"):
            pass
    assert door.asked == []


def test_a_state_need_not_be_put_back(current_contract):
    door = Door()
    with states(current_contract, door, Force(before=BEFORE)).needed_for("404"):
        pass
    assert len(door.asked) == 1


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (404, "force.before: PUT http://127.0.0.1:8080/admin/404 was answered with 404"),
        (TargetGone("no connection"), "force.before: PUT http://127.0.0.1:8080/admin/404 failed: no connection"),
        (GeneratorError("odd"), "force.before: PUT http://127.0.0.1:8080/admin/404 failed: odd"),
    ],
)
def test_where_the_state_cannot_be_set_nothing_is_tried(current_contract, trouble, told):
    with (
        pytest.raises(NotExercised) as caught,
        states(current_contract, Door(trouble), Force(before=BEFORE, after=AFTER)).needed_for("404"),
    ):
        raise AssertionError
    assert str(caught.value) == told


def test_where_the_state_cannot_be_put_back_the_target_is_unusable(current_contract):
    with (
        pytest.raises(Unusable, match=r"force\.after: DELETE https://door\.example/reset was answered with 500"),
        states(current_contract, Door(200, 500), Force(before=BEFORE, after=AFTER)).needed_for("404"),
    ):
        pass


def test_while_a_mock_is_in_a_state_nobody_else_is_served(current_contract):
    several = states(current_contract, Door(), Force(before=BEFORE, after=AFTER))
    order = []

    def other():
        with several.needed_for(""):
            order.append("other")

    with several.needed_for("404"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.05)
        order.append("demanded")
    thread.join()
    assert order == ["demanded", "other"]


# --------------------------------------------------------------------------------------------------------- a whole run


class Stateful:
    """Gives a world a door by which it is put into a state, in which each answer is of one variant."""

    def __init__(self, *, stuck=False):
        self.state = ""
        self.stuck = stuck
        self.calls = []

    def __call__(self, request, forward, _number):
        path = request.extensions["target"].decode()
        if path.startswith("/state"):
            self.state = path.removeprefix("/state").strip("/")
            self.calls.append(self.state)
            return httpx.Response(500 if self.stuck and not self.state else 204, stream=httpx.ByteStream(b""))
        if self.state:
            request.headers[HEADER] = self.state
        return forward()


BY_STATE = Force(before=Call("/state/{variant}"), after=Call("/state"))


def test_a_run_puts_a_mock_into_each_state_and_back(stage):
    mock = Stateful()
    checks = {name: all_checks()[name] for name in (OBSERVED, "500.forced")}
    played = stage.play(change=mock, checks=checks, force=BY_STATE, kind="mock")
    assert played.names["500.forced"] == "pass"
    assert {"500", "402.limit", "404"} <= set(mock.calls)
    assert mock.calls[1::2] == [""] * (len(mock.calls) // 2)


def test_a_run_ends_where_a_mock_cannot_be_put_back(stage):
    played = stage.play("500.forced", change=Stateful(stuck=True), force=BY_STATE, kind="mock")
    assert played.verdict.name == "unusable"
    assert "force.after: POST" in played.run.unusable


def urls(request, forward, _number):
    """A server that has each answer at a URL of its own."""
    name = request.extensions["target"].decode().rpartition("/")[2]
    request.headers[HEADER] = name if name[:3].isdigit() else "404"
    return forward()


def test_where_each_answer_has_a_url_each_is_asked_for_once_and_no_operation_is_needed(stage):
    force = Force(path="/errors/{variant}")
    played = stage.play("402.code", "500.forced", "404", change=urls, force=force, kind="mock", keys=())
    forced = [e for e in played.run.ledger.exchanges if e.intent.forced]
    assert sorted(e.intent.forced for e in forced) == sorted(["500", *played.run.contract.variant_by_id])
    assert all(e.request.target == f"/errors/{e.intent.forced}" for e in forced)
    assert played.names["402.code"] == played.names["500.forced"] == "pass"
    assert not played.run.unusable


def test_a_variant_that_did_not_come_is_told_and_not_judged(stage):
    """Without its bucket nothing shows that a 429 is of the window; and a plan's limit is no answer of this mock at all."""

    def change(request, forward, _number):
        wanted = request.headers.get(HEADER, "")
        if wanted == "402.limit":
            del request.headers[HEADER]
        if wanted == "429.window":
            request.headers[HEADER] = "429.daily"
        return forward()

    played = stage.play(change=change, checks={OBSERVED: all_checks()[OBSERVED]}, kind="mock")
    assert played.run.unforced == {
        "402.limit": "402.limit was asked for and 201 came",
        "429.window": "429.window was asked for, and 429 rate_limit_exceeded that is none came",
    }
    assert played.names["402.limit.meta"] == played.names["429.window.meta"] == "not_exercised"
    assert played.names["429.code"] == "pass"
