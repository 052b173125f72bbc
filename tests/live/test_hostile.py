"""Whole runs against servers that answer with anything but HTTP as it should be: each ends by itself, with reports that hold."""

import json
import re
import resource
import socket
import struct
import threading
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from goatcheck.mock.door import knock, wire_headers
from goatcheck.model import reference_world
from goatcheck.rooms import room
from goatcheck.session import Session, Wanted

SECONDS = 60
MEMORY = 150 * 1024  # in KiB, as ru_maxrss has it on Linux: by so much a run may raise what the tests before it needed
SIZE = 40_000_000  # bytes of all reports together: at most 64 KiB of an answer, in JSON six times as much
ONLY = ("401.missing", "404.absent", "error", "envelope", "429.window.header")
NASTY = "\x1b[31mred\x1b[0m \x00\x07 <script>alert(1)</script> ]]> | `code` [link](javascript:x) \u202e\u2028 \ud800 &lt; \r\n# head"


def http(body=b"", status=b"404 Not Found", *headers, length=None):
    size = len(body) if length is None else length
    lines = [b"HTTP/1.1 " + status, b"Content-Type: application/json", b"Content-Length: %d" % size, *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def enveloped(error="No such thing", **meta):
    return json.dumps({"data": None, "error": error, "meta": meta or None}).encode()


def chunks_without_end():
    yield b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
    while True:
        yield b"10000\r\n" + b"x" * 65536 + b"\r\n"


def headers_without_end():
    yield b"HTTP/1.1 404 Not Found\r\n"
    while True:
        yield b"X-More: " + b"y" * 1000 + b"\r\n"


def interim_without_end():
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\n\r\n"


def trailers_without_end():
    yield b"HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
    yield b"%x\r\n%s\r\n0\r\n" % (len(enveloped()), enveloped())
    while True:
        yield b"X-Trailer: " + b"t" * 1000 + b"\r\n"


BOMB = zlib.compress(b"[" * 50_000_000)
DEEP = b'{"data": null, "error": ' + b"[" * 100_000 + b"]" * 100_000 + b', "meta": null}'
DIGITS = b'{"data": null, "error": "x", "meta": {"code": "limit_reached", "current": ' + b"9" * 5000 + b"}}"

SERVERS = {
    "nothing at all": [],
    "garbage": [b"\x00\xff\xfegarbage\r\n\r\n"],
    "a reset": None,
    "too few bytes": [http(enveloped(), length=5000)],
    "too many bytes": [http(enveloped() + b"rest", length=len(enveloped()))],
    "broken chunks": [b"HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n"],
    "an endless body": chunks_without_end,
    "endless headers": headers_without_end,
    "interim answers for ever": interim_without_end,
    "a bomb": [http(BOMB, b"404 X", b"Content-Encoding: deflate")],
    "100,000 brackets": [http(DEEP)],
    "5,000 digits": [http(DIGITS, b"402 X")],
    "a byte order mark": [http(b"\xef\xbb\xbf" + enveloped())],
    "no UTF-8": [http(b'{"data": null, "error": "\xff\xfe", "meta": null}')],
    "a lone surrogate": [http(rb'{"data": null, "error": "\ud800", "meta": null}')],
    "status 099": [http(enveloped(), b"099 X")],
    "status 999": [http(enveloped(), b"999 X")],
    "a redirect": [http(b"", b"302 Found", b"Location: http://127.0.0.1:1/elsewhere")],
    "Retry-After of a day": [http(enveloped(code="rate_limit_exceeded"), b"429 X", b"Retry-After: 86400")],
    "a nasty text": [http(enveloped(NASTY), b"401 X")],
    "nasty names": [http(json.dumps({NASTY: NASTY, "error": NASTY, "meta": {"code": NASTY}}).encode(), b"403 X")],
    "trailers without end": trailers_without_end,
    "an answer that nobody asked for": [
        http(enveloped()) + http(b'{"data": [], "error": null, "meta": null}', b"200 OK")
    ],
    "a null byte in a header's name": [http(enveloped(), b"404 X", b"X-\x00Odd: a", b"X: \x00")],
    "escapes in the reason": [http(enveloped(), b"404 \x1b[31mred\x1b]0;title\x07 <script>alert(1)</script>")],
    "megabytes of control characters": [http(b'{"data": null, "error": "' + b"\x01" * 1_900_000 + b'"}')],
    "megabytes on one line": [http(enveloped("z" * 1_900_000))],
    "a hundred thousand members": [http(enveloped(**{f"k{n}": n for n in range(100_000)}))],
    "sixty long headers": [http(enveloped(), b"404 X", *(b"X-%d: " % n + b"y" * 900 for n in range(60)))],
    "an upgrade": [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n\x00\x01"],
    "HTML": [http(b"<html>" + NASTY.encode("utf-8", "ignore"), b"200 OK")],
}


@dataclass
class Server:
    """Answers the first `served` requests as a world does and every other one with `answer`: pieces, a function that gives
    pieces without end, or None for a reset.
    """

    world: object
    answer: object
    served: int
    asked: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def speak(self, connection):
        """Answer one request, then close."""
        with connection, suppress(OSError):
            connection.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536)
            self.asked += 1
            if self.asked <= self.served:
                connection.sendall(self.well(head))
            elif self.answer is None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.badly(connection)

    def well(self, head):
        """What the world answers to a request without a body."""
        first, *lines = head.partition(b"\r\n\r\n")[0].split(b"\r\n")
        method, target, _ = first.split(b" ")
        response = knock(self.world, method.decode(), target, [tuple(line.split(b": ", 1)) for line in lines], b"")
        fields = b"".join(name + b": " + value + b"\r\n" for name, value in wire_headers(response))
        return b"HTTP/1.1 %d X\r\n%sConnection: close\r\n\r\n" % (response.status, fields) + response.body

    def badly(self, connection):
        """The answer, as long as somebody listens."""
        for piece in self.answer() if callable(self.answer) else self.answer:
            if self.over.is_set():
                return
            connection.sendall(piece)
        if not self.answer:
            self.over.wait(1)

    def accept(self, listener):
        """Each connection in a thread."""
        with suppress(OSError):
            while not self.over.is_set():
                connection, _ = listener.accept()
                threading.Thread(target=self.speak, args=(connection,), daemon=True).start()


@contextmanager
def serving(server):
    """The base URL of a server."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    thread = threading.Thread(target=server.accept, args=(listener,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/v1"
    finally:
        server.over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.fixture(scope="module")
def reports():
    return Draft202012Validator(json.loads((room("contracts") / "report.schema.json").read_text()))


@pytest.mark.parametrize("served", [0, 12])
@pytest.mark.parametrize("answer", SERVERS.values(), ids=SERVERS.keys())
def test_a_run_against_a_server_that_answers_so_ends_with_reports_that_hold(tmp_path, reports, answer, served):
    world = reference_world()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serving(Server(world, answer, served)) as url:
        profile = replace(world.profile, base_url=url, timeout=0.3, requests_per_minute=0, max_requests=60)
        wanted = replace(Wanted.of(only=ONLY, out=tmp_path), profile=profile)
        report = Session(wanted, wanted.selected, wanted.selection).execute()
    assert report.verdict in {"nonconformant", "unusable", "partial"}
    assert report.run.seconds < SECONDS
    assert not served or report.run.requests > served
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY
    reports.validate(json.loads((tmp_path / "report.json").read_text()))
    assert all(result.reason for result in report.requirements if result.outcome == "error")
    assert report.verdict != "unusable" or any(report.notes)
    suite = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own file
    assert len(suite.findall(".//testcase")) == len(report.requirements)
    page = (tmp_path / "report.html").read_text()
    assert "<script>alert" not in page
    for name in ("report.html", "report.md", "junit.xml", "report.json"):
        text = (tmp_path / name).read_text()
        assert re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text) is None, name
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(written) < SIZE
    assert not any(key.token.encode() in written for key in profile.keys)
