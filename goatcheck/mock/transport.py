"""The mock without sockets: a transport that lets an httpx client talk to a world in the same process."""

from __future__ import annotations

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
        response = knock(self._world, request.method, target, request.headers.raw, request.read())
        return httpx.Response(response.status, headers=wire_headers(response), stream=httpx.ByteStream(response.body))
