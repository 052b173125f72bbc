"""The way into a world from HTTP: which part of a URL is the API's, which the clock's, and what lies outside."""

from __future__ import annotations

import json
from collections.abc import Iterable

from goatcheck.exchange import Document, Headers, Request, Response
from goatcheck.model.answers import failure, not_found, wrong_method
from goatcheck.model.endings import dated
from goatcheck.model.world import World

PREFIX = "/api/v1"
CLOCK_PATH = "/_clock"
_OK = 200


def knock(
    world: World, method: str, raw_target: bytes, headers: Iterable[tuple[bytes, bytes]], body: bytes
) -> Response:
    """The world's response to a request as it came in; `raw_target` is path and query as on the request line. Never raises for odd input."""
    path, _, query = raw_target.decode("latin-1").partition("?")
    if path == CLOCK_PATH:
        return dated(_clock(world, method, body), world.clock.now())
    if path != PREFIX and not path.startswith(PREFIX + "/"):
        return dated(not_found("route"), world.clock.now())
    relative = path.removeprefix(PREFIX) or "/"
    fields: Headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
    return world.answer(Request(method, relative, query, fields, body or None))


def wire_headers(response: Response) -> list[tuple[bytes, bytes]]:
    """A response's header fields for the wire, with a length where it has none and does not come in chunks."""
    fields = response.headers
    framed = response.header("content-length") or response.header("transfer-encoding")
    if framed is None and response.status not in {204, 304}:
        fields = (*fields, ("Content-Length", str(len(response.body))))
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]


def _clock(world: World, method: str, body: bytes) -> Response:
    """GET tells the time, POST {"advance": seconds} moves it first; both answer {"now": Unix seconds}."""
    if method == "POST":
        wish = Document.read(body).value
        seconds = wish.get("advance") if isinstance(wish, dict) else None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            return failure(400, 'The clock wants {"advance": seconds}')
        try:
            world.clock.advance(seconds)
        except ValueError as error:
            return failure(400, str(error))
    elif method != "GET":
        return wrong_method(("GET", "POST"))
    told = json.dumps({"now": world.clock.now()}).encode()
    return Response(_OK, (("Content-Type", "application/json"),), told)
