"""A transport for httpx with one deadline for a whole exchange: connecting, sending, every header and the whole body.

httpx and httpcore limit each read and write alone, so an answer that drips never times out. What a request carries as its
timeouts, httpcore hands to its network backend untouched; here that is one `_Deadline` for all of them, and a thin backend
asks it before each step how much time is left. It also counts what was received, which bounds endless answers.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

_IDLE = 1.5
"""Seconds that an idle connection is kept: less than the shortest keep-alive of common servers (2 s)."""
_REPEATABLE = {"GET", "HEAD", "OPTIONS"}
_PIECE = 16 * 1024
"""Bytes written at once: a larger piece could be taken in driblets, each within the time left."""
_AT_ONCE: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Asks Linux to acknowledge at once what was received. A server that writes header and body apart, without TCP_NODELAY, waits
for that, and each answer on a kept connection would come 40 ms late. It has to be asked before each read."""
_ERRORS = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)
"""httpx has an error of the same name for each of httpcore's."""


class DeadlineTransport(httpx.BaseTransport):
    """Sends over HTTP/1.1; the `read` timeout of a request (seconds) is its total deadline.

    `max_bytes` bounds what is received for one answer, framing included. TLS certificates are verified, by `tls` where given. The proxies of
    the environment are used, never for loopback. Requests that may be repeated share kept connections, and are sent anew
    where one turns out to be closed or to hold the rest of an earlier answer. Every other request gets a connection of its
    own, so that neither can happen to it, and is never sent twice. Raises httpx's errors.
    """

    def __init__(self, origin: httpx.URL, *, max_bytes: int, tls: ssl.SSLContext | None = None) -> None:
        # What a server sends back may hold a key, and httpcore's debug lines show it as received.
        logging.getLogger("httpcore").setLevel(logging.WARNING)
        self._origin = httpcore.URL(scheme=origin.raw_scheme, host=origin.raw_host, port=origin.port, target=b"/")
        self._max_bytes = max_bytes
        options: dict[str, Any] = {
            "max_connections": None,
            "network_backend": _Backend(),
            "ssl_context": tls or (httpx.create_ssl_context() if origin.scheme == "https" else None),
        }
        proxy = _proxy(origin)
        self._kept = httpcore.ConnectionPool(proxy=proxy, keepalive_expiry=_IDLE, **options)
        self._once = httpcore.ConnectionPool(proxy=proxy, max_keepalive_connections=0, **options)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange; the body still has to be read from the response's stream, under the same deadline."""
        deadline = _Deadline(request.extensions["timeout"]["read"], self._max_bytes)
        there, target = self._origin, request.extensions.get("target") or request.url.raw_path
        wire = httpcore.Request(
            request.method,
            httpcore.URL(scheme=there.scheme, host=there.host, port=there.port, target=target),
            headers=request.headers.raw,
            content=request.stream,
            extensions={"timeout": {"connect": deadline, "read": deadline, "write": deadline}},
        )
        try:
            if request.method in _REPEATABLE:
                answer = self._sent_kept(wire, deadline)
            else:
                answer = self._once.handle_request(wire)
        except _ERRORS as error:
            raise _told(error) from error
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def _sent_kept(self, wire: httpcore.Request, deadline: _Deadline) -> httpcore.Response:
        """Send on a kept connection; each that fails before a byte came leaves the pool, until a new one is made."""
        while True:
            deadline.fresh = False
            try:
                return self._kept.handle_request(wire)
            except (httpcore.NetworkError, httpcore.RemoteProtocolError):
                if deadline.fresh or deadline.received:
                    raise

    def close(self) -> None:
        """Close all connections."""
        self._kept.close()
        self._once.close()


def on_loopback(host: str) -> bool:
    """Whether a host (a name, or an address without brackets) is this very machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return _is_address(host) and ip_address(host).is_loopback


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _proxy(origin: httpx.URL) -> httpcore.Proxy | None:
    """The proxy that the environment names for an origin, if any."""
    if on_loopback(origin.host) or proxy_bypass(origin.host):
        return None
    named = getproxies().get(origin.scheme) or getproxies().get("all")
    if not named:
        return None
    proxy = httpx.Proxy(named)
    url = httpcore.URL(scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=b"/")
    return httpcore.Proxy(url, auth=proxy.raw_auth)


def _told(error: Exception) -> httpx.TransportError:
    """The error of httpx that has the same name, and the text."""
    told: httpx.TransportError = getattr(httpx, type(error).__name__)(str(error))
    return told


class _Body(httpx.SyncByteStream):
    """The body as it comes in."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except _ERRORS as error:
            raise _told(error) from error

    def close(self) -> None:
        self._answer.close()


class _Deadline:
    """What is left to one exchange: time and bytes. `fresh` tells whether a new connection was made for it."""

    def __init__(self, seconds: float, max_bytes: int) -> None:
        self.end = time.monotonic() + seconds
        self.left_bytes = max_bytes
        self.received = 0
        self.fresh = False

    def left(self) -> float:
        """Seconds left, more than zero; else a timeout."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is up")
        return left

    def took(self, data: bytes) -> bytes:
        """Count what was received."""
        self.received += len(data)
        if self.received > self.left_bytes:
            raise httpcore.RemoteProtocolError(f"more than {self.left_bytes} bytes in one answer")
        return data


class _Backend(httpcore.NetworkBackend):
    """Connects and wraps the stream; `timeout` is always a `_Deadline`."""

    def __init__(self) -> None:
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: Any = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Try the host's addresses in turn, each with its share of the time left."""
        timeout.fresh = True
        addresses = _addresses(host, port, timeout.left())
        while True:
            address = addresses.pop(0)
            share = timeout.left() / (len(addresses) + 1)
            try:
                return _Stream(self._plain.connect_tcp(address, port, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not addresses:
                    raise


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host, at least one. The system's resolver knows no deadline, so it is left behind where it is slow."""
    found: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(entry[4][0]) for entry in entries)))
        except (OSError, UnicodeError) as error:
            found.put(error)

    if _is_address(host):
        return [host]
    threading.Thread(target=look_up, daemon=True).start()
    try:
        result = found.get(timeout=seconds)
    except Empty:
        raise httpcore.ConnectTimeout(f"no address for {host} in time") from None
    if isinstance(result, Exception):
        raise httpcore.ConnectError(f"no address for {host}: {result}")
    return result


class _Stream(httpcore.NetworkStream):
    """A network stream whose `timeout` is always a `_Deadline`."""

    def __init__(self, plain: httpcore.NetworkStream) -> None:
        self._plain = plain

    def read(self, max_bytes: int, timeout: Any = None) -> bytes:
        if _AT_ONCE is not None:
            self._plain.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, _AT_ONCE, 1)
        return timeout.took(self._plain.read(max_bytes, timeout.left()))  # type: ignore[no-any-return]

    def write(self, buffer: bytes, timeout: Any = None) -> None:
        for at in range(0, len(buffer), _PIECE):
            self._plain.write(buffer[at : at + _PIECE], timeout.left())

    def close(self) -> None:
        self._plain.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: Any = None) -> _Stream:
        return _Stream(self._plain.start_tls(ssl_context, server_hostname, timeout.left()))

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)
