"""Parts of messages as the formats write them down: header fields, URLs, bodies."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from goatcheck.conduct.coding import CodingError, decoded
from goatcheck.exchange import Exchange, Headers, Intent, Request, Response
from goatcheck.recorded.entry import LOST, Entry

RECORDED = Intent(recorded=True)
"""The intent of traffic that was not ours: unknown."""

LARGEST = 16 * 1024 * 1024
"""Bytes of a compressed body that are looked at."""

_BODILESS = frozenset({204, 205, 304})
"""Statuses whose answers have no body."""
_GZIP = b"\x1f\x8b"
_SAFE = "/%:@!$&'()*+,;=~-._?[]{}|^`\"<>\\"


def entry_of(
    place: str,
    *,
    method: str,
    url: str,
    request_headers: Headers,
    request_body: bytes | None,
    response: Response,
    whole_headers: bool,
) -> Entry:
    """An entry from its parts. TypeError or ValueError for a method or URL that is none."""
    origin, path, query = split_url(url)
    request = Request(method.upper(), path, query, request_headers, request_body)
    return Entry(place, Exchange(0, request, response, RECORDED), origin, whole_headers=whole_headers)


def split_url(url: str) -> tuple[str, str, str]:
    """Origin ("" for none), path and query of a URL, as they are sent: what is no ASCII is percent-encoded. ValueError for none."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
    return origin, _sent(parts.path) or "/", _sent(parts.query)


def named_values(pairs: Iterable[Mapping[str, Any]], name: str = "name") -> Headers:
    """Header fields of a list of objects with a name and a value. HTTP/2's pseudo fields are none; one value with line breaks
    is several fields.
    """
    return tuple(_fields((str(pair[name]), pair["value"]) for pair in pairs))


def mapped_values(fields: Mapping[str, Any] | None) -> Headers:
    """Header fields of an object: each name with its value or with a list of them."""
    return tuple(_fields((fields or {}).items()))


def header(headers: Headers, name: str) -> str | None:
    """The first field of a name in small letters, or None."""
    return next((value for key, value in headers if key.lower() == name), None)


def as_bytes(body: Any) -> bytes:
    """A body that was written down as text, or as bytes. TypeError for anything else."""
    if isinstance(body, bytes):
        return body
    if not isinstance(body, str):
        raise TypeError("a body is text")
    return body.encode("utf-8", "surrogatepass")


def from_base64(text: str) -> bytes:
    """A body that was written down in base64; line breaks in it mean nothing. ValueError for what is none."""
    return base64.b64decode("".join(text.split()), validate=True)


def uncoded(body: bytes, headers: Headers) -> tuple[bytes, str]:
    """A body as its reader got it, where the recorder may have kept it compressed; and what is odd about it ("" for nothing).

    Recorders differ in whether they undo a content coding and leave the header that tells it. Text in JSON starts with none of
    gzip's bytes, so a body is taken for compressed where it starts so.
    """
    codings = header(headers, "content-encoding")
    if not codings or not body:
        return body, ""
    if not body.startswith(_GZIP) and _is_text(body):
        return body, ""
    try:
        plain, cut = decoded(body, codings, LARGEST)
    except CodingError as error:
        return body, str(error)
    return plain, f"only the first {LARGEST} bytes of the compressed body were looked at" if cut else ""


def why_empty(headers: Headers, status: int) -> str:
    """Why an answer that was written down without a body can't be judged by it; "" where there was none."""
    return "" if status in _BODILESS or header(headers, "content-length") == "0" else LOST


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _fields(pairs: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        if str(name).startswith(":"):
            continue
        for one in value if isinstance(value, list) else (value,):
            yield from ((str(name), part) for part in ("" if one is None else str(one)).split("\n"))


def _sent(part: str) -> str:
    return part if part.isascii() else quote(part, safe=_SAFE)
