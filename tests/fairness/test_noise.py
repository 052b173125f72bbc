"""A valid server behind a bad line: gateways that give up, limits that others use up, connections that break."""

import threading
from random import Random

import httpx
import pytest

from goatcheck.mock.transport import WorldTransport
from goatcheck.model import reference_world
from goatcheck.model.answers import failure, window_limited


class Noise(httpx.BaseTransport):
    """Lets most requests through; of the others some are carried out all the same, and none is answered by the API."""

    def __init__(self, world, seed, share):
        self._inner = WorldTransport(world)
        self._random = Random(seed)  # noqa: S311 - noise that repeats, no secret
        self._share = share
        self._lock = threading.Lock()

    def handle_request(self, request):
        with self._lock:
            disturbed = self._random.random() < self._share and "_clock" not in str(request.url)
            kind = self._random.choice(("gateway", "timeout", "limit", "lost"))
            reached = self._random.random() < 0.5
        if not disturbed:
            return self._inner.handle_request(request)
        if reached and kind in {"timeout", "lost"}:
            self._inner.handle_request(request)
        if kind == "lost":
            raise httpx.ReadError("the connection broke", request=request)
        if kind == "limit":
            return _response(window_limited("v1Api", 1), request)
        return _response(failure(503 if kind == "gateway" else 504, "Try again"), request)


def _response(answer, request):
    return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body, request=request)


@pytest.mark.parametrize("share", [0.01, 0.1])
@pytest.mark.parametrize("seed", range(4))
def test_noise_accuses_nobody(judge, snapshot, seed, share):
    world = reference_world()
    before = snapshot(world)
    judged = judge(world, transport=Noise(world, seed, share), base_url="http://goat.example/api/v1")
    assert judged.accusations == {}
    assert judged.bugs == {}
    after = snapshot(world)
    assert {i: after.get(i) for i in before} == before
