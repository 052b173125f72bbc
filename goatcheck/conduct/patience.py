"""How long a run lets itself be told to wait by limits that it did not ask for: as told, within bounds, then not at all."""

from __future__ import annotations

import threading
from collections import Counter
from email.utils import parsedate_to_datetime

from goatcheck.exchange import Response

LONGEST = 120.0
"""Seconds that one `Retry-After` is waited out at the most."""

ALTOGETHER = 300.0
"""Seconds that a key is waited for at the most in a run, all its waits together."""

IN_A_ROW = 5
"""After so many limits in a row, each waited out as told, waiting does not help."""

_UNTOLD = 1.0


class Patience:
    """Keeps account of unexpected limits for each key ("" for requests without one). May be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waited: Counter[str] = Counter()
        self._row: Counter[str] = Counter()
        self._over: dict[str, str] = {}

    def limited(self, key: str, seconds: float) -> float:
        """The key was told to come back in so many seconds; how long it should wait. What is too long is not waited for."""
        name = f"the key {key}" if key else "whoever has no key"
        with self._lock:
            self._row[key] += 1
            self._waited[key] += round(seconds)
            if seconds > LONGEST:
                self._over[key] = f"{name} was told to retry after {seconds:g} s, which is longer than a run waits"
            elif self._waited[key] > ALTOGETHER or self._row[key] >= IN_A_ROW:
                waits = f"{self._row[key]} times in a row, {self._waited[key]} s in all"
                self._over[key] = f"{name} is rate-limited however long it waits as told ({waits})"
            return 0.0 if key in self._over else seconds

    def served(self, key: str) -> None:
        """The key was answered with something other than a limit."""
        with self._lock:
            self._row[key] = 0

    def over(self, key: str) -> str:
        """Why nothing more is sent with that key; "" as long as it is worth waiting for."""
        with self._lock:
            return self._over.get(key, "")


def retry_after(response: Response, now: float) -> float:
    """What a `Retry-After` asks for in seconds from `now` (Unix seconds), whether number or date; a second where it tells nothing."""
    value = response.header("retry-after") or ""
    if value.isascii() and value.isdigit():
        return float(value[:18])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError):
        return _UNTOLD
