"""The client: one request out, one response back, with a deadline, a size bound and no key left in what it returns.

It sends what it is given: no redirect is followed, nothing is retried, no path is normalised. httpx is used below its own
client, at its transports, because that client would rewrite requests and decode responses.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self, cast

import httpx

from goatcheck import __version__
from goatcheck.conduct.coding import CodingError, MiscodedError, decoded
from goatcheck.conduct.deadline import DeadlineTransport
from goatcheck.conduct.secrets import Secrets
from goatcheck.errors import GeneratorError, TargetGone, UsageError
from goatcheck.exchange import Headers, Request, Response

MAX_BODY = 2 * 1024 * 1024 + 64 * 1024
"""The default bound of a response's body, in bytes."""
_FRAMING = 8
"""A body in one-byte chunks is six times as long on the wire; anything beyond this factor is no honest answer."""
_HEADERS = 256 * 1024
_QUOTE = 200
_EXPLAINED = {
    "Receive buffer too long": "more than 100 KiB of headers",
    "Server disconnected without sending a response.": "it sent no answer, or only a part of one",
}
_HOST = re.compile(rb"[\w.:-]+")
_TARGET = re.compile(rb"[!-~]{1,65536}")
"""What a request line may hold, and as much of it as a server may be asked to read."""
_ERRORS = 400
_REMEMBERED = 1000
"""Answers, and sets of header fields, that are remembered: a run sends and gets the same few again and again."""
_SHORT = 4096
"""Bytes up to which an answer is."""
_Raw = tuple[int, tuple[tuple[bytes, bytes], ...], bytes]
_WITH_BODY = {"POST", "PUT", "PATCH"}


class Client:
    """Sends requests to one target; may be used by several threads at once.

    `base_url` is http or https, with a path prefix or none. `timeout` (seconds) is the deadline of a whole exchange, `headers`
    go with every request that has none of that name, `max_body` bounds a response's body in bytes. `tls` says whom to trust and
    which certificate to show. `transport` replaces the network; it finds the request target as sent in the request's extension `target`.
    """

    def __init__(
        self,
        base_url: str,
        secrets: Secrets,
        *,
        timeout: float = 10.0,
        headers: Mapping[str, str] | None = None,
        max_body: int = MAX_BODY,
        tls: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base = _parsed(base_url)
        self._prefix = self._base.raw_path.decode("ascii").rstrip("/")
        self._origin = f"{self._base.scheme}://{self._base.netloc.decode('ascii')}"
        self._secrets = secrets
        self._timeout = timeout
        self._timeouts = httpx.Timeout(timeout).as_dict()
        self._max_body = max_body
        self._defaults = _defaults(self._base, headers or {})
        self._known: dict[_Raw, Response] = {}
        self._ready: dict[Headers, tuple[tuple[bytes, bytes], ...]] = {}
        self._transport = transport or DeadlineTransport(self._base, max_bytes=_FRAMING * max_body + _HEADERS, tls=tls)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def send(self, request: Request) -> Response:
        """Exactly one exchange.

        Raises TargetGone where no HTTP answer came in time, GeneratorError for a request that can't be sent. Neither holds
        a key in its text or in what it was caused by.
        """
        result = self._attempt(request)
        if isinstance(result, Exception):
            raise result
        return result

    def _attempt(self, request: Request) -> Response | TargetGone | GeneratorError:
        """The response or what went wrong: errors are handed up, not raised, since what was caught below may hold a key."""
        started = time.monotonic()
        try:
            wire = self._wire(request)
            answer = self._transport.handle_request(wire)
            try:
                body, oddity = self._read(answer, started + self._timeout)
            finally:
                answer.close()
        except GeneratorError as error:
            return GeneratorError(f"{_line(request)} can't be sent: {error}")
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError) as error:
            return GeneratorError(f"{_line(request)} can't be sent: {self._told(error)}")
        except httpx.TransportError as error:
            return self._gone(request, error)
        return self._response(answer, body, oddity)

    def _wire(self, request: Request) -> httpx.Request:
        """The request for the transport, keys in place."""
        if not request.path.startswith("/"):
            raise GeneratorError("its path does not start with a slash")
        target = (self._prefix + request.target).encode("ascii")
        if not _TARGET.fullmatch(target):
            raise GeneratorError("its path and query are too long, or hold what must be percent-encoded")
        fields = self._fields(request.headers)
        length = str(len(request.body or b""))
        if (told := request.header("content-length") or length) != length:
            raise GeneratorError(f"its Content-Length says {told}, its body has {length} bytes")
        has_body = request.body is not None or request.method in _WITH_BODY
        if has_body and not (request.header("content-length") or request.header("transfer-encoding")):
            fields = (*fields, (b"Content-Length", length.encode()))
        extensions = {"timeout": self._timeouts, "target": target}
        return _Wire(request.method, self._base, fields, request.body or b"", extensions)

    def _fields(self, given: Headers) -> tuple[tuple[bytes, bytes], ...]:
        """The header fields for the wire, keys in place; worked out once for those that go with many requests."""
        fields = self._ready.get(given)
        if fields is None:
            names = {name.lower() for name, _ in given}
            whole = [(name, value) for name, value in self._defaults if name.lower() not in names]
            whole += [(name, self._secrets.expand(value)) for name, value in given]
            fields = tuple((name.encode("ascii"), value.encode("latin-1")) for name, value in whole)
            if len(self._ready) >= _REMEMBERED:
                self._ready.clear()
            self._ready[given] = fields
        return fields

    def _read(self, answer: httpx.Response, end: float) -> tuple[bytes, str]:
        """The body as received, and what was odd about it."""
        parts: list[bytes] = []
        size = 0
        try:
            for part in cast("httpx.SyncByteStream", answer.stream):
                parts.append(part)
                size += len(part)
                if size > self._max_body:
                    return b"".join(parts)[: self._max_body], f"cut off after {self._max_body} bytes"
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("the time is up")
        except httpx.RemoteProtocolError as error:
            return b"".join(parts), f"the body broke off after {size} bytes: {self._told(error)}"
        return b"".join(parts), ""

    def _response(self, answer: httpx.Response, body: bytes, oddity: str) -> Response:
        """What was received, content codings undone and keys taken out; once for what comes again and again."""
        raw = (answer.status_code, tuple(answer.headers.raw), body)
        known = None if oddity else self._known.get(raw)
        if known is not None:
            return known
        response = self._cleaned(*raw, oddity)
        if not oddity and len(body) + sum(len(name) + len(value) for name, value in raw[1]) <= _SHORT:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[raw] = response
        return response

    def _cleaned(self, status: int, raw: Sequence[tuple[bytes, bytes]], body: bytes, oddity: str) -> Response:
        """One answer as it is kept."""
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
        codings = ",".join(value for name, value in headers if name.lower() == "content-encoding")
        miscoded = ""
        if body and codings:
            body, oddity, miscoded = _undone(body, codings, self._max_body, oddity)
            if status < _ERRORS:
                oddity, miscoded = oddity or miscoded, ""
        redact = self._secrets.redact
        if self._secrets.shows("\n".join(f"{name}\n{value}" for name, value in headers)):
            headers = tuple((redact(name), redact(value)) for name, value in headers)
        return Response(
            status=status,
            headers=headers,
            body=self._secrets.redact_bytes(body),
            oddity=redact(oddity),
            miscoded=redact(miscoded),
        )

    def _gone(self, request: Request, error: httpx.TransportError) -> TargetGone:
        """What an error of the transport means, for people."""
        what = f"{_line(request)} at {self._origin}"
        text = self._told(error)
        if isinstance(error, httpx.TimeoutException):
            return TargetGone(f"{what}: no complete answer within {self._timeout:g} s (target.timeout)", "timeout")
        if isinstance(error, httpx.RemoteProtocolError) and "Server disconnected" not in str(error):
            return TargetGone(f"{what}: the answer is no HTTP: {text}", "protocol")
        if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.WriteError | httpx.CloseError):
            return TargetGone(f"{what}: the connection was closed before the answer was complete ({text})", "reset")
        if "CERTIFICATE_VERIFY_FAILED" in text:
            return TargetGone(f"{what}: its certificate is not trusted ({text}); who signs it goes into target.ca_file")
        return TargetGone(
            f"{what}: no connection ({text}); is the target running, and is target.base_url right?", "connect"
        )

    def _told(self, error: Exception) -> str:
        """An error's text on one line, without keys, bounded."""
        text = " ".join(self._secrets.redact(str(error)).split()) or type(error).__name__
        return _short(_EXPLAINED.get(text, text))


