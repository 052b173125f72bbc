"""The client with targets that behave: what is on the wire, and what comes back."""

import json
import logging
import shutil
import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from goatcheck import __version__
from goatcheck.conduct.client import Client
from goatcheck.conduct.deadline import on_loopback
from goatcheck.conduct.secrets import Secrets
from goatcheck.errors import GeneratorError, TargetGone, UsageError
from goatcheck.exchange import Request

KEY = "tga_" + "4f9c27b1d05e83a6" * 4
SECRETS = Secrets({"reader": KEY})
BEARER = ("Authorization", "Bearer ‹key:reader›")


class Echo(BaseHTTPRequestHandler):
    """Answers with what it got: the request line, the header fields, the body, as JSON."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        got = {
            "line": self.requestline,
            "headers": self.headers.items(),
            "body": self.rfile.read(size).decode("latin-1"),
        }
        data = json.dumps(got).encode()
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nX-One: 1\r\nx-one: \xe9\r\nContent-Length: %d\r\n\r\n%b" % (len(data), data)
        )

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving(handler=Echo, tls=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def port():
    with serving() as port:
        yield port


def echoed(port, request, prefix="/api/v1", **options):
    """What the server got, keys as they went over the wire."""
    with Client(f"http://127.0.0.1:{port}{prefix}", Secrets({}), **options) as client:
        response = client.send(request)
    assert (response.status, response.oddity) == (200, "")
    return response.document.value


def test_a_request_is_sent_as_it_is_with_the_few_fields_of_the_client(port):
    request = Request("POST", "/projects", "a=1&b=", (("X-B", "2"), ("x-a", "1"), ("X-B", "3")), b'{"x":1}')
    got = echoed(port, request, headers={"X-Env": "staging"})
    assert got == {
        "line": "POST /api/v1/projects?a=1&b= HTTP/1.1",
        "headers": [
            ["Host", f"127.0.0.1:{port}"],
            ["User-Agent", f"goatcheck/{__version__}"],
            ["Accept-Encoding", "identity"],
            ["X-Env", "staging"],
            ["X-B", "2"],
            ["x-a", "1"],
            ["X-B", "3"],
            ["Content-Length", "7"],
        ],
        "body": '{"x":1}',
    }


@pytest.mark.parametrize(
    "target",
    ["/a/../b", "/a/./b", "//x", "/a//b/", "/%2F%2e%2E/%zz", "/a%20b", "/~{}|\\^", "/;x=1", "/a:b@c", "/?", "/%C3%A9"],
)
@pytest.mark.parametrize("prefix", ["/api/v1", "/api/v1/", "", "/"])
def test_a_path_is_never_normalised(port, target, prefix):
    line = echoed(port, Request("GET", target), prefix)["line"]
    assert line == f"GET {prefix.rstrip('/')}{target} HTTP/1.1"


@pytest.mark.parametrize("query", ["a=%zz", "a=b=c&&", "x=[1]&y={}", "q=%00", "a+b", "?"])
def test_a_query_is_never_normalised(port, query):
    assert echoed(port, Request("GET", "/x", query))["line"] == f"GET /api/v1/x?{query} HTTP/1.1"


@pytest.mark.parametrize("method", ["get", "GET", "Patch", "BREW", "M-SEARCH"])
def test_a_method_is_sent_as_it_is(port, method):
    assert echoed(port, Request(method, "/x"))["line"] == f"{method} /api/v1/x HTTP/1.1"


def test_fields_of_the_request_replace_those_of_the_profile_and_those_the_client_s_own(port):
    request = Request("GET", "/", headers=(("host", "other"), ("x-env", "mine")))
    got = echoed(port, request, headers={"X-Env": "staging", "user-agent": "goat"})
    assert got["headers"] == [
        ["host", "other"],
        ["Accept-Encoding", "identity"],
        ["user-agent", "goat"],
        ["x-env", "mine"],
    ]


@pytest.mark.parametrize(
    ("method", "body", "length"),
    [
        ("GET", None, None),
        ("DELETE", None, None),
        ("POST", None, "0"),
        ("PATCH", b"", "0"),
        ("GET", b"", "0"),
        ("GET", b"x", "1"),
    ],
)
def test_the_length_of_a_body_is_told_where_there_is_one(port, method, body, length):
    assert dict(echoed(port, Request(method, "/", body=body))["headers"]).get("Content-Length") == length


def test_a_body_may_be_sent_in_chunks():
    seen = []

    class Chunked(Echo):
        def answer(self):
            seen.append((self.headers["Transfer-Encoding"], self.headers["Content-Length"], self.rfile.readline()))
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.close_connection = True

    with serving(Chunked) as port, Client(f"http://127.0.0.1:{port}", SECRETS) as client:
        client.send(Request("POST", "/", headers=(("Transfer-Encoding", "chunked"),), body=b"abc"))
    assert seen == [("chunked", None, b"3\r\n")]


def test_a_header_value_goes_out_as_latin_1_and_comes_back_as_it(port):
    with Client(f"http://127.0.0.1:{port}", SECRETS) as client:
        response = client.send(Request("GET", "/", headers=(("X-Odd", "caf\xe9 \t\x01"),)))
    assert ["X-Odd", "caf\xe9 \t\x01"] in response.document.value["headers"]
    assert response.headers_named("X-One") == ("1", "\xe9")
    assert [name for name, _ in response.headers][:2] == ["X-One", "x-one"]


def test_a_mark_becomes_the_key_only_on_the_wire():
    seen = []

    class Look(Echo):
        def answer(self):
            seen.append(self.headers["Authorization"])
            self.wfile.write(
                b"HTTP/1.1 401 No\r\nX-Seen: %b\r\nContent-Length: 68\r\n\r\n%b" % (KEY[4:].encode(), KEY.encode())
            )

    with serving(Look) as port, Client(f"http://127.0.0.1:{port}", SECRETS) as client:
        response = client.send(Request("GET", "/", headers=(BEARER,)))
    assert seen == [f"Bearer {KEY}"]
    assert response.body.decode() == "‹key:reader›"
    assert response.header("x-seen") == "‹key:reader›"


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "no-slash"),
        Request("GET", "/a b"),
        Request("GET", "/\xe9"),
        Request("GET", "/\0"),
        Request("GET", "/a\r\nX: y"),
        Request("G T", "/"),
        Request("", "/"),
        Request("GET", "/", "a b"),
        Request("GET", "/", headers=(("X", "a\nb"),)),
        Request("GET", "/", headers=(("X", "a\0b"),)),
        Request("GET", "/", headers=(("X Y", "a"),)),
        Request("GET", "/", headers=(("", "a"),)),
        Request("GET", "/", headers=(("X", "☃"),)),
        Request("GET", "/", headers=(("é", "x"),)),
        Request("GET", "/", headers=(("X", "‹key:nobody›"),)),
        Request("POST", "/", headers=(("Content-Length", "1"),), body=b"abc"),
        Request("POST", "/", headers=(("Content-Length", "5"),), body=b"abc"),
        Request("POST", "/", headers=(("Content-Length", "x"),), body=b"abc"),
        Request("POST", "/", headers=(("Transfer-Encoding", "gzip"),), body=b"abc"),
        Request("GET", "/", headers=(("X", "‹key:reader›\n"),)),
        Request("GET", "/" + "x" * 100_000),
    ],
    ids=str,
)
def test_what_can_t_be_sent_is_an_error_of_ours_that_shows_no_key(port, request_):
    with Client(f"http://127.0.0.1:{port}", SECRETS) as client, pytest.raises(GeneratorError) as caught:
        client.send(request_)
    told = caught.value
    assert "can't be sent" in str(told)
    assert told.__cause__ is None
    assert told.__context__ is None
    assert not SECRETS.shows(repr(told))
    assert str(told).isprintable()
    assert len(str(told)) < 700


def test_no_local_variable_on_the_way_of_an_error_holds_a_key(port):
    with Client(f"http://127.0.0.1:{port}", SECRETS) as client, pytest.raises(GeneratorError) as caught:
        client.send(Request("GET", "/", headers=(("X", "‹key:reader›\n"),)))
    frames = []
    trace = caught.value.__traceback__
    while trace:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    assert len(frames) == 2
    assert not any(SECRETS.shows(repr(value)) for value in frames[-1].f_locals.values())


def test_the_log_shows_no_key(port, caplog):
    caplog.set_level(logging.DEBUG)
    with Client(f"http://127.0.0.1:{port}", SECRETS) as client:
        client.send(Request("GET", "/", headers=(BEARER,)))
    assert not SECRETS.shows(caplog.text)


@pytest.mark.parametrize("base", ["ftp://x", "x", "", "http://", "http://a b", "http://[", "http://x:y"])
def test_a_base_url_that_is_none_is_told(base):
    with pytest.raises(UsageError, match="base_url"):
        Client(base, SECRETS)


class InProcess(httpx.BaseTransport):
    """A target without a network."""

    def __init__(self, answer):
        self.answer = answer
        self.closed = False

    def handle_request(self, request):
        self.seen = (request.method, request.extensions["target"], request.read())
        return self.answer(request)

    def close(self):
        self.closed = True


def test_a_transport_may_stand_for_the_network():
    transport = InProcess(lambda request: httpx.Response(418, headers=[("X-Key", request.headers["authorization"])]))
    with Client("http://mock/api/v1", SECRETS, transport=transport) as client:
        response = client.send(Request("get", "/a/../b", "q", (BEARER,), b"x"))
    assert transport.seen == ("get", b"/api/v1/a/../b?q", b"x")
    assert response.status == 418
    assert response.header("x-key") == "Bearer ‹key:reader›"
    assert transport.closed


def test_the_deadline_holds_without_a_network_too():
    def endless(_):
        return httpx.Response(200, stream=Endless())

    class Endless(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                yield b""

    client = Client("http://mock", SECRETS, transport=InProcess(endless), timeout=0.1)
    with client, pytest.raises(TargetGone) as caught:
        client.send(Request("GET", "/"))
    assert caught.value.cause_kind == "timeout"


def test_an_error_without_a_text_is_told_by_its_name():
    def fail(_):
        raise httpx.ConnectError("")

    with (
        Client("http://mock", SECRETS, transport=InProcess(fail)) as client,
        pytest.raises(TargetGone, match="ConnectError"),
    ):
        client.send(Request("GET", "/"))


class Proxy(Echo):
    """Answers in the target's place."""


