"""The mock on a loopback port, in a thread of this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from goatcheck.mock.app import app
from goatcheck.mock.door import CLOCK_PATH, PREFIX
from goatcheck.model.world import World

_HOST = "127.0.0.1"
_BACKLOG = 256


@dataclass(frozen=True)
class Served:
    """Where a world is served: the API's base URL, and the URL of its clock."""

    base_url: str
    clock_url: str


@contextmanager
def serve(world: World, port: int = 0) -> Iterator[Served]:
    """Serve a world on loopback while the context is open; port 0 means any free one. Raises OSError for a port in use."""
    listener = _listen(port)  # accepts from here on: nobody has to wait for the thread
    config = uvicorn.Config(
        app(world),
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="off",
        http="h11",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="goatcheck-mock")
    thread.start()
    try:
        origin = f"http://{_HOST}:{listener.getsockname()[1]}"
        yield Served(origin + PREFIX, origin + CLOCK_PATH)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _listen(port: int) -> socket.socket:
    # the protocol is named because asyncio switches off Nagle's delay (40 ms an answer) only where it reads TCP
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
