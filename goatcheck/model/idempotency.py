"""Idempotency keys: the first answer again within a day, and no second use for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goatcheck.exchange import Response
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import Remembered

if TYPE_CHECKING:
    from goatcheck.model.world import World

_OK = range(200, 300)


def replay(world: World, call: Call) -> Answer:
    """The first answer again for the same route, path and body; 409 for a key that was used for anything else."""
    first = world.state.remembered.get(_name(call) or ("", ""))
    if first is None or first.at + world.rules.numbers.idempotency_seconds <= call.now:
        return None
    if first.template != call.served.template:
        return answers.conflict("This idempotency key was used on a different route")
    if (first.path, first.body) != (call.request.path, call.request.body or b""):
        return answers.conflict("This idempotency key was used for a different request")
    return first.response


def remember(world: World, call: Call, response: Response) -> Response:
    """Keep a success under the call's idempotency key; the first one counts for its day."""
    name = _name(call)
    if name and response.status in _OK and replay(world, call) is None:
        route, body = call.served, call.request.body or b""
        world.state.remembered[name] = Remembered(route.template, call.request.path, body, call.now, response)
    return response


def _name(call: Call) -> tuple[str, str] | None:
    """Whose key it is and its text, on routes that create; keys are an org's own."""
    sent = call.request.header("idempotency-key")
    creates = call.route is not None and call.route.creates
    return (call.org.id, sent) if sent and creates and call.org else None
