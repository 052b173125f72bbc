"""The target's time: read, and waited for.

A `RealClock` sleeps. A `RemoteClock` moves the target's own clock through the door that the profile names, so that a wait
of a day takes a moment. Times are Unix seconds as the target has them, waits are seconds.
"""

from __future__ import annotations

import math
import ssl
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Protocol, Self

import httpx

from goatcheck.conduct.deadline import DeadlineTransport
from goatcheck.errors import Unusable

_TIMEOUT = 10.0
_ANSWER = 64 * 1024
_STEP = 10.0
"""Seconds by which a target's clock may be corrected while a run goes on."""
_TOLERANCE = 1.0
"""A Date header is in whole seconds and was written a moment ago: within a second it says nothing new."""


class TargetClock(Protocol):
    """What the run knows of the target's time."""

    @property
    def jumps(self) -> bool:
        """Whether a wait moves the clock instead of passing the time."""
        ...

    def now(self) -> float:
        """The target's time, in Unix seconds; it may be a little later by now."""
        ...

    def at_most(self) -> float:
        """A time that the target's is not beyond yet."""
        ...

    def saw_date(self, header: str) -> float:
        """Take a response's `Date` header into account; by how many seconds `now` leaps for it."""
        ...

    def interrupt(self) -> None:
        """End every wait, those to come too."""
        ...

    def resume(self) -> None:
        """Let waits take their time again."""
        ...

    def wait(self, seconds: float) -> None:
        """Return once that much of the target's time has passed."""
        ...

    def wait_until(self, moment: float) -> None:
        """Return once the target's time is `moment` or later."""
        ...

    def close(self) -> None:
        """Let go of whatever it needs to know the time."""
        ...


class RealClock:
    """The target lives in our time; its `Date` headers tell by how much its clock differs from the local one."""

    jumps = False

    def __init__(self, local: Callable[[], float] = time.time) -> None:
        self._local = local
        self._skew = 0.0
        self._told = False
        self._stop = threading.Event()

    def now(self) -> float:
        """The local time, corrected by what the last `Date` header told."""
        return self._local() + self._skew

    def at_most(self) -> float:
        """The same as `now`."""
        return self.now()

    def saw_date(self, header: str) -> float:
        """Take a response's `Date` header into account; one that is no date is left alone, and so is a later one that jumps:
        who reckons by a clock that goes back by years would wait for years.
        """
        try:
            moment = parsedate_to_datetime(header).timestamp()
        except (ValueError, OverflowError):
            return 0.0
        middle = moment + 0.5
        off, first = middle - self.now(), not self._told
        self._told = True
        if abs(off) <= _TOLERANCE or not (first or abs(off) <= _STEP):
            return 0.0
        self._skew += off
        return off

    def wait(self, seconds: float) -> None:
        """Sleep; returns at once when interrupted."""
        self._stop.wait(max(0.0, seconds))

    def wait_until(self, moment: float) -> None:
        """Sleep until then; returns at once when interrupted."""
        self.wait(moment - self.now())

    def interrupt(self) -> None:
        """End every wait, those to come too: the run is over."""
        self._stop.set()

    def resume(self) -> None:
        """Let waits take their time again: cleaning up has to keep the pace."""
        self._stop.clear()

    def close(self) -> None:
        """It needs nothing."""


class RemoteClock:
    """The clock behind a URL: `POST {"advance": seconds}` moves it and is answered with `{"now": Unix seconds}`.

    Every method raises Unusable where the clock does not answer so. Several threads may wait at once: the clock moves only
    as far as the one that waits longest needs, not by the sum of their waits.
    """

    jumps = True

    def __init__(
        self, url: str, transport: httpx.BaseTransport | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._told: float | None = None
        self._told_at = 0.0
        try:
            where = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise Unusable(f"target.clock {url!r} is no URL: {error}") from error
        self._client = httpx.Client(
            transport=transport or DeadlineTransport(where, max_bytes=_ANSWER, tls=tls),
            timeout=_TIMEOUT,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def now(self) -> float:
        """The latest time that the clock has told; asked for where it has told none yet.

        Whoever paces by it waits rather too long than too short, and no request is spent on asking.
        """
        return self._advance(0) if self._told is None else self._told

    def at_most(self) -> float:
        """The time that it told, and what has passed here since then: it may tick by itself."""
        return self.now() + time.monotonic() - self._told_at

    def saw_date(self, header: str) -> float:  # noqa: ARG002 - the protocol's
        """The clock itself knows better than a header."""
        return 0.0

    def interrupt(self) -> None:
        """Its waits take no time."""

    def resume(self) -> None:
        """Its waits take no time."""

    def wait(self, seconds: float) -> None:
        """Move the clock on by what is missing of that wait."""
        self.wait_until(self._advance(0) + seconds)

    def wait_until(self, moment: float) -> None:
        """Move the clock to that moment, unless it is there already."""
        with self._lock:
            missing = moment - self._advance(0)
            if missing <= 0:
                return
            reached = self._advance(missing)
        if reached < moment - _TOLERANCE:
            raise Unusable(
                f"{self._where}: advanced by {missing:g} s, it says {reached:.3f}; expected {moment:.3f} or later"
            )

    def _advance(self, seconds: float) -> float:
        asked = time.monotonic()
        try:
            answer = self._client.post(self._url, json={"advance": seconds})
        except httpx.HTTPError as error:
            raise Unusable(f"{self._where} can't be reached: {error}") from error
        try:
            now = answer.json()["now"]
        except (ValueError, KeyError, TypeError):
            now = None
        if answer.status_code != httpx.codes.OK or isinstance(now, bool) or not isinstance(now, int | float):
            raise Unusable(
                f'{self._where} answered {answer.status_code} {answer.text[:80]!r} to {{"advance": {seconds:g}}}; '
                'expected 200 and {"now": Unix seconds}'
            )
        if not math.isfinite(now):
            raise Unusable(f"{self._where} says that it is {now}; expected Unix seconds")
        # counted from the question, not from the answer: a slow answer would make `at_most` less than the target's time
        self._told, self._told_at = float(now), asked
        return self._told

    @property
    def _where(self) -> str:
        return f"the target's clock {self._url} (target.clock)"
