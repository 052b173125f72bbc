"""The client against servers that misbehave on the wire, each in one way."""

import gzip
import os
import socket
import struct
import threading
import time
import zlib
from contextlib import contextmanager

import pytest

from goatcheck.conduct import deadline
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


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\n", b"X"), id="header"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"X"), id="body"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nX\r\n"), id="chunks"),
        pytest.param(dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="interim-answers"),
        pytest.param(answering(linger=True), id="nothing"),
    ],
)
def test_the_deadline_holds_for_the_whole_exchange_however_the_answer_drips(turn):
    with serving(turn) as url:
        started = time.monotonic()
        told = gone(url)
        assert time.monotonic() - started < 1.5
    assert told.cause_kind == "timeout"
    assert "GET /creators" in str(told)
    assert "0.3 s" in str(told)


@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"],
    ids=["chunks", "plain"],
)
def test_an_endless_body_is_cut_off_at_the_bound(first):
    with serving(flooding(first, b"4\r\nXXXX\r\n")) as url:
        response = ask(url, max_body=10_000, timeout=5)
    assert response.status == 200
    assert len(response.body) == 10_000
    assert response.oddity == "cut off after 10000 bytes"


def test_a_body_of_nothing_but_framing_is_bounded_too():
    chunk = b"1;" + b"x" * 1000 + b"\r\nX\r\n"
    with serving(flooding(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk)) as url:
        response = ask(url, max_body=10_000, timeout=5)
    assert response.oddity.startswith("the body broke off after")
    assert "bytes in one answer" in response.oddity


def test_endless_interim_answers_are_bounded():
    with serving(flooding(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")) as url:
        told = gone(url, max_body=1000, timeout=5)
    assert told.cause_kind == "protocol"
    assert "bytes in one answer" in str(told)


@pytest.mark.parametrize("drop", [b"X-Padding: yes\r\n", b"X"], ids=["many", "one-long"])
def test_endless_headers_are_bounded(drop):
    with serving(flooding(b"HTTP/1.1 200 OK\r\nX: ", drop)) as url:
        told = gone(url, timeout=5)
    assert told.cause_kind == "protocol"
    assert "more than 100 KiB of headers" in str(told)


def test_a_large_header_is_received_whole():
    with serving(answering(b"HTTP/1.1 404 Not Found\r\nX: " + b"y" * 60_000 + b"\r\nContent-Length: 0\r\n\r\n")) as url:
        assert ask(url).header("x") == "y" * 60_000


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"HTTP/1.1 099 Odd\r\n\r\n",
        b"HTTP/1.1 20 X\r\n\r\n",
    ],
    ids=["ssh", "bytes", "status-099", "two-digits"],
)
def test_an_answer_that_is_no_http_says_so(answer):
    with serving(answering(answer)) as url:
        told = gone(url)
    assert told.cause_kind == "protocol"
    assert "no HTTP" in str(told)


def test_a_key_in_an_answer_that_is_no_http_is_not_told():
    with serving(answering(f"you are {KEY}\r\n\r\n".encode())) as url:
        told = gone(url)
    assert "‹key:reader›" in str(told)


def test_a_server_that_closes_without_a_word_is_told_as_closed():
    with serving(answering()) as url:
        told = gone(url)
    assert told.cause_kind == "reset"


def test_a_reset_connection_is_told_as_closed():
    def turn(connection, _):
        head(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with serving(turn) as url:
        assert gone(url).cause_kind == "reset"
        assert gone(url, POST).cause_kind == "reset"


def test_a_refused_connection_says_what_to_look_at():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    told = gone(f"http://127.0.0.1:{port}")
    assert told.cause_kind == "connect"
    assert "target.base_url" in str(told)


def test_an_unknown_host_is_told_as_no_connection(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    told = gone("http://target.example")
    assert told.cause_kind == "connect"
    assert "no address for target.example" in str(told)


def test_a_deadline_of_nothing_is_over_at_once():
    with serving(answering(OK)) as url:
        assert gone(url, timeout=0).cause_kind == "timeout"


def test_a_slow_resolver_does_not_outlast_the_deadline(monkeypatch):
    over = threading.Event()

    def slow(*_, **__):
        over.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    started = time.monotonic()
    told = gone("http://target.example")
    over.set()
    assert time.monotonic() - started < 1.5
    assert told.cause_kind == "timeout"


def test_a_host_that_can_t_exist_is_told_as_no_connection():
    told = gone("http://" + "a" * 64 + ".example")
    assert told.cause_kind == "connect"


def test_every_address_of_a_host_is_tried(monkeypatch):
    with serving(answering(OK)) as url:
        port = int(url.split(":")[2].split("/")[0])
        refusing = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", port))
        real = socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)
        lookup = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *rest, **options: [refusing, *real] if host == "localhost" else lookup(host, *rest, **options),
        )
        assert ask(url.replace("127.0.0.1", "localhost")).status == 200


