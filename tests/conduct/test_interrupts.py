"""Ctrl-C ends a run wherever it hits."""

import os
import signal
import sys
import threading
import time
import weakref

import pytest

from goatcheck.conduct.interrupts import heeding_interrupts


def press_ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)


def test_ctrl_c_is_told_and_raised():
    told = []
    with pytest.raises(KeyboardInterrupt), heeding_interrupts(lambda: told.append("told")):
        press_ctrl_c()
    assert told == ["told"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


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
