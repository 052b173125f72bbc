"""A pytest plugin for the tests of API clients: a test that asks for `goatcheck_contract` fails where a stubbed answer breaks the contract.

Load it with ``-p goatcheck.fixtures``, or in the conftest.py at the root with ``pytest_plugins = ["goatcheck.fixtures"]``. Answers that
come through httpx and requests are judged, whatever makes them: respx, pytest-httpx, responses, pytest-httpserver, a
server. Override the fixture `goatcheck_conformance` to say where the API is, what to ignore, or that SHOULDs count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import requests
from urllib3 import HTTPHeaderDict

from goatcheck.conformance import Breach, Conformance, ContractBroken
from goatcheck.exchange import Headers
from goatcheck.httpx import breaches_of

_NAME = "goatcheck_contract"
_STREAMED = "the answer is read as a stream"


class Guard:
    """What the answers of one test have broken so far: `breaches`. The test fails for them when it ends."""

    def __init__(self, conformance: Conformance) -> None:
        self.conformance = conformance
        self.breaches: list[Breach] = []

    def check(self) -> None:
        """Raise ContractBroken if any answer broke the contract, and forget about it."""
        found, self.breaches = self.breaches, []
        if found:
            raise ContractBroken(dict.fromkeys(found))

    def saw_httpx(self, response: httpx.Response) -> None:
        """Judge an answer of httpx, and those that redirected to it."""
        for one in (*response.history, response):
            self.breaches += breaches_of(one, self.conformance)

    def saw_requests(self, response: requests.Response) -> None:
        """Judge an answer of requests, and those that redirected to it."""
        for one in (*response.history, response):
            self.breaches += _of_requests(one, self.conformance)


@pytest.fixture
def goatcheck_conformance() -> Conformance:
    """What answers are held against: override it to change that."""
    return Conformance()


@pytest.fixture
def goatcheck_contract(goatcheck_conformance: Conformance, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """Judges every answer that httpx and requests give while the test runs."""
    guard = Guard(goatcheck_conformance)
    monkeypatch.setattr(httpx.Client, "send", _watched(httpx.Client.send, guard.saw_httpx))
    monkeypatch.setattr(httpx.AsyncClient, "send", _watched_async(httpx.AsyncClient.send, guard.saw_httpx))
    monkeypatch.setattr(requests.Session, "send", _watched(requests.Session.send, guard.saw_requests))
    yield guard
    guard.check()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """The test itself fails, not its end: pytest would call that an error."""
    result = yield
    guard = getattr(item, "funcargs", {}).get(_NAME)
    if isinstance(guard, Guard):
        guard.check()
    return result


def _watched(send: Callable[..., Any], saw: Callable[[Any], None]) -> Callable[..., Any]:
    """A client's `send` that shows what comes back."""

    def watched(*arguments: Any, **options: Any) -> Any:
        response = send(*arguments, **options)
        saw(response)
        return response

    return watched


def _watched_async(send: Callable[..., Any], saw: Callable[[Any], None]) -> Callable[..., Any]:
    async def watched(*arguments: Any, **options: Any) -> Any:
        response = await send(*arguments, **options)
        saw(response)
        return response

    return watched


def _of_requests(response: requests.Response, conformance: Conformance) -> tuple[Breach, ...]:
    """What an answer of requests breaks. One that is read as a stream is judged by status and headers."""
    request = response.request
    read = response._content is not False  # noqa: SLF001 - to ask for `content` would read the stream away from the test
    body = request.body.encode() if isinstance(request.body, str) else request.body
    return conformance.breaches(
        method=request.method or "GET",
        url=request.url or "/",
        request_headers=tuple((name, str(value)) for name, value in request.headers.items()),
        request_body=body if isinstance(body, bytes) else None,
        status=response.status_code,
        headers=_fields(response),
        body=response.content or b"" if read else b"",
        oddity="" if read else _STREAMED,
    )


def _fields(response: requests.Response) -> Headers:
    """The header fields one by one, where requests has not lost them: its own joins those of one name."""
    fields = getattr(response.raw, "headers", None)
    return tuple(fields.iteritems() if isinstance(fields, HTTPHeaderDict) else response.headers.items())
