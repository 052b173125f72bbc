"""The clock of a world in this process, for a run: read and moved without a request."""

from __future__ import annotations

from goatcheck.model.clock import Clock


class WorldClock:
    """A target clock (see ``goatcheck.conduct.clock.TargetClock``) that is the world's own. Times are Unix seconds."""

    jumps = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        """The world's time."""
        return self._clock.now()

    def at_most(self) -> float:
        """The same: nothing but the run moves it."""
        return self._clock.now()

    def wait(self, seconds: float) -> None:
        """Move it on."""
        self._clock.advance(max(0.0, seconds))

    def wait_until(self, moment: float) -> None:
        """Move it to that moment, unless it is there already."""
        self.wait(moment - self._clock.now())

    def saw_date(self, header: str) -> float:  # noqa: ARG002 - the protocol's
        """It knows better."""
        return 0.0

    def interrupt(self) -> None:
        """Its waits take no time."""

    def resume(self) -> None:
        """Its waits take no time."""

    def close(self) -> None:
        """It needs nothing."""
