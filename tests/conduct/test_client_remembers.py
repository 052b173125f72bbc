"""What the client remembers of answers and header fields: that it does shows in nothing but the time it takes."""

import httpx
import pytest

from goatcheck.conduct.client import Client
from goatcheck.conduct.secrets import Secrets
from goatcheck.conduct.wire import Wire
from goatcheck.exchange import KEPT, Request

KEY = "tga_" + "4f9c27b1d05e83a6" * 4
SECRETS = Secrets({"reader": KEY})


def test_what_comes_again_is_read_as_it_was_and_what_differs_in_anything_is_not():
    told = [(200, "X", b"a"), (200, "X", b"b"), (201, "X", b"a"), (200, "Y", b"a"), (200, "X", KEY.encode())]
    sent = iter(told * 2)

    def answer(_):
        status, name, body = next(sent)
        return httpx.Response(status, headers={name: "1"}, content=body)

    with Client("http://target.invalid", SECRETS, transport=httpx.MockTransport(answer)) as client:
        once, again = ([client.send(Request("GET", "/")) for _ in told] for _ in range(2))
    assert [(r.status, r.headers[0][0], r.body) for r in once] == [*told[:4], (200, "X", "‹key:reader›".encode())]
    assert all(first is second for first, second in zip(once, again, strict=True))


@pytest.mark.parametrize(("body", "name"), [(b"a" * KEPT, "x"), (b"", "x" * KEPT)], ids=["body", "fields"])
def test_long_answers_are_not_kept_for_when_they_come_again(body, name):
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers={name: "1"}, content=body))
    with Client("http://target.invalid", SECRETS, transport=transport) as client:
        once, again = (client.send(Request("GET", "/")) for _ in range(2))
    assert once == again
    assert once is not again


def test_however_many_different_things_are_sent_and_come_all_of_them_are_right():
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=request.headers["X-Number"].encode()))
    with Client("http://target.invalid", SECRETS, transport=transport) as client:
        for number in [*range(1200), 0]:
            fields = (("X-Number", str(number)),)
            assert client.send(Request("GET", "/", headers=fields)).body == b"%d" % number


def test_what_is_remembered_is_let_go_of_before_it_fills_the_memory():
    wire = Wire(SECRETS)
    first = wire.response(200, (), b"first", "")
    for number in range(200):
        assert wire.response(200, (), b"%d" % number * 20_000, "").body == b"%d" % number * 20_000
    assert wire.response(200, (), b"199" * 20_000, "") is wire.response(200, (), b"199" * 20_000, "")
    again = wire.response(200, (), b"first", "")
    assert again == first
    assert again is not first
