"""The mock without sockets: a transport that lets an httpx client talk to a world in the same process."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import httpx

from goatcheck.mock.door import CLOCK_PATH, PREFIX, knock, wire_headers
from goatcheck.model.world import World

BASE_URL = f"http://mock.invalid{PREFIX}"
CLOCK_URL = f"http://mock.invalid{CLOCK_PATH}"


class WorldTransport(httpx.BaseTransport):
    """Answers like the served mock, for any host; may be used by several threads."""

    def __init__(self, world: World) -> None:
        self._world = world

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The world's response to an httpx request."""
        target = request.extensions.get("target") or request.url.raw_path
        body = b"".join(cast("httpx.SyncByteStream", request.stream))
        response = knock(self._world, request.method, target, request.headers.raw, body)
        fields = _fields(wire_headers(response))
        return httpx.Response(response.status, headers=fields, stream=httpx.ByteStream(response.body))


@lru_cache(maxsize=2000)
def _fields(headers: tuple[tuple[bytes, bytes], ...]) -> httpx.Headers:
    return httpx.Headers(headers)