def test_a_server_that_speaks_no_tls_is_told_as_no_connection():
    with serving(lambda connection, _: connection.sendall(OK)) as url:
        told = gone(url.replace("http://", "https://"), timeout=2)
    assert told.cause_kind == "connect"


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n", b"{}"),
        (b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", b"{}"),
    ],
    ids=["short", "bad-chunk", "no-last-chunk"],
)
def test_a_broken_body_is_a_response_with_an_oddity(answer, body):
    with serving(answering(answer)) as url:
        response = ask(url)
    assert response.status == 500
    assert response.body == body
    assert response.oddity.startswith("the body broke off after 2 bytes: ")


def test_a_content_length_that_is_too_small_cuts_the_body():
    with serving(answering(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"data": 1}')) as url:
        assert ask(url).body == b'{"'


def test_a_redirect_is_not_followed():
    with serving(answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) as url:
        response = ask(url)
    assert (response.status, response.header("location")) == (302, "http://127.0.0.1:1/")


def test_interim_answers_are_passed_over():
    with serving(answering(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)) as url:
        response = ask(url)
    assert (response.status, response.body) == (200, b"{}")


@pytest.mark.parametrize("status", [200, 418, 599, 600, 999])
def test_a_status_is_as_on_the_wire(status):
    with serving(answering(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())) as url:
        assert ask(url).status == status


def test_an_answer_to_head_has_no_body():
    with serving(answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 50\r\n\r\n")) as url:
        assert ask(url, Request("HEAD", "/creators")).body == b""


def coded(coding, data):
    size = str(len(data)).encode()
    return answering(
        b"HTTP/1.1 400 Bad\r\nContent-Encoding: " + coding + b"\r\nContent-Length: " + size + b"\r\n\r\n" + data
    )


TEXT = b'{"data": null, "error": "no"}'


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        (b"gzip", gzip.compress(TEXT, mtime=0)),
        (b"X-GZIP", gzip.compress(TEXT, mtime=0)),
        (b"deflate", zlib.compress(TEXT)),
        (b"deflate", zlib.compress(TEXT)[2:-4]),
        (b"deflate, gzip", gzip.compress(zlib.compress(TEXT))),
        (b"identity", TEXT),
        (b"", TEXT),
    ],
    ids=["gzip", "x-gzip", "deflate", "bare-deflate", "two", "identity", "empty"],
)
def test_a_content_coding_that_nobody_asked_for_is_undone(coding, data):
    with serving(coded(coding, data)) as url:
        response = ask(url)
    assert (response.body, response.oddity) == (TEXT, "")


@pytest.mark.parametrize("coding", [b"gzip", b"gzip, gzip"])
def test_a_bomb_is_cut_off_at_the_bound(coding):
    data = gzip.compress(bytes(5_000_000))
    if b"," in coding:
        data = gzip.compress(data)
    with serving(coded(coding, data)) as url:
        response = ask(url, max_body=100_000, timeout=5)
    assert len(response.body) == 100_000
    assert response.oddity == "cut off after 100000 bytes"


def test_a_compressed_key_is_found():
    with serving(coded(b"gzip", gzip.compress(f'{{"error": "{KEY}"}}'.encode()))) as url:
        assert ask(url).body == '{"error": "‹key:reader›"}'.encode()


@pytest.mark.parametrize(
    ("coding", "data", "oddity"),
    [
        (b"br", b"\x8b\x02\x80{}\x03", "'br' is not known"),
        (b"gzip", gzip.compress(TEXT, mtime=0)[:-12], "breaks off"),
        (b"gzip", b"\xff\xfe not gzip", "is not gzip"),
        (b"gzip, gzip, gzip, gzip", b"\xff", "4 content codings"),
    ],
    ids=["unknown", "cut", "none", "many"],
)
def test_bytes_that_can_t_be_decoded_are_left_out_since_they_could_hide_a_key(coding, data, oddity):
    with serving(coded(coding, data)) as url:
        response = ask(url)
    assert response.body == b""
    assert oddity in response.oddity + response.miscoded
    assert "left out" in response.oddity + response.miscoded


def test_an_error_in_another_coding_than_it_says_is_a_finding_and_what_was_cut_off_here_is_none():
    with serving(coded(b"gzip", TEXT)) as url:
        response = ask(url)
    assert (response.body, response.oddity) == (TEXT, "")
    assert "is not gzip" in response.miscoded
    with serving(coded(b"gzip", gzip.compress(os.urandom(5_000), mtime=0))) as url:
        response = ask(url, max_body=1_000)
    assert (response.oddity, response.miscoded) == ("cut off after 1000 bytes", "")
    with serving(coded(b"gzip", b"no" * 5_000)) as url:
        response = ask(url, max_body=1_000)
    assert (response.oddity, response.miscoded) == ("cut off after 1000 bytes", "")


def test_a_success_in_another_coding_than_it_says_is_odd():
    with serving(answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")) as url:
        response = ask(url)
    assert "is not gzip" in response.oddity
    assert response.miscoded == ""


def test_text_with_a_false_content_coding_is_kept():
    with serving(coded(b"utf-8", TEXT)) as url:
        response = ask(url)
    assert response.body == TEXT
    assert "'utf-8' is not known" in response.oddity


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
