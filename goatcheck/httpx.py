"""httpx clients that hold every answer of the API against the contract.

    client = httpx.Client(transport=ConformanceTransport(httpx.HTTPTransport()))
    client = httpx.Client(event_hooks={"response": [event_hook()]})

Both raise ContractBroken where an answer breaks a MUST; with `collect` they append what is broken to that list instead. Answers
are read whole before they are judged. What is not the API's passes untouched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpx

from goatcheck.conformance import Breach, Conformance, ContractBroken
from goatcheck.exchange import Headers

__all__ = ["ConformanceTransport", "async_event_hook", "breaches_of", "event_hook"]


class ConformanceTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport around another one, for a Client or an AsyncClient, as the inner one is."""

    def __init__(
        self,
        inner: httpx.BaseTransport | httpx.AsyncBaseTransport,
        conformance: Conformance | None = None,
        *,
        collect: list[Breach] | None = None,
    ) -> None:
        self.inner = inner
        self._conformance = conformance or Conformance()
        self._collect = collect

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send by the inner transport, and judge what comes back."""
        if not isinstance(self.inner, httpx.BaseTransport):
            raise TypeError("a Client needs a ConformanceTransport around a transport that is not asynchronous")
        response = self.inner.handle_request(request)
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise TypeError("the inner transport answers with a stream that is asynchronous")
        try:
            raw = b"".join(response.stream)
        finally:
            response.close()
        return self._judged(request, response, raw)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for an AsyncClient."""
        if not isinstance(self.inner, httpx.AsyncBaseTransport):
            raise TypeError("an AsyncClient needs a ConformanceTransport around an asynchronous transport")
        response = await self.inner.handle_async_request(request)
        if not isinstance(response.stream, httpx.AsyncByteStream):
            raise TypeError("the inner transport answers with a stream that is not asynchronous")
        try:
            raw = b"".join([part async for part in response.stream])
        finally:
            await response.aclose()
        return self._judged(request, response, raw)

    def close(self) -> None:
        """Close the inner transport."""
        if isinstance(self.inner, httpx.BaseTransport):
            self.inner.close()

    async def aclose(self) -> None:
        """Close the inner transport."""
        if isinstance(self.inner, httpx.AsyncBaseTransport):
            await self.inner.aclose()

    def _judged(self, request: httpx.Request, response: httpx.Response, raw: bytes) -> httpx.Response:
        def again() -> httpx.Response:
            stream = httpx.ByteStream(raw)
            return httpx.Response(
                response.status_code, headers=response.headers, stream=stream, extensions=response.extensions
            )

        judged = again()
        judged.request = request
        with suppress(httpx.DecodingError):
            judged.read()
        _tell(breaches_of(judged, self._conformance), self._collect)
        return again()


def event_hook(
    conformance: Conformance | None = None, *, collect: list[Breach] | None = None
) -> Callable[[httpx.Response], None]:
    """A hook for `event_hooks={"response": [...]}` of a Client."""
    wanted = conformance or Conformance()

    def hook(response: httpx.Response) -> None:
        response.read()
        _tell(breaches_of(response, wanted), collect)

    return hook


def async_event_hook(
    conformance: Conformance | None = None, *, collect: list[Breach] | None = None
) -> Callable[[httpx.Response], Awaitable[None]]:
    """A hook for `event_hooks={"response": [...]}` of an AsyncClient."""
    wanted = conformance or Conformance()

    async def hook(response: httpx.Response) -> None:
        await response.aread()
        _tell(breaches_of(response, wanted), collect)

    return hook


def breaches_of(response: httpx.Response, conformance: Conformance) -> tuple[Breach, ...]:
    """What an answer of httpx breaks. One whose body was not read is judged by status and headers."""
    body, oddity = b"", ""
    try:
        body = response.content
    except httpx.ResponseNotRead:
        oddity = "the body was not read, or can't be decoded"
    request = response.request
    try:
        sent = request.content
    except httpx.RequestNotRead:
        sent = None
    return conformance.breaches(
        method=request.method,
        url=str(request.url),
        request_headers=_headers(request.headers),
        request_body=sent or None,
        status=response.status_code,
        headers=_headers(response.headers),
        body=body,
        oddity=oddity,
    )


def _headers(headers: httpx.Headers) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def _tell(breaches: tuple[Breach, ...], collect: list[Breach] | None) -> None:
    if collect is not None:
        collect.extend(breaches)
    elif breaches:
        raise ContractBroken(breaches)
