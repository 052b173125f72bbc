"""The way into a world from HTTP: which part of a URL is the API's, which the clock's, and what lies outside."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from goatcheck.exchange import Document, Headers, Request, Response
from goatcheck.model.answers import failure, not_found, wrong_method
from goatcheck.model.endings import dated
from goatcheck.model.world import World

PREFIX = "/api/v1"
CLOCK_PATH = "/_clock"
_OK = 200
_BODILESS = frozenset({204, 304})
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_REMEMBERED = 2000
"""Sets of header fields that are worked out once: the same few come and go again and again."""


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
    return world.answer(Request(method, relative, query, _read(tuple(headers)), body or None))


def wire_headers(response: Response) -> tuple[tuple[bytes, bytes], ...]:
    """A response's header fields for the wire, with a length where it has none and does not come in chunks."""
    return _written(response.headers, None if response.status in _BODILESS else len(response.body))


@lru_cache(maxsize=_REMEMBERED)
def _written(fields: Headers, length: int | None) -> tuple[tuple[bytes, bytes], ...]:
    framed = any(name.lower() in _FRAMING for name, _ in fields)
    whole = fields if framed or length is None else (*fields, ("Content-Length", str(length)))
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in whole)


@lru_cache(maxsize=_REMEMBERED)
def _read(fields: tuple[tuple[bytes, bytes], ...]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)


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
