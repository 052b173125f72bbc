"""What a recorded request stands on: the things that its run had made by then, and that are gone since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from goatcheck.contract import Contract
from goatcheck.exchange import Exchange, Request, Response

_MADE = {200, 201}
_REMOVED = {200, 204}


def stands_on(exchange: Exchange, exchanges: Iterable[Exchange], contract: Contract) -> tuple[Exchange, ...]:
    """The creates before an exchange whose things it means, by id or by name, and that were still there; in their order."""
    makers = {operation.id for operation in contract.operations if operation.makes}
    text = _text(exchange.request)
    found: dict[int, Exchange] = {}
    for earlier in sorted(exchanges, key=lambda e: e.number):
        if earlier.number >= exchange.number:
            break
        if earlier.intent.operation in makers and earlier.response.status in _MADE and not earlier.intent.forced:
            if any(
                re.search(rf"(?<![\w.-]){re.escape(mark)}(?![\w.-])", text, re.IGNORECASE) for mark in _marks(earlier)
            ):
                found[earlier.number] = earlier
        elif earlier.request.method == "DELETE" and earlier.response.status in _REMOVED:
            gone = earlier.request.path.rsplit("/", 1)[-1]
            found = {number: e for number, e in found.items() if gone not in ids_in(e.response)}
    return tuple(found.values())


def made_by(exchanges: Iterable[Exchange], contract: Contract) -> int:
    """How many things these exchanges made, as far as their answers tell; what comes back after its removal counts again."""
    makers = {operation.id for operation in contract.operations if operation.makes}
    there: set[str] = set()
    count = 0
    for exchange in sorted(exchanges, key=lambda e: e.number):
        if exchange.intent.operation in makers and exchange.response.status in _MADE and not exchange.intent.forced:
            told = set(ids_in(exchange.response))
            count += len(told - there) if told else 1
            there |= told
        elif exchange.request.method == "DELETE" and exchange.response.status in _REMOVED:
            there.discard(exchange.request.path.rsplit("/", 1)[-1])
    return count


def ids_in(response: Response) -> tuple[str, ...]:
    """The ids of the things in the answer to a create, single or bulk, in order."""
    return tuple(_ids(response.member("data")))


def with_ids(request: Request, ids: Mapping[str, str]) -> Request:
    """The same request with other ids: those of `ids`, old to new, wherever they stand."""
    path, query, body = request.path, request.query, request.body
    for old, new in ids.items():
        path, query = path.replace(old, new), query.replace(old, new)
        body = None if body is None else body.replace(old.encode(), new.encode())
    return replace(request, path=path, query=query, body=body)


def _marks(create: Exchange) -> Iterator[str]:
    """What another request would mean the thing by: its ids, and the names that were asked for."""
    yield from ids_in(create.response)
    yield from (name.lstrip("@") for name in _names(create.request.document.value))


def _text(request: Request) -> str:
    return f"{request.target} {(request.body or b'').decode('utf-8', 'replace')}"


def _ids(data: Any) -> Iterator[str]:
    if isinstance(data, dict) and isinstance(data.get("id"), str):
        yield data["id"]
    elif isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _ids(value)


def _names(value: Any) -> Iterator[str]:
    """The names in the body of a create: of one thing, or of several in a list."""
    if isinstance(value, dict):
        yield from (text for text in (value.get("tiktok_handle"), value.get("name")) if isinstance(text, str))
        for member in value.values():
            for item in member if isinstance(member, list) else ():
                yield from _names(item)
