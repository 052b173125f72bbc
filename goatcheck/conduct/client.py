"""The client: one request out, one response back, with a deadline, a size bound and no key left in what it returns.

It sends what it is given: no redirect is followed, nothing is retried, no path is normalised. httpx is used below its own
client, at its transports, because that client would rewrite requests and decode responses.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Mapping
from typing import Any, Self, cast

import httpx

from goatcheck import __version__
from goatcheck.conduct.deadline import DeadlineTransport
from goatcheck.conduct.secrets import Secrets
from goatcheck.conduct.wire import MAX_BODY, Wire
from goatcheck.errors import GeneratorError, TargetGone, UsageError
from goatcheck.exchange import Headers, Request, Response, fields_by_name

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
_WITH_BODY = {"POST", "PUT", "PATCH"}


class Client:
    """Sends requests to one target; may be used by several threads at once.

    `base_url` is http or https, with a path prefix or none. `timeout` (seconds) is the deadline of a whole exchange, `headers`
    go with every request that has none of that name, `max_body` bounds a response's body in bytes. `tls` says whom to trust and
    which certificate to show. `transport` replaces the network; it finds the request target as sent in the request's extension `target`.
    `wire` is that of an earlier client with the same base URL, keys and header fields: what it remembers serves this one too.
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
        wire: Wire | None = None,
    ) -> None:
        self._base = _parsed(base_url)
        self._prefix = self._base.raw_path.decode("ascii").rstrip("/")
        self._origin = f"{self._base.scheme}://{self._base.netloc.decode('ascii')}"
        self._secrets = secrets
        self._timeout = timeout
        self._timeouts = httpx.Timeout(timeout).as_dict()
        self._max_body = max_body
        self.wire = wire or Wire(secrets, _defaults(self._base, headers or {}), max_body=max_body)
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
            answer = self._transport.handle_request(self._written(request))
            stream = cast("httpx.SyncByteStream", answer.stream)
            try:
                body, oddity = self._read(stream, started + self._timeout)
            finally:
                stream.close()
        except GeneratorError as error:
            return GeneratorError(f"{_line(request)} can't be sent: {error}")
        except (httpx.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError) as error:
            return GeneratorError(f"{_line(request)} can't be sent: {self._told(error)}")
        except httpx.TransportError as error:
            return self._gone(request, error)
        return self.wire.response(answer.status_code, tuple(answer.headers.raw), body, oddity)

    def _written(self, request: Request) -> httpx.Request:
        """The request for the transport, keys in place."""
        if not request.path.startswith("/"):
            raise GeneratorError("its path does not start with a slash")
        target = (self._prefix + request.target).encode("ascii")
        if not _TARGET.fullmatch(target):
            raise GeneratorError("its path and query are too long, or hold what must be percent-encoded")
        length = str(len(request.body or b""))
        given = fields_by_name(request.headers)
        if (told := given.get("content-length") or length) != length:
            raise GeneratorError(f"its Content-Length says {told}, its body has {length} bytes")
        has_body = request.body is not None or request.method in _WITH_BODY
        framed = not has_body or given.get("content-length") or given.get("transfer-encoding")
        fields = self.wire.fields(request.headers if framed else (*request.headers, ("Content-Length", length)))
        extensions = {"timeout": self._timeouts, "target": target}
        return _Written(request.method, self._base, fields, request.body or b"", extensions)

    def _read(self, stream: httpx.SyncByteStream, end: float) -> tuple[bytes, str]:
        """The body as received, and what was odd about it."""
        parts: list[bytes] = []
        size = 0
        try:
            for part in stream:
                parts.append(part)
                size += len(part)
                if size > self._max_body:
                    return b"".join(parts)[: self._max_body], f"cut off after {self._max_body} bytes"
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("the time is up")
        except httpx.RemoteProtocolError as error:
            return b"".join(parts), f"the body broke off after {size} bytes: {self._told(error)}"
        return b"".join(parts), ""

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


class _Written(httpx.Request):
    """A request as it is: httpx would write its method in capitals. Its URL is made of the base URL and the target only if somebody
    asks for it: nothing costs httpx as much.
    """

    def __init__(  # the class's own would do much that is undone here
        self,
        method: str,
        base: httpx.URL,
        fields: httpx.Headers,
        body: bytes,
        extensions: dict[str, Any],
    ) -> None:
        self.method = method
        self.headers = fields
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
