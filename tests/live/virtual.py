"""Time that passes only while nobody is busy, so that a run of minutes takes seconds and still waits in its own order."""

import threading
import time

from goatcheck.model import Clock

START = 1_781_514_000.0


class VirtualClock:
    """A target clock that can't be moved, only waited for: all who wait sleep until everybody does, then time leaps to the first.

    `waited` is how long all waits were in sum, `longest` the longest of them.
    """

    jumps = False
    QUIET = 0.004
    IDLE = 0.001

    def __init__(self, start=START):
        self.start = self._now = start
        self._turn = threading.Condition()
        self._signs = 0
        self._waiting = []
        self._stopped = False
        self.longest = 0.0

    def now(self):
        with self._turn:
            self._signs += 1
            return self._now

    at_most = now

    def saw_date(self, header):  # noqa: ARG002 - the protocol's
        """Its Date headers are right."""
        return 0.0

    def wait(self, seconds):
        self.wait_until(self.now() + seconds)

    def wait_until(self, moment):
        with self._turn:
            self.longest = max(self.longest, moment - self._now)
            self._waiting.append(moment)
            while self._now < moment and not self._stopped:
                signs, spent = self._signs, time.process_time()
                self._turn.wait(self.QUIET)
                idle = time.process_time() - spent < self.IDLE  # no thread is at work
                if idle and signs == self._signs and moment == min(self._waiting):
                    self._now = max(self._now, moment)
                    self._turn.notify_all()
            self._waiting.remove(moment)
            self._signs += 1
            self._turn.notify_all()

    def interrupt(self):
        with self._turn:
            self._stopped = True
            self._turn.notify_all()

    def resume(self):
        with self._turn:
            self._stopped = False

    def close(self):
        """It needs nothing."""


class SharedClock(Clock):
    """The same time for a world."""

    def __init__(self, clock):
        super().__init__(0)
        self._clock = clock

    def now(self):
        return self._clock._now
