import json
import threading
import time
from email.utils import formatdate

import httpx
import pytest

from goatcheck.conduct.clock import RealClock, RemoteClock
from goatcheck.errors import Unusable

URL = "http://127.0.0.1:9001/_clock"


class Target(httpx.BaseTransport):
    """A target's clock that stands still unless it is advanced."""

    def __init__(self, now=1000.0):
        self.now = now
        self.advanced = []

    def handle_request(self, request):
        step = json.loads(request.read())["advance"]
        self.advanced.append(step)
        self.now += step
        return httpx.Response(200, json={"now": self.now})


def answering(status, **options):
    return RemoteClock(URL, httpx.MockTransport(lambda _: httpx.Response(status, **options)))


def test_a_real_clock_tells_the_local_time():
    assert RealClock(lambda: 5.0).now() == 5.0
    assert abs(RealClock().now() - time.time()) < 1
    assert not RealClock.jumps


@pytest.mark.parametrize(("skew", "expected"), [(0, 0), (0.4, 0), (-0.4, 0), (100, 100.5), (-3600, -3599.5)])
def test_a_date_header_corrects_a_real_clock_unless_it_says_nothing_new(skew, expected):
    clock = RealClock(lambda: 1_700_000_000.0)
    clock.saw_date(formatdate(1_700_000_000 + skew, usegmt=True))
    assert clock.now() - 1_700_000_000 == expected
    clock.saw_date(formatdate(1_700_000_000 + skew, usegmt=True))
    assert clock.now() - 1_700_000_000 == expected


@pytest.mark.parametrize("jump", [3600, -3600, 250_000_000_000])
def test_a_clock_that_jumps_is_not_followed(jump):
    """Whoever has to wait by it would wait for as long as it went back."""
    clock = RealClock(lambda: 1_700_000_000.0)
    leaps = [clock.saw_date(formatdate(1_700_000_000 + off, usegmt=True)) for off in (100, 100 + jump, 103, 100 + jump)]
    assert leaps == [100.5, 0, 3, 0]
    assert clock.now() - 1_700_000_000 == 103.5


@pytest.mark.parametrize("header", ["", "yesterday", "Tue, 99 Nov 2026 20:13:04 GMT", "Tue, 24 Nov 99999 20:13:04 GMT"])
def test_a_date_header_that_is_none_is_left_alone(header):
    clock = RealClock(lambda: 5.0)
    clock.saw_date(header)
    assert clock.now() == 5.0


def test_a_real_clock_waits():
    clock = RealClock()
    started = time.monotonic()
    clock.wait(0.05)
    clock.wait_until(clock.now() + 0.05)
    clock.wait(-1)
    clock.wait_until(0)
    assert 0.09 < time.monotonic() - started < 2


def test_an_interrupted_clock_ends_every_wait():
    clock = RealClock()
    waiting = threading.Thread(target=clock.wait, args=(60,))
    waiting.start()
    clock.interrupt()
    waiting.join(2)
    assert not waiting.is_alive()
    clock.wait(60)


def test_a_remote_clock_is_asked_and_advanced_by_what_is_missing():
    target = Target()
    with RemoteClock(URL, target) as clock:
        assert clock.now() == 1000.0
        clock.wait(2.5)
        assert clock.now() == 1002.5
        clock.wait_until(1010)
        clock.wait_until(1010)
        clock.wait(0)
        clock.wait(-5)
    assert target.now == 1010
    assert [step for step in target.advanced if step] == [2.5, 7.5]
    assert clock.jumps


def test_threads_that_wait_at_once_move_the_clock_once():
    target = Target()
    together = threading.Barrier(4)

    class Together(RemoteClock):
        def wait_until(self, moment):
            together.wait(5)
            super().wait_until(moment)

    clock = Together(URL, target)
    threads = [threading.Thread(target=clock.wait, args=(60,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.now == 1060


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 404, "text": "no such page"},
        {"status": 500, "json": {"now": 5}},
        {"status": 302, "headers": {"location": "/"}},
        {"status": 200, "text": "<html>"},
        {"status": 200, "json": []},
        {"status": 200, "json": None},
        {"status": 200, "json": {"time": 5}},
        {"status": 200, "json": {"now": "5"}},
        {"status": 200, "json": {"now": True}},
        {"status": 200, "json": {"now": None}},
        {"status": 200, "content": b'{"now": NaN}'},
        {"status": 200, "content": b'{"now": 1e999}'},
        {"status": 200, "content": b"\xff"},
    ],
    ids=str,
)
def test_a_clock_that_answers_something_else_is_unusable(answer):
    clock = answering(answer.pop("status"), **answer)
    with pytest.raises(
        Unusable, match=r"the target's clock http://127\.0\.0\.1:9001/_clock \(target\.clock\).*expected"
    ):
        clock.now()


def test_a_clock_that_does_not_move_is_unusable():
    clock = answering(200, json={"now": 5})
    with pytest.raises(Unusable, match="advanced by 60 s, it says 5"):
        clock.wait(60)


def test_a_clock_that_can_t_be_reached_is_unusable():
    with RemoteClock("http://127.0.0.1:1/_clock") as clock, pytest.raises(Unusable, match="can't be reached"):
        clock.now()


def test_a_clock_that_is_no_url_is_unusable():
    with pytest.raises(Unusable, match=r"target\.clock"):
        RemoteClock("http://x:y")


def test_a_clock_that_is_slow_to_answer_is_never_ahead_of_what_is_reckoned_with(monkeypatch):
    elapsed = [100.0]
    monkeypatch.setattr("goatcheck.conduct.clock.time.monotonic", lambda: elapsed[0])

    def slow(_request):
        elapsed[0] += 3
        return httpx.Response(200, json={"now": 5000.0})

    with RemoteClock("http://target.invalid/_clock", httpx.MockTransport(slow)) as clock:
        assert clock.now() == 5000.0
        assert clock.at_most() == 5003.0
