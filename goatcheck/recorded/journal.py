"""goatcheck's own journal, and any JSON lines of its form: `{"kind": "exchange", "data": …}`, other kinds passed over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from goatcheck.conduct.journal import exchange_from_data
from goatcheck.recorded.entry import Entry, Item, Unread, attempt
from goatcheck.recorded.streams import lines_of


def read(stream: BinaryIO, _folder: Path | None) -> Iterator[Item | None]:
    """The exchanges of a journal, line by line."""
    return read_lines(lines_of(stream), 1)


def read_lines(lines: Iterable[bytes | None], first: int) -> Iterator[Item | None]:
    """Each line of a journal, the first of which has the number `first`; None for one that holds no exchange."""
    for number, line in enumerate(lines, start=first):
        yield _item(place_of(number), line)


def place_of(number: int) -> str:
    """The place of a line."""
    return f"line {number}"


def _item(place: str, line: bytes | None) -> Item | None:
    if line is None:
        return Unread(place, "the line is too long to be looked at")
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None if line.isspace() else Unread(place, "the line is no JSON")
    if not isinstance(told, dict) or not isinstance(told.get("kind"), str):
        return Unread(place, 'the line is no entry: expected {"kind": …, "data": …}')
    return attempt(place, told.get("data"), _entry) if told["kind"] == "exchange" else None


def _entry(place: str, data: Any) -> Entry:
    exchange = exchange_from_data(data)
    request, intent = exchange.request, exchange.intent
    for text in (
        *(request.method, request.path, request.query, exchange.response.oddity, *intent.broken),
        *(intent.requirement, intent.purpose, intent.operation, intent.key, intent.cause, intent.forced),
    ):
        if not isinstance(text, str):
            raise TypeError("what should be a text is none")
    return Entry(place, exchange, relative=True)