class _Wire(httpx.Request):
    """A request as it is: httpx would write its method in capitals. Its URL is made of the base URL and the target only if somebody
    asks for it: nothing costs httpx as much.
    """

    def __init__(  # the class's own would do much that is undone here
        self,
        method: str,
        base: httpx.URL,
        fields: Sequence[tuple[bytes, bytes]],
        body: bytes,
        extensions: dict[str, Any],
    ) -> None:
        self.method = method
        self.headers = httpx.Headers(fields)
        self.stream = httpx.ByteStream(body)
        self.extensions = extensions
        self.url = base

    @property
    def url(self) -> httpx.URL:
        """Where it goes."""
        return self._base.copy_with(raw_path=self.extensions["target"])

    @url.setter
    def url(self, base: httpx.URL) -> None:
        self._base = base


def _parsed(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise UsageError(f"target.base_url {base_url!r} is no URL: {error}") from error
    if url.scheme not in ("http", "https") or not _HOST.fullmatch(url.raw_host):
        raise UsageError(f"target.base_url is {base_url!r}; expected http:// or https://, a host, and a path or none")
    return url


def _defaults(base: httpx.URL, headers: Mapping[str, str]) -> Headers:
    """The header fields of every request that does not bring its own."""
    own = (
        ("Host", base.netloc.decode("ascii")),
        ("User-Agent", f"goatcheck/{__version__}"),
        ("Accept-Encoding", "identity"),
    )
    given = {name.lower() for name in headers}
    return (*(field for field in own if field[0].lower() not in given), *headers.items())


def _line(request: Request) -> str:
    """Method and target for people: printable, bounded."""
    return _short(f"{request.method} {request.target}".encode("unicode_escape").decode("ascii"))


def _short(text: str) -> str:
    return text if len(text) <= _QUOTE else f"{text[:_QUOTE]}…"


def _undone(body: bytes, codings: str, bound: int, oddity: str) -> tuple[bytes, str, str]:
    """The body without its content codings, its oddity, and in which way it is in none of them ("" where it is, or was not
    received whole).

    What can't be decoded is kept as it is where it is text after all; else it is left out, since nobody could see
    whether it holds a key.
    """
    try:
        plain, cut = decoded(body, codings, bound)
    except CodingError as error:
        kept, reason = body, str(error)
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            kept, reason = b"", f"{error}; {len(body)} bytes left out"
        if isinstance(error, MiscodedError) and not oddity:
            return kept, "", reason
        return kept, oddity or reason, ""
    return plain, oddity or (f"cut off after {bound} bytes" if cut else ""), ""
