"""The client's connections: kept for what may be repeated, never for a write, and used by many threads."""

import threading
import time

import pytest
from sockets import GET, OK, POST, SECRETS, answering, head, serving

from goatcheck.conduct import deadline
from goatcheck.conduct.client import Client
from goatcheck.errors import TargetGone


def twice(then=b""):
    """A turn that answers once, waits for the next request's head, and then sends `then` or nothing."""

    def turn(connection, _):
        head(connection)
        connection.sendall(OK)
        head(connection)
        connection.sendall(then)

    return turn


def test_a_kept_connection_is_used_again():
    def turn(connection, _):
        for _ in range(3):
            head(connection)
            connection.sendall(OK)

    def none(*_):
        raise AssertionError("a second connection")

    with serving(turn, none) as url, Client(url, SECRETS, timeout=1) as client:
        assert [client.send(GET).status for _ in range(3)] == [200, 200, 200]


def test_a_connection_that_the_server_closed_in_between_is_not_used_again():
    closed = threading.Event()
    seen = []

    def turn(connection, _):
        seen.append(head(connection))
        connection.sendall(OK)
        connection.close()
        closed.set()

    with serving(turn) as url, Client(url, SECRETS, timeout=1) as client:
        for _ in range(3):
            assert client.send(GET).status == 200
            assert closed.wait(1)
            closed.clear()
    assert [request[:3] for request in seen] == [b"GET"] * 3


def test_a_get_is_sent_anew_where_a_kept_connection_closes_under_it():
    with serving(twice(), answering(OK)) as url, Client(url, SECRETS, timeout=1) as client:
        assert [client.send(GET).status for _ in range(2)] == [200, 200]


def test_a_write_is_never_sent_twice():
    seen = []

    def turn(connection, _):
        seen.append(head(connection))

    with serving(answering(OK, linger=True), turn) as url, Client(url, SECRETS, timeout=1) as client:
        client.send(GET)
        with pytest.raises(TargetGone) as caught:
            client.send(POST)
    assert caught.value.cause_kind == "reset"
    assert len(seen) == 1


def test_a_write_never_meets_the_rest_of_an_earlier_answer():
    with serving(answering(OK + b"left over", linger=True), answering(OK)) as url, Client(url, SECRETS) as client:
        assert [client.send(request).status for request in (GET, POST)] == [200, 200]


def test_a_get_never_meets_the_rest_of_an_earlier_answer():
    with (
        serving(answering(OK + b"left over\r\n\r\n", linger=True), answering(OK)) as url,
        Client(url, SECRETS) as client,
    ):
        assert [client.send(GET).status for _ in range(2)] == [200, 200]


def test_a_get_that_was_answered_with_garbage_is_not_sent_anew():
    with serving(twice(b"garbage\r\n\r\n"), answering(OK)) as url, Client(url, SECRETS, timeout=1) as client:
        client.send(GET)
        with pytest.raises(TargetGone) as caught:
            client.send(GET)
    assert caught.value.cause_kind == "protocol"


def test_many_threads_may_send_at_once():
    def turn(connection, _):
        while head(connection):
            connection.sendall(OK)

    statuses = []
    with serving(turn) as url, Client(url, SECRETS, timeout=5) as client:
        threads = [
            threading.Thread(target=lambda: statuses.extend(client.send(GET).status for _ in range(10)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 80


@pytest.mark.parametrize("at_once", [True, False])
def test_an_answer_written_in_two_pieces_is_not_waited_for(monkeypatch, at_once):
    def turn(connection, _):
        while head(connection):
            connection.sendall(OK[:-2])
            connection.sendall(OK[-2:])

    if not at_once:
        monkeypatch.setattr(deadline, "_AT_ONCE", None)  # as on a system that does not offer it
    with serving(turn) as url, Client(url, SECRETS, timeout=5) as client:
        started = time.monotonic()
        assert [client.send(GET).body for _ in range(20)] == [b"{}"] * 20
        assert not at_once or deadline._AT_ONCE is None or time.monotonic() - started < 0.6
