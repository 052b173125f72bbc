"""How fast a key may send: so many requests a minute, each key by itself."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import defaultdict, deque
from dataclasses import dataclass, field

from goatcheck.conduct.clock import TargetClock

MINUTE = 60.0
"""Seconds."""


_TOGETHER = 20.0
"""Seconds: what was sent so close together is waited for in one jump of the clock."""


@dataclass
class _Lane:
    """What is known of one key: when it sent, the moment before which it must not."""

    sent: deque[float] = field(default_factory=deque)
    held: float = 0.0


class Pacer:
    """Lets each key send at most `per_minute` requests in any 60 seconds of the target's time; 0 means as fast as it likes.

    Where waiting takes real time the requests are spread evenly, since a burst followed by a long silence would look like
    the fault that is being searched for. Where the clock jumps, the whole minute is spent first and then jumped over, by
    little more than it takes: what was sent within some seconds is waited for together, so that one jump serves them all. May
    be used by several threads.
    """

    def __init__(self, per_minute: int, clock: TargetClock) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)

    @property
    def paces(self) -> bool:
        """Whether keys are held to any pace."""
        return self._per_minute > 0

    def wait_for(self, key: str) -> None:
        """Return when the key may send, and take note that it does."""
        now = self._clock.now()
        with self._lock:
            moment = self._next(self._lanes[key], now)
            self._note(key, max(moment, self._clock.at_most()))
        if moment > now:
            self._clock.wait_until(moment)

    def note(self, key: str) -> None:
        """The key sends now, paced or not (the suite's own burst is not)."""
        now = self._clock.at_most()
        with self._lock:
            self._note(key, now)

    def hold(self, key: str, seconds: float) -> None:
        """The key must not send for so long (it was told to retry later)."""
        until = self._clock.now() + seconds
        with self._lock:
            lane = self._lanes[key]
            lane.held = max(lane.held, until)

    def shift(self, seconds: float) -> None:
        """The target's time turned out to be so much later than was thought: what was done was done so much later too."""
        if seconds:
            with self._lock:
                for lane in self._lanes.values():
                    lane.sent = deque(moment + seconds for moment in lane.sent)
                    lane.held += seconds

    def idle_since(self, key: str) -> float | None:
        """When the key sent last (the target's time), None if it never did."""
        with self._lock:
            sent = self._lanes[key].sent
            return sent[-1] if sent else None

    def _next(self, lane: _Lane, now: float) -> float:
        moment = max(now, lane.held)
        if not self._per_minute or not lane.sent:
            return moment
        if not self._clock.jumps:
            return max(moment, lane.sent[-1] + MINUTE / self._per_minute)
        if len(lane.sent) < self._per_minute:
            return moment
        first = lane.sent[-self._per_minute]
        together = lane.sent[bisect_right(lane.sent, first + _TOGETHER) - 1]
        return max(moment, together + MINUTE)

    def _note(self, key: str, moment: float) -> None:
        sent = self._lanes[key].sent
        sent.append(moment)
        while len(sent) > max(1, self._per_minute):
            sent.popleft()
