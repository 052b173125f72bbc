"""The time of a world: Unix seconds that move when told to, and with the machine's time where wanted."""

from __future__ import annotations

import threading
import time

_END = 32_503_680_000.0  # the year 3000: later times have no HTTP date worth sending


class Clock:
    """A clock that starts at `start` (Unix seconds); a ticking one also moves with the machine's monotonic time.

    It never goes backwards, and may be read and moved by several threads.
    """

    def __init__(self, start: float, *, ticking: bool = False) -> None:
        self._lock = threading.Lock()
        self._time = float(start)
        self._ticking = ticking
        self._began = time.monotonic()

    def now(self) -> float:
        """The time in Unix seconds."""
        with self._lock:
            return self._now()

    def advance(self, seconds: float) -> float:
        """Move the time forward by `seconds` and return the new time.

        Raises ValueError for a negative or endless step, and for one that leads past the year 3000.
        """
        with self._lock:
            if not 0 <= seconds <= _END - self._now():
                raise ValueError(
                    f"the clock can't move by {seconds} seconds: it only goes forward, up to the year 3000"
                )
            self._time += seconds
            return self._now()

    def _now(self) -> float:
        return self._time + (time.monotonic() - self._began if self._ticking else 0.0)
