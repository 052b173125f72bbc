"""HAR 1.2, as browsers and proxies save it: entries under `log`.

Bodies in it are decoded already, whatever Content-Encoding says. Its `mimeType` may be the browser's guess, so it is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from goatcheck.exchange import Headers, Response
from goatcheck.recorded.entry import Entry, Item, NoExchange, converted, member
from goatcheck.recorded.messages import as_bytes, entry_of, from_base64, named_values, why_empty
from goatcheck.recorded.streams import values_at


def read(stream: BinaryIO, _folder: Path | None) -> Iterator[Item]:
    """The entries of a HAR file, one by one."""
    return converted(values_at(stream, "log.entries.item"), "entry", _entry)


def _entry(place: str, raw: Any) -> Entry:
    request, response = member(raw, "request"), member(raw, "response")
    status = int(response["status"])
    if status <= 0:
        raise NoExchange("no answer came")
    headers = named_values(response["headers"])
    content = response.get("content") or {}
    body, oddity = _body(content, headers, status)
    posted = request.get("postData")
    return entry_of(
        place,
        method=request["method"],
        url=request["url"],
        request_headers=named_values(request["headers"]),
        request_body=as_bytes(posted["text"]) if posted and posted.get("text") is not None else None,
        response=Response(status, headers, body, oddity=oddity),
        whole_headers=bool(headers),
    )


def _body(content: Mapping[str, Any], headers: Headers, status: int) -> tuple[bytes, str]:
    """The body, and why it can't be judged by it ("" where it can)."""
    text, size = content.get("text"), content.get("size")
    if text is None or (text == "" and size):
        return b"", why_empty(headers, status)
    body = from_base64(text) if content.get("encoding") == "base64" else as_bytes(text)
    if isinstance(size, int) and len(body) < size and Response(status, body=body).document.problem:
        return body, f"the recording holds {len(body)} of the body's {size} bytes"
    return body, ""
