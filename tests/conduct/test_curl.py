import http.server
import json
import os
import shlex
import shutil
import subprocess
import threading

import pytest

from goatcheck.conduct.client import Client
from goatcheck.conduct.curl import as_curl, variable
from goatcheck.conduct.secrets import Secrets
from goatcheck.exchange import Request

KEY = "tga_" + "4f9c27b1d05e83a6" * 4
CHANGES = ("upper", "cut", "bare", "start", "middle", "last", "basic")
BEARER = ("Authorization", "Bearer ‹key:reader›")


def test_a_key_stands_as_a_variable():
    assert as_curl(Request("GET", "/creators", "limit=1", (BEARER,)), "https://x.example/api/v1/") == (
        'curl -sS -i --path-as-is -g -X GET -H "Authorization: Bearer $KEY_READER" -H Accept: '
        "'https://x.example/api/v1/creators?limit=1'"
    )


@pytest.mark.parametrize(
    ("name", "expected"), [("reader", "KEY_READER"), ("writer-only", "KEY_WRITER_ONLY"), ("klé 2", "KEY_KL__2")]
)
def test_a_variable_is_named_after_its_key(name, expected):
    assert variable(name) == expected


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        got = {
            "line": self.requestline,
            "headers": sorted(self.headers.items()),
            "body": self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1"),
        }
        self.server.seen.append(got)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def own(got):
    """What was received, without what every HTTP client adds by itself."""
    headers = [pair for pair in got["headers"] if pair[0] not in ("User-Agent", "Accept-Encoding")]
    return {**got, "headers": headers}


REQUESTS = [
    Request("GET", "/creators", headers=(BEARER,)),
    Request("GET", "/a/../b//c%2F", "x[]=1&y={a,b}&z='q'\"$HOME`id`!", headers=(BEARER, BEARER)),
    Request("HEAD", "/creators"),
    Request("get", "/x", headers=(("Accept", "text/html"),)),
    *(Request("GET", "/x", headers=(("Authorization", f"Bearer ‹key:reader|{c}›"),)) for c in CHANGES),
    Request("GET", "/x", headers=(("Authorization", "Basic '‹key:reader|basic›'"), ("X", "$‹key:reader|middle›"))),
    Request("GET", "/x", headers=(("Authorization", "Bearer tga_\xe9"),)),
    Request("GET", "/", headers=(("Authorization", "Bearer ‹key:reader›x"), ("X", "‹key:reader›_"))),
    Request("GET", "/", headers=(("Authorization", 'Bearer "$HOME" `id` \\ ! ‹key:reader›‹key:reader›'),)),
    Request("GET", "/", headers=(("X-Empty", ""), ("X-Odd", "caf\xe9\t'%\\"), ("X-Two", "\xc3\xa9"))),
    Request("POST", "/x"),
    Request("POST", "/x", body=b""),
    Request(
        "POST", "/x", headers=(("Content-Type", "application/json"),), body=b'{"a": "it\'s", "b": "$x `y` \\\\ !"}'
    ),
    Request("POST", "/x", body=b"@/etc/hostname"),
    Request("POST", "/x", body='{"name": "Zoë ☃ 山羊"}'.encode()),
    Request("PATCH", "/x", body=b"line 1\nline 2\r\n\t'"),
    Request("PUT", "/x", body=b"\xff\xfe%s\\x41"),
    Request("PUT", "/x", body=b"\x00\x01'%d\\n\xff\n"),
    Request("GET", "/x", body=b"{}"),
]


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="bash and curl are needed to run it")
@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_the_command_sends_what_the_client_sends(server, request_):
    base = f"http://127.0.0.1:{server.server_port}/api/v1"
    with Client(base, Secrets({"reader": KEY})) as client:
        client.send(request_)
    line = as_curl(request_, base)
    assert "\n" not in line
    run = subprocess.run(  # noqa: S603 - the very point
        [shutil.which("bash"), "-c", line],
        env={"PATH": os.environ["PATH"], "KEY_READER": KEY, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        timeout=10,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    by_curl, by_client = own(server.seen.pop()), own(server.seen.pop())
    assert by_curl == by_client


def test_a_change_that_nobody_knows_leaves_the_key_as_it_is():
    assert '"X: ${KEY_A}"' in as_curl(Request("GET", "/x", headers=(("X", "‹key:a|lower›"),)), "http://x")


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_the_command_is_one_line_that_a_shell_can_split(request_):
    line = as_curl(request_, "http://x")
    assert line.isprintable()
    assert "curl" in shlex.split(line)
    assert json.dumps(line)
