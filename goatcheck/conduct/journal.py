"""The journal of a run: JSON lines, written as the run goes, so that a killed run has one too.

Each line is `{"kind": …, "data": …}`: first the `header`, then exchanges and whatever else the run notes, last the `footer`,
without which the run was interrupted. A body is text where it is UTF-8, else `{"base64": …}`.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from goatcheck.conduct.secrets import Secrets
from goatcheck.errors import UsageError
from goatcheck.exchange import Exchange, Headers, Intent, Request, Response

SCHEMA = "goatcheck-journal/1"
_LONGEST = 64 * 1024
"""A response's body is kept up to so many bytes; a request's always whole, since it may be sent again."""
_LARGE = 50 * 1024 * 1024
"""Bytes from which on a journal keeps of a response, headers and body each, no more than `_SHORT`: no target can fill the disk."""
_SHORT = 1024


@dataclass(frozen=True)
class Journal:
    """A journal as read: `entries` are all lines between header and footer as (kind, data), `exchanges` those of that kind
    by number. `complete` is false where the footer is missing or the last line was cut.
    """

    header: Mapping[str, Any]
    entries: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    exchanges: Mapping[int, Exchange] = field(default_factory=dict)
    footer: Mapping[str, Any] | None = None
    complete: bool = False


class JournalWriter:
    """Writes a journal to `path`, line by line; may be used by several threads.

    Everything passes `secrets` once more, whoever cleaned it before. UsageError where the file can't be written.
    """

    def __init__(self, path: Path, header: Mapping[str, Any], secrets: Secrets | None = None) -> None:
        self._secrets = secrets or Secrets({})
        self._lock = threading.Lock()
        self._written = 0
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise UsageError(f"{path} can't be written: {error.strerror}; choose another --out") from error
        self.write("header", {"schema": SCHEMA, **header})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._file.close()

    def write(self, kind: str, data: Mapping[str, Any]) -> None:
        """One line of any kind; `data` is JSON."""
        clean = dict(data)
        # One look at all texts of a line, a line break between them, which no disguise of a key reaches over. Only where something
        # shows, each is looked at by itself.
        if self._secrets.shows("\n".join(_texts(clean, []))):
            clean = _redacted(clean, self._secrets)
        self._line(kind, clean)

    def exchange(self, exchange: Exchange) -> None:
        """One exchange; a long response is cut and says so."""
        # Bodies are cleaned as bytes: in base64 the place of a key could not be mended.
        redact = self._secrets.redact_bytes
        request, response = exchange.request, exchange.response
        large = self._written > _LARGE
        body, oddity = _bounded(redact(response.body), response.oddity, _SHORT if large else _LONGEST)
        headers = _first(response.headers, _SHORT) if large else response.headers
        clean = replace(
            exchange,
            request=replace(request, body=None if request.body is None else redact(request.body)),
            response=replace(response, headers=headers, body=body, oddity=oddity),
        )
        self.write("exchange", exchange_to_data(clean))

    def close(self, footer: Mapping[str, Any]) -> None:
        """The last line, and the end of the file."""
        self.write("footer", footer)
        with self._lock:
            self._file.close()

    def _line(self, kind: str, data: Any) -> None:
        line = {"kind": kind, "data": data}
        try:
            text = json.dumps(line, ensure_ascii=False).encode()
        except UnicodeEncodeError:  # a lone surrogate
            text = json.dumps(line).encode()
        with self._lock:
            if not self._file.closed:  # else it comes from a thread that nobody waited for
                self._written += self._file.write(text + b"\n")
                self._file.flush()


def read_journal(path: Path) -> Journal:
    """Read a journal. UsageError names the file and line that is damaged; only a cut last line is forgiven."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    cut = lines.pop() != b""
    if cut and not lines:
        raise UsageError(f"{path} is no journal of goatcheck: its first line is not complete")
    read = [_entry(path, number, line) for number, line in enumerate(lines, start=1)]
    if not read or read[0][0] != "header" or read[0][1].get("schema") != SCHEMA:
        raise UsageError(f"{path} is no journal of goatcheck: its first line should be a header with schema {SCHEMA}")
    footer = read.pop()[1] if read[-1][0] == "footer" else None
    exchanges = {}
    for number, (kind, data) in enumerate(read, start=1):
        if kind == "exchange":
            exchange = _exchange(path, number, data)
            exchanges[exchange.number] = exchange
    return Journal(
        header=read[0][1],
        entries=tuple(read[1:]),
        exchanges=MappingProxyType(exchanges),
        footer=footer,
        complete=footer is not None and not cut,
    )