def test_a_proxy_of_the_environment_is_used_for_what_is_far_away(monkeypatch):
    with serving(Proxy) as port:
        monkeypatch.setenv("http_proxy", f"http://me:hush@127.0.0.1:{port}")
        with Client("http://target.example/api", SECRETS) as client:
            got = client.send(Request("GET", "/a/../b")).document.value
    assert got["line"] == "GET http://target.example/api/a/../b HTTP/1.1"
    assert dict(got["headers"])["Proxy-Authorization"].startswith("Basic ")


@pytest.mark.parametrize("variable", ["http_proxy", "all_proxy"])
def test_a_proxy_of_the_environment_is_not_used_for_loopback(monkeypatch, port, variable):
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert echoed(port, Request("GET", "/"))["line"].startswith("GET /api")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("mock.localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost.example", False),
        ("10.0.0.1", False),
        ("example.org", False),
    ],
)
def test_loopback_is_told_from_the_rest(host, local):
    assert on_loopback(host) is local


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(  # noqa: S603 - a fixed command
        [
            *command.split(),
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            folder / "key",
            "-out",
            folder / "cert",
        ],
        check=True,
        capture_output=True,
    )
    return folder


@contextmanager
def serving_tls(certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate / "cert", certificate / "key")

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_):
            """Say nothing: a client that refuses the certificate is what is wanted."""

    server = Quiet(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate):
    refused = pytest.raises(TargetGone, match="certificate verify failed")
    with serving_tls(certificate) as port, Client(f"https://127.0.0.1:{port}", SECRETS) as client, refused as caught:
        client.send(Request("GET", "/", headers=(BEARER,)))
    assert caught.value.cause_kind == "connect"


def test_a_certificate_that_the_environment_trusts_is_accepted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert"))
    with serving_tls(certificate) as port, Client(f"https://127.0.0.1:{port}", SECRETS) as client:
        assert [client.send(Request("GET", "/")).status for _ in range(3)] == [200] * 3
