"""The client against servers that misbehave on the wire: no end, no HTTP, no answer, no connection."""

import socket
import struct
import threading
import time

import pytest
from sockets import KEY, OK, POST, answering, ask, dripping, flooding, gone, head, serving


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
