"""The clock moves forward, when told to."""

import threading

import pytest

from goatcheck.model import Clock


def test_a_still_clock_stays_where_it_is():
    clock = Clock(100.0)
    assert (clock.now(), clock.now()) == (100.0, 100.0)


def test_advancing_moves_by_exactly_the_seconds_asked_for_and_tells_the_time():
    clock = Clock(100.0)
    assert clock.advance(0.5) == 100.5
    assert clock.now() == 100.5


@pytest.mark.parametrize("step", [-1, -0.001, float("nan"), float("inf"), 1e12, 10**400])
def test_a_step_back_or_out_of_time_is_refused_and_moves_nothing(step):
    clock = Clock(100.0)
    with pytest.raises(ValueError, match="only goes forward"):
        clock.advance(step)
    assert clock.now() == 100.0


def test_a_ticking_clock_follows_the_machine_and_never_goes_back():
    clock = Clock(100.0, ticking=True)
    times = [clock.now() for _ in range(1000)]
    assert times == sorted(times)
    assert times[-1] > 100.0


def test_steps_of_many_threads_all_count():
    clock = Clock(0.0)
    threads = [threading.Thread(target=lambda: [clock.advance(1) for _ in range(200)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == 800.0
