"""What a run made is removed, also where the target never told that it was made."""

import httpx
import pytest

from goatcheck.conduct.sender import Sender


def losing(way, number=2):
    """Every so many creates are carried out, and answered in another way: by calling it with the request."""
    seen = []

    def change(request, forward, _number):
        response = forward()
        if request.method == "POST" and response.status_code in {200, 201}:
            seen.append(request)
            if len(seen) % number == 0:
                return way(request)
        return response

    return change, seen


def lost(request):
    raise httpx.ReadError("reset", request=request)


def failed(_request):
    return httpx.Response(500, json={"data": None, "error": "Oops", "meta": {"code": "internal_error"}})


def refused(_request):
    return httpx.Response(502, text="<html>Bad gateway</html>", headers={"Content-Type": "text/html"})


@pytest.mark.parametrize("way", [lost, failed, refused])
def test_a_create_that_was_carried_out_without_a_word_is_found_and_removed(staging, way):
    before = staging.stage.left()
    change, seen = losing(way)
    played = staging.play("404", "409", change=change)
    assert len(seen) > 3
    assert staging.stage.left() == before
    assert played.run.leftovers == []


def test_a_create_that_was_interrupted_is_found_and_removed(stage):
    def interrupting(request, forward, _number):
        response = forward()
        if request.method == "POST" and response.status_code == 201:
            raise KeyboardInterrupt
        return response

    before = stage.left()
    played = stage.play("409.duplicate", change=interrupting)
    assert played.verdict.name == "interrupted"
    assert stage.left() == before
    assert played.run.leftovers == []


def test_a_create_whose_answer_came_and_was_not_taken_note_of_is_found_and_removed(stage, monkeypatch):
    judged = Sender._judged

    def interrupted(sender, exchange, **how):
        if exchange.request.method == "POST" and exchange.response.status == 201:
            monkeypatch.setattr(Sender, "_judged", judged)
            raise KeyboardInterrupt
        return judged(sender, exchange, **how)

    monkeypatch.setattr(Sender, "_judged", interrupted)
    before = stage.left()
    played = stage.play("409.duplicate")
    assert played.verdict.name == "interrupted"
    assert stage.left() == before
    assert played.run.leftovers == []


@pytest.mark.parametrize(("more", "removed"), [(1, False), (2, True)])
def test_what_the_budget_lets_nobody_look_for_is_told(stage, more, removed):
    """Looking for it takes a request, removing it a second one."""
    at = []

    def cutting(request, forward, number):
        response = forward()
        if request.method == "POST" and response.status_code == 201:
            at.append(number)
            raise KeyboardInterrupt
        return response

    stage.play("409.duplicate", change=cutting)
    before = stage.left()
    played = stage.play("409.duplicate", change=cutting, max_requests=at[0] + more)
    assert at[0] == at[1]
    assert played.run.budget.requests == at[0] + 2 * removed
    assert (stage.left() == before) == removed
    wanted = [] if removed else [True]
    assert ["may be left on the target: the run's" in told for told in played.run.leftovers] == wanted
