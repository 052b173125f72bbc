"""Servers on loopback that misbehave on the wire, each in one way, and a client that asks them."""

import socket
import threading
from contextlib import contextmanager

import pytest

from goatcheck.conduct.client import Client
from goatcheck.conduct.secrets import Secrets
from goatcheck.errors import TargetGone
from goatcheck.exchange import Request

KEY = "tga_" + "4f9c27b1d05e83a6" * 4
SECRETS = Secrets({"reader": KEY})
GET = Request("GET", "/creators", headers=(("Authorization", "Bearer ‹key:reader›"),))
POST = Request("POST", "/projects", headers=GET.headers, body=b"{}")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def serving(*turns):
    """A server on loopback whose connections are handled by `turns` in order, the last one again and again.

    A turn gets the connection, from which the request's head is not read yet, and a `stop` event.
    """
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)
    threads = []

    def handle(connection, turn):
        with connection:
            connection.settimeout(5)
            try:
                turn(connection, stop)
            except OSError:
                return

    def accept():
        at = 0
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=handle, args=(connection, turns[min(at, len(turns) - 1)])))
            threads[-1].start()
            at += 1

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/v1"
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (acceptor, *threads):
            thread.join(5)


def head(connection):
    """Read one request's head and a body of at most what came with it."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return data
        data += more
    return data


def answering(*pieces, linger=False):
    """A turn that answers every request of its connection with the pieces; `linger` keeps it open afterwards."""

    def turn(connection, stop):
        head(connection)
        for piece in pieces:
            connection.sendall(piece)
        if linger:
            stop.wait(5)

    return turn


def dripping(first, drop):
    """A turn that sends `first`, then `drop` for ever, a piece every few milliseconds."""

    def turn(connection, stop):
        head(connection)
        connection.sendall(first)
        while not stop.wait(0.02):
            connection.sendall(drop)

    return turn


def flooding(first, drop):
    """A turn that sends `first`, then `drop` for ever, as fast as it can."""

    def turn(connection, stop):
        head(connection)
        connection.sendall(first)
        while not stop.is_set():
            connection.sendall(drop * 500)

    return turn


def ask(url, request=GET, **options):
    with Client(url, SECRETS, **{"timeout": 0.3, **options}) as client:
        return client.send(request)


def gone(url, request=GET, **options):
    with pytest.raises(TargetGone) as caught:
        ask(url, request, **options)
    told = caught.value
    assert told.__cause__ is None
    assert told.__context__ is None
    assert KEY[4:20] not in str(told)
    return told
