"""Whole runs whose keys wait side by side."""

import os
import signal
import threading
import time

import pytest
from made_up import check_of

from goatcheck.conduct.clock import RealClock
from goatcheck.conduct.suites import all_checks
from goatcheck.model import Clock, reference_world

LANES = 16
"""So many requests may be under way at once."""


class FastClock(RealClock):
    """A clock by which a second takes a few milliseconds, for it and for those who wait by it."""

    SPEED = 300.0

    def __init__(self):
        super().__init__(lambda: 1_781_514_000 + (time.monotonic() - began) * self.SPEED)
        began = time.monotonic()

    def saw_date(self, header):  # noqa: ARG002 - the protocol's
        """The world's Date is right."""
        return 0.0

    def wait(self, seconds):
        super().wait(seconds / self.SPEED)


class FastWorldClock(Clock):
    """The same for the world."""

    def __init__(self, clock):
        super().__init__(0)
        self._clock = clock

    def now(self):
        return self._clock.now()


@pytest.fixture
def fast(stage):
    clock = FastClock()
    stage.world = reference_world(clock=FastWorldClock(clock))
    return stage, clock


def test_lanes_run_side_by_side_where_keys_have_to_wait(fast):
    stage, clock = fast
    threads = set()

    def noting(_request, forward, _number):
        threads.add(threading.current_thread().name)
        return forward()

    played = stage.play(
        "401", "403", "404", "410", change=noting, requests_per_minute=50, max_requests=600, target_clock=clock
    )
    assert {n: o for n, o in played.names.items() if o != "pass"} == {}
    assert len(threads) > 3


def test_an_interrupted_run_of_several_lanes_stops_them_all_and_cleans_up(fast, monkeypatch):
    stage, clock = fast
    heard = threading.Event()
    monkeypatch.setattr(clock, "interrupt", lambda interrupt=clock.interrupt: (heard.set(), interrupt()))

    def interrupting(_request, forward, number):
        response = forward()
        if number == 60:
            os.kill(os.getpid(), signal.SIGINT)
        if number >= 60:
            heard.wait(30)
        return response

    before = stage.left()
    played = stage.play(change=interrupting, requests_per_minute=50, max_requests=600, target_clock=clock)
    assert played.run.interrupted
    # what is under way in each lane when the signal is heard, and a look for what may have been made; a whole run sends 500 more
    later = [method for method, _ in played.transport.asked[60:] if method != "DELETE"]
    assert len(later) <= 2 * LANES
    assert played.verdict.exit_code == 130
    assert stage.left() == before


def test_a_bug_in_one_lane_does_not_end_the_others(fast):
    stage, clock = fast

    def breaks(_api, _reader):
        raise ValueError("bug")

    checks = {**all_checks(), **check_of("403.scope.write", breaks, ("reader",))}
    played = stage.play(
        "403.scope.write", "404.absent", checks=checks, requests_per_minute=50, max_requests=600, target_clock=clock
    )
    assert played.names == {"403.scope.write": "error", "404.absent": "pass"}
