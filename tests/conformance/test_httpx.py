"""Clients of httpx that hold every answer against the contract: transport and event hook, blocking and asynchronous."""

import asyncio
import gzip

import httpx
import pytest

from goatcheck.conformance import Conformance, ContractBroken
from goatcheck.httpx import ConformanceTransport, async_event_hook, event_hook

BASE = "https://api.example/api/v1"
GOOD = {"data": None, "error": "Not found", "meta": None}
BAD = {"error": "Not found"}


class Stub(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every request with the same, as a transport does: with a body that was not read yet."""

    def __init__(self, response):
        self.response = response
        self.closed = 0

    def _made(self):
        return httpx.Response(
            self.response.status_code, headers=self.response.headers, stream=httpx.ByteStream(self.response.content)
        )

    def handle_request(self, _request):
        return self._made()

    async def handle_async_request(self, _request):
        return self._made()

    def close(self):
        self.closed += 1

    async def aclose(self):
        self.closed += 1


def answered(body, status=404, **headers):
    return Stub(httpx.Response(status, json=body, headers=headers))


def ask(transport, path="/creators", **client):
    with httpx.Client(transport=transport, **client) as session:
        return session.get(BASE + path)


async def ask_async(transport, path="/creators", **client):
    async with httpx.AsyncClient(transport=transport, **client) as session:
        return await session.get(BASE + path)


def blocking(stub, **options):
    return ask(ConformanceTransport(stub, **options))


def hooked(stub, **options):
    return ask(stub, event_hooks={"response": [event_hook(**options)]})


def asynchronous(stub, **options):
    return asyncio.run(ask_async(ConformanceTransport(stub, **options)))


def async_hooked(stub, **options):
    return asyncio.run(ask_async(stub, event_hooks={"response": [async_event_hook(**options)]}))


@pytest.fixture(params=[blocking, hooked, asynchronous, async_hooked])
def get(request):
    """A GET by each kind of client."""
    return request.param


def test_an_answer_that_keeps_the_contract_comes_through(get):
    assert get(answered(GOOD)).json() == GOOD


def test_an_answer_that_breaks_it_is_raised(get):
    with pytest.raises(ContractBroken, match=r"envelope\.data-null \(MUST\).*GET /creators answered 404"):
        get(answered(BAD))


def test_what_is_broken_can_be_collected_instead(get):
    collected = []
    assert get(answered(BAD), collect=collected).json() == BAD
    assert [breach.requirement for breach in collected] == ["envelope.data-null"]


def test_what_is_known_to_be_broken_can_be_left_out(get):
    assert get(answered(BAD), conformance=Conformance(ignore=("envelope",))).json() == BAD


@pytest.mark.parametrize("client", [ask, lambda *how, **more: asyncio.run(ask_async(*how, **more))])
def test_a_transport_closes_the_inner_one(client):
    stub = answered(GOOD)
    client(ConformanceTransport(stub))
    assert stub.closed == 1


def test_a_compressed_answer_is_judged_and_comes_through_as_it_was():
    packed = gzip.compress(httpx.Response(200, json=GOOD).content)
    stub = Stub(httpx.Response(404, headers={"Content-Type": "application/json"}))
    stub._made = lambda: httpx.Response(
        404,
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        stream=httpx.ByteStream(packed),
    )
    assert ask(ConformanceTransport(stub)).json() == GOOD


def test_an_answer_that_can_t_be_decoded_is_the_client_s_to_complain_of():
    stub = Stub(httpx.Response(404))
    stub._made = lambda: httpx.Response(404, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip"))
    with pytest.raises(httpx.DecodingError):
        ask(ConformanceTransport(stub))


def test_a_streamed_answer_can_be_read_afterwards():
    with (
        httpx.Client(transport=ConformanceTransport(answered(GOOD))) as client,
        client.stream("GET", f"{BASE}/creators") as response,
    ):
        assert b"".join(response.iter_raw()) == httpx.Response(200, json=GOOD).content


def test_a_request_that_is_streamed_is_unknown():
    limit = {
        "data": None,
        "error": "max_creators_per_org",
        "meta": {"code": "limit_reached", "limitKey": "max_creators_per_org", "current": 1, "max": 5},
    }
    with httpx.Client(transport=ConformanceTransport(answered(limit, status=402))) as client:
        url = f"{BASE}/projects/1/creators"
        assert client.post(url, content=iter([b"{}"])).status_code == 402
        with pytest.raises(ContractBroken, match=r"402\.limit\.reached"):
            client.post(url, json={"tiktok_handle": "a"})


def test_what_is_not_the_api_s_comes_through():
    assert ask(ConformanceTransport(answered(BAD)), path="/../../login").json() == BAD


class OnlySync(httpx.BaseTransport):
    def handle_request(self, _request):
        return httpx.Response(200, stream=OnlyAsyncStream())


class OnlyAsync(httpx.AsyncBaseTransport):
    async def handle_async_request(self, _request):
        return httpx.Response(200, stream=OnlySyncStream())


class OnlySyncStream(httpx.SyncByteStream):
    def __iter__(self):
        yield b""


class OnlyAsyncStream(httpx.AsyncByteStream):
    async def __aiter__(self):
        yield b""


def test_a_transport_of_the_other_kind_is_refused_and_so_is_its_stream():
    with pytest.raises(TypeError, match="a Client needs"):
        ask(ConformanceTransport(OnlyAsync()))
    with pytest.raises(TypeError, match="an AsyncClient needs"):
        asyncio.run(ask_async(ConformanceTransport(OnlySync())))
    with pytest.raises(TypeError, match="stream that is asynchronous"):
        ask(ConformanceTransport(OnlySync()))
    with pytest.raises(TypeError, match="stream that is not asynchronous"):
        asyncio.run(ask_async(ConformanceTransport(OnlyAsync())))
