"""Postman collections, format 2.1 (and 2.0): the saved responses of each request, in folders of any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from goatcheck.exchange import Headers, Response
from goatcheck.recorded.entry import Entry, Item, NoExchange, Unread, attempt, member
from goatcheck.recorded.messages import as_bytes, entry_of, named_values, uncoded, why_empty
from goatcheck.recorded.streams import values_at

DEEPEST = 50
"""Folders in folders that are followed."""


def read(stream: BinaryIO, _folder: Path | None) -> Iterator[Item]:
    """The saved responses of a collection. Requests without any say nothing, and are no entries."""
    for number, item in enumerate(values_at(stream, "item.item"), start=1):
        yield from _saved(f"item {number}", item)


def _saved(place: str, item: Any, depth: int = 0) -> Iterator[Item]:
    """The saved responses of one request, or of all in a folder; a place is such as "item 3.1, response 2"."""
    if not isinstance(item, Mapping) or depth > DEEPEST:
        yield Unread(place, "it is no request and no folder" if depth <= DEEPEST else "its folders are too deep")
        return
    for number, inner in enumerate(_list(item.get("item")), start=1):
        yield from _saved(f"{place}.{number}", inner, depth + 1)
    for number, response in enumerate(_list(item.get("response")), start=1):
        yield attempt(f"{place}, response {number}", response, partial(_entry, item.get("request")))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _entry(asked: Any, place: str, raw: Any) -> Entry:
    """A saved response with the request that got it; the item's own request where none was saved with it."""
    if raw.get("code") is None:
        raise NoExchange("the saved response has no status")
    request = raw.get("originalRequest") or asked
    request = {"url": request} if isinstance(request, str) else request
    url = request["url"]
    headers = _headers(raw.get("header"))
    body, oddity = _body(raw.get("body"), headers, int(raw["code"]))
    return entry_of(
        place,
        method=request.get("method") or "GET",
        url=url if isinstance(url, str) else member(request, "url")["raw"],
        request_headers=_headers(request.get("header")),
        request_body=_sent(request.get("body") or {}),
        response=Response(int(raw["code"]), headers, body, oddity=oddity),
        whole_headers=bool(headers),
    )


def _headers(fields: Any) -> Headers:
    """Fields as a list of objects, as lines of text, or as one text; what is switched off was not sent."""
    lines = fields.split("\n") if isinstance(fields, str) else fields or ()
    return named_values(
        (
            dict(zip(("key", "value"), map(str.strip, line.split(":", 1)), strict=True))
            if isinstance(line, str)
            else line
            for line in lines
            if (":" in line if isinstance(line, str) else not line.get("disabled"))
        ),
        "key",
    )


def _body(text: Any, headers: Headers, status: int) -> tuple[bytes, str]:
    return uncoded(as_bytes(text), headers) if text else (b"", why_empty(headers, status))


def _sent(body: Mapping[str, Any]) -> bytes | None:
    """The body of a request, where it is one text."""
    text = body.get("raw") if body.get("mode", "raw") == "raw" else None
    return as_bytes(text) if text else None
