import threading
from email.utils import formatdate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goatcheck.conduct.clock import RealClock
from goatcheck.conduct.pacing import Pacer


class Hands:
    """A clock that is moved by hand, and by waiting for it."""

    def __init__(self, *, jumps, behind=0.0):
        self.jumps = jumps
        self.behind = behind
        self.time = 1_000_000.0
        self.lock = threading.Lock()

    def now(self):
        return self.time

    def at_most(self):
        return self.time + self.behind

    def wait(self, seconds):
        self.wait_until(self.time + seconds)

    def wait_until(self, moment):
        with self.lock:
            self.time = max(self.time, moment)


def sends(pacer, clock, key, count):
    times = []
    for _ in range(count):
        pacer.wait_for(key)
        times.append(clock.time - 1_000_000)
    return times


def test_where_waiting_takes_time_requests_are_spread_evenly():
    clock = Hands(jumps=False)
    assert sends(Pacer(60, clock), clock, "reader", 4) == [0, 1, 2, 3]


def test_where_the_clock_jumps_the_minute_is_spent_first_and_then_jumped_over():
    clock = Hands(jumps=True)
    assert sends(Pacer(3, clock), clock, "reader", 8) == [0, 0, 0, 60, 60, 60, 120, 120]


def test_a_jump_is_no_longer_than_needed():
    clock = Hands(jumps=True)
    pacer = Pacer(2, clock)
    pacer.wait_for("reader")
    clock.time += 25
    pacer.wait_for("reader")
    clock.time += 5
    pacer.wait_for("reader")
    assert clock.time == 1_000_060
    pacer.wait_for("reader")
    assert clock.time == 1_000_085


@pytest.mark.parametrize("jumps", [False, True])
@given(
    per_minute=st.integers(1, 80),
    steps=st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 90, allow_nan=False)), max_size=60),
)
@settings(database=None, deadline=None)
def test_no_minute_sees_more_than_allowed(jumps, per_minute, steps):
    clock = Hands(jumps=jumps)
    pacer = Pacer(per_minute, clock)
    sent = {"a": [], "b": []}
    for key, pause in steps:
        pacer.wait_for(key)
        sent[key].append(clock.time)
        clock.time += pause
    for times in sent.values():
        for first, last in zip(times, times[per_minute:], strict=False):
            assert last - first >= 60 - 1e-6


def test_keys_do_not_wait_for_each_other():
    clock = Hands(jumps=False)
    pacer = Pacer(1, clock)
    for key in ("a", "b", "c"):
        pacer.wait_for(key)
    assert clock.time == 1_000_000


def test_without_pacing_nobody_waits():
    clock = Hands(jumps=False)
    assert sends(Pacer(0, clock), clock, "reader", 100) == [0] * 100


@pytest.mark.parametrize("per_minute", [0, 60])
def test_a_key_that_was_told_to_retry_later_is_held(per_minute):
    clock = Hands(jumps=False)
    pacer = Pacer(per_minute, clock)
    pacer.hold("reader", 7)
    pacer.hold("reader", 3)
    assert sends(pacer, clock, "full", 1) == [0]
    assert sends(pacer, clock, "reader", 1) == [7]


def test_the_last_request_of_a_key_is_known():
    clock = Hands(jumps=False)
    pacer = Pacer(60, clock)
    assert pacer.idle_since("reader") is None
    pacer.wait_for("reader")
    pacer.wait_for("reader")
    assert pacer.idle_since("reader") == 1_000_001
    clock.time += 5
    pacer.note("reader")
    assert pacer.idle_since("reader") == 1_000_006
    assert pacer.idle_since("full") is None


def test_a_burst_that_was_noted_counts_against_the_minute():
    clock = Hands(jumps=True)
    pacer = Pacer(2, clock)
    for _ in range(5):
        pacer.note("burst")
    pacer.wait_for("burst")
    assert clock.time == 1_000_060


def test_a_request_counts_from_the_latest_moment_at_which_it_may_have_been_sent():
    clock = Hands(jumps=True, behind=3.0)
    pacer = Pacer(1, clock)
    pacer.wait_for("reader")
    pacer.wait_for("reader")
    assert clock.time == 1_000_063


def test_threads_of_one_key_share_its_pace():
    clock = Hands(jumps=False)
    pacer = Pacer(60, clock)
    threads = [threading.Thread(target=pacer.wait_for, args=("reader",)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.time >= 1_000_009


@pytest.mark.parametrize("skew", [-14_000_000, 14_000_000])
def test_a_target_whose_clock_is_months_off_makes_nobody_wait_for_months(skew):
    """The first request goes by the local time, its answer tells the target's."""
    waits = []

    class Noting(RealClock):
        def wait(self, seconds):
            waits.append(seconds)

    clock = Noting(lambda: 1_700_000_000.0)
    pacer = Pacer(50, clock)
    pacer.wait_for("reader")
    pacer.hold("reader", 7)
    pacer.shift(clock.saw_date(formatdate(1_700_000_000 + skew, usegmt=True)))
    pacer.wait_for("reader")
    assert waits == [7]
