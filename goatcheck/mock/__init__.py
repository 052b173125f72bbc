"""The model behind HTTP: served on loopback, or answering a client in the same process."""

from goatcheck.mock.app import app
from goatcheck.mock.server import Served, serve
from goatcheck.mock.transport import BASE_URL, CLOCK_URL, WorldTransport

__all__ = ["BASE_URL", "CLOCK_URL", "Served", "WorldTransport", "app", "serve"]
