"""Ctrl-C, and SIGTERM as CI sends it, end a run wherever they hit."""

import os
import signal
import sys
import threading
import time
import weakref

import pytest

from goatcheck.conduct.interrupts import heeding_interrupts, holding_interrupts
from goatcheck.plugin import Prepared


def press_ctrl_c(number=signal.SIGINT):
    os.kill(os.getpid(), number)
    time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "usual"), [(signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)]
)
def test_it_is_told_and_raised(number, usual):
    told = []
    with pytest.raises(KeyboardInterrupt), heeding_interrupts(lambda: told.append("told")):
        press_ctrl_c(number)
    assert told == ["told"]
    assert signal.getsignal(number) is usual


def test_where_a_thing_must_be_whole_the_first_is_let_pass_and_the_second_is_not():
    done = []

    def write():
        press_ctrl_c(signal.SIGTERM)
        done.append("first")
        press_ctrl_c()
        done.append("second")

    with pytest.raises(KeyboardInterrupt), holding_interrupts():
        write()
    assert done == ["first"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_ctrl_c_is_told_where_the_exception_is_lost(monkeypatch):
    told, lost = [], []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: lost.append(args.exc_type))

    class Thing:
        """Something that a weak reference can mean."""

    thing = Thing()
    reference = weakref.ref(thing, lambda _: press_ctrl_c())
    with heeding_interrupts(lambda: told.append("told")):
        del thing
    assert reference() is None
    assert (told, lost) == (["told"], [KeyboardInterrupt])


def test_somebody_elses_ctrl_c_stays_theirs():
    theirs = []
    before = signal.signal(signal.SIGINT, lambda *_: theirs.append("theirs"))
    try:
        with heeding_interrupts(lambda: theirs.append("ours")):
            press_ctrl_c()
    finally:
        signal.signal(signal.SIGINT, before)
    assert theirs == ["theirs"]


def test_in_another_thread_nothing_is_changed():
    seen = []

    def look():
        with heeding_interrupts(seen.clear):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]


def test_when_the_reports_are_written_there_is_nothing_left_to_end():
    prepared = Prepared(None, None)
    with prepared.calm:
        prepared.pytest_sessionfinish()
        press_ctrl_c()
        press_ctrl_c(signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
