"""Which route a request means, and what is told of a path or method that none serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goatcheck.exchange import Response
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call

if TYPE_CHECKING:
    from goatcheck.model.world import World


def match(world: World, call: Call) -> Answer:
    """Find the routes on the path, and the one that the method means; never answers."""
    call.known = world.rules.places.on(call.request.path)
    call.route = next((route for route in call.known if route.method == call.method), None)
    if call.route and call.route.id_at:
        call.path_id = call.request.path.split("/")[call.route.id_at]
    return None


def answer_options(_world: World, call: Call) -> Answer:
    """204 to OPTIONS, with or without a key: browsers ask so before they send one."""
    if call.method != "OPTIONS":
        return None
    return Response(204, (("Allow", ", ".join(_allowed(call) or ("GET", "HEAD", "OPTIONS"))),))


def refuse_removed(_world: World, call: Call) -> Answer:
    """410 on a removed route, whatever the id in it."""
    return answers.gone() if call.route and call.route.gone else None


def refuse_unserved(_world: World, call: Call) -> Answer:
    """404 on a path that no route serves, 405 on a method that a known path does not serve."""
    if call.route:
        return None
    return answers.wrong_method(_allowed(call)) if call.known else answers.not_found("route")


def _allowed(call: Call) -> tuple[str, ...]:
    methods = {route.method for route in call.known}
    extra = ({"HEAD"} if "GET" in methods else set()) | ({"OPTIONS"} if methods else set())
    return tuple(sorted(methods | extra))
