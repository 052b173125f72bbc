"""What a fault changes in the way in which requests are read: parameters of a query, members of a body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from goatcheck.exchange import Request
from goatcheck.faults.changes import route
from goatcheck.faults.fault import Change
from goatcheck.model.call import BodyReader, Call, Reader, Refused
from goatcheck.model.world import World

Rereader = Callable[[Callable[[Any], Any]], Callable[[Any], Any]]
"""Makes another reader of one."""


def query_read(operation: str, name: str, reread: Callable[[Reader], Reader]) -> Change:
    """A query parameter of one operation is read otherwise."""

    def change(world: World) -> World:
        known = world.rules.routes[operation].query
        return route(operation, query={**known, name: reread(known[name])})(world)

    return change


def body_read(operation: str, reread: Callable[[BodyReader], BodyReader]) -> Change:
    """The body of one operation is read otherwise."""

    def change(world: World) -> World:
        reader = world.rules.routes[operation].body
        if reader is None:
            raise AssertionError(f"{operation} reads no body")
        return route(operation, body=reread(reader))(world)

    return change


def refuses(test: Callable[[Any], bool], text: str) -> Rereader:
    """The same reader, which also refuses what the test tells."""

    def reread(reader: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def read(value: Any) -> Any:
            if test(value):
                raise Refused(text)
            return reader(value)

        return read

    return reread


def reads(reader: Reader, value: Any) -> bool:
    """Whether a reader takes a value."""
    try:
        reader(value)
    except Refused:
        return False
    return True


def is_bulk(call: Call) -> bool:
    """Whether a call asks for several creators, or for one as several."""
    return b'"creators"' in (call.request.body or b"")


def with_body(request: Request, body: bytes) -> Request:
    """The same request with another body."""
    return replace(request, body=body)
