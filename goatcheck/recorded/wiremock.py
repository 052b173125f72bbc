"""WireMock: its stub mappings, which say how it would answer, and its request journal (`GET /__admin/requests`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from goatcheck.exchange import Headers, Response
from goatcheck.recorded.entry import LOST, Entry, Item, NoExchange, attempt, converted, member
from goatcheck.recorded.messages import as_bytes, entry_of, from_base64, mapped_values, uncoded
from goatcheck.recorded.streams import values_at

FILES = "__files"
"""The folder of bodies, beside that of the mappings."""

NO_OPERATIONS_METHOD = "PUT"
"""What a stub for any method is read as: a method that no operation has, so that only what holds for all is judged."""

_URLS = ("url", "urlPath", "urlPathTemplate", "urlPathPattern", "urlPattern")
_TEMPLATE = "the stub's answer is a template, which WireMock fills in for each request"


def read_mappings(stream: BinaryIO, folder: Path | None) -> Iterator[Item]:
    """The stubs of a file with several (`{"mappings": […]}`), as WireMock's admin API gives them."""
    return converted(values_at(stream, "mappings.item"), "stub", partial(_stub, folder))


def read_mapping(stream: BinaryIO, folder: Path | None) -> Iterator[Item]:
    """The one stub of a file, as WireMock's recorder writes it."""
    for value in values_at(stream, ""):
        yield attempt("the stub", value, partial(_stub, folder))


def read_journal(stream: BinaryIO, _folder: Path | None) -> Iterator[Item]:
    """The requests that a WireMock got, with what it answered."""
    return converted(values_at(stream, "requests.item"), "request", _logged)


def _stub(folder: Path | None, place: str, raw: Any) -> Entry:
    request, response = member(raw, "request"), member(raw, "response")
    if "fault" in response:
        raise NoExchange("the stub breaks the connection")
    if "proxyBaseUrl" in response:
        raise NoExchange("the stub passes requests on")
    method = request.get("method", "ANY").upper()
    headers = mapped_values(response.get("headers"))
    body, oddity = _stub_body(response, folder)
    if any("{{" in text for text in (body.decode("utf-8", "replace"), *(value for _, value in headers))):
        raise NoExchange(_TEMPLATE)
    return entry_of(
        place,
        method=NO_OPERATIONS_METHOD if method == "ANY" else method,
        url=next((request[name] for name in _URLS if name in request), "/"),
        request_headers=(),
        request_body=None,
        response=Response(int(response.get("status", 200)), headers, body, oddity=oddity),
        whole_headers=True,
    )


def _stub_body(response: Mapping[str, Any], folder: Path | None) -> tuple[bytes, str]:
    if "jsonBody" in response:
        return json.dumps(response["jsonBody"]).encode(), ""
    if "base64Body" in response:
        return from_base64(response["base64Body"]), ""
    if "bodyFileName" in response:
        return _file(response["bodyFileName"], folder)
    return as_bytes(response.get("body", "")), ""


def _file(name: str, folder: Path | None) -> tuple[bytes, str]:
    """A body that lies in a file: beside the mapping's folder, and nowhere else, so that no recording can have any file read."""
    for home in (folder.parent / FILES, folder / FILES) if folder else ():
        path = (home / name).resolve()
        if path.is_relative_to(home.resolve()) and path.is_file():
            return path.read_bytes(), ""
    return b"", f"{LOST}: it lies in a file of the folder {FILES}, which is not beside the recording"


def _logged(place: str, raw: Any) -> Entry:
    request, response = member(raw, "request"), raw.get("response") or {}
    if not response.get("status"):
        raise NoExchange("no answer is written down")
    headers = mapped_values(response.get("headers"))
    body, oddity = _logged_body(raw, response, headers)
    return entry_of(
        place,
        method=request["method"],
        url=request.get("absoluteUrl") or request["url"],
        request_headers=mapped_values(request.get("headers")),
        request_body=_written(request),
        response=Response(int(response["status"]), headers, body, oddity=oddity),
        whole_headers=bool(headers),
    )


def _logged_body(raw: Mapping[str, Any], response: Mapping[str, Any], headers: Headers) -> tuple[bytes, str]:
    """WireMock words its answer to a request that no stub matched only after it has written its journal."""
    if raw.get("wasMatched") is False:
        return b"", "no stub matched, and the journal of WireMock does not hold what it answers then"
    return uncoded(_written(response) or b"", headers)


def _written(message: Mapping[str, Any]) -> bytes | None:
    coded = message.get("bodyAsBase64")
    if coded:
        return from_base64(coded)
    return as_bytes(message["body"]) if message.get("body") is not None else None