def exchange_to_data(exchange: Exchange) -> dict[str, Any]:
    """An exchange as JSON; `exchange_from_data` makes the very same exchange of it."""
    request, response = exchange.request, exchange.response
    return {
        "number": exchange.number,
        "request": {
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": [list(pair) for pair in request.headers],
            "body": None if request.body is None else _body_to_data(request.body),
        },
        "response": {
            "status": response.status,
            "headers": [list(pair) for pair in response.headers],
            "body": _body_to_data(response.body),
            "oddity": response.oddity,
            "miscoded": response.miscoded,
        },
        "intent": asdict(exchange.intent) | {"broken": list(exchange.intent.broken)},
        "sent": exchange.sent,
        "received": exchange.received,
    }


def exchange_from_data(data: Mapping[str, Any]) -> Exchange:
    """The exchange that `exchange_to_data` wrote; KeyError, TypeError or ValueError for data that is none."""
    request, response, intent = data["request"], data["response"], data["intent"]
    return Exchange(
        number=int(data["number"]),
        request=Request(
            method=request["method"],
            path=request["path"],
            query=request["query"],
            headers=_headers(request["headers"]),
            body=None if request["body"] is None else _body_from_data(request["body"]),
        ),
        response=Response(
            status=int(response["status"]),
            headers=_headers(response["headers"]),
            body=_body_from_data(response["body"]),
            oddity=response["oddity"],
            miscoded=response.get("miscoded", ""),
        ),
        intent=Intent(**{**intent, "broken": tuple(intent["broken"])}),
        sent=float(data["sent"]),
        received=float(data["received"]),
    )


def _body_to_data(body: bytes) -> str | dict[str, str]:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def _body_from_data(data: Any) -> bytes:
    return data.encode("utf-8") if isinstance(data, str) else base64.b64decode(data["base64"], validate=True)


def _headers(pairs: Any) -> Headers:
    return tuple((str(name), str(value)) for name, value in pairs)


def _first(headers: Headers, size: int) -> Headers:
    """The first header fields, as many as fit into so many characters."""
    lengths = accumulate(len(name) + len(value) for name, value in headers)
    return tuple(header for header, length in zip(headers, lengths, strict=True) if length <= size)


def _bounded(body: bytes, oddity: str, longest: int) -> tuple[bytes, str]:
    """A body no longer than `longest` bytes, cut between two characters, with a note."""
    if len(body) <= longest:
        return body, oddity
    kept = body[:longest]
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        kept = kept.decode("utf-8", "ignore").encode()
    note = f"the journal keeps {len(kept)} of its {len(body)} bytes"
    return kept, f"{oddity}; {note}" if oddity else note


def _texts(value: Any, found: list[str]) -> list[str]:
    """`found` with every text in a JSON value, names too."""
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for name, member in value.items():
            found.append(str(name))
            _texts(member, found)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _texts(item, found)
    return found


def _redacted(value: Any, secrets: Secrets) -> Any:
    """A JSON value with every text in it cleaned, names too."""
    if isinstance(value, str):
        return secrets.redact(value)
    if isinstance(value, Mapping):
        return {secrets.redact(str(name)): _redacted(member, secrets) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(item, secrets) for item in value]
    return value


def _entry(path: Path, number: int, line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        entry = json.loads(line)
        kind, data = entry["kind"], entry["data"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if number == 1:
            raise UsageError(f"{path} is no journal of goatcheck: its first line is no entry") from error
        raise UsageError(f'{path}:{number} is damaged; expected {{"kind": …, "data": …}}: {error}') from error
    if not isinstance(kind, str) or not isinstance(data, dict):
        raise UsageError(f"{path}:{number} is damaged; expected a text as kind and an object as data")
    return kind, data


def _exchange(path: Path, number: int, data: Mapping[str, Any]) -> Exchange:
    try:
        return exchange_from_data(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{path}:{number} holds no exchange: {type(error).__name__} {error}") from error
