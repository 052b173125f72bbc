"""How much a run may spend on a target: requests, and resources created."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from goatcheck.errors import NotExercised


class BudgetEnded(NotExercised):
    """What a requirement wanted to send is more than the profile allows; the text names the member to raise."""


class Budget:
    """Counts what is spent, and refuses what goes beyond. May be used by several threads.

    `max_requests` 0 means no bound; `max_creates` 0 means that nothing may be created. `exhausted` is true once a request was
    refused.
    """

    def __init__(self, max_requests: int, max_creates: int) -> None:
        self.max_requests = max_requests
        self.max_creates = max_creates
        self.requests = 0
        self.creates = 0
        self.exhausted = False
        self.remaining: Callable[[], int] = lambda: 0
        self._under_way: Counter[int] = Counter()  # by thread
        self._per_key: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._settled = threading.Condition(self._lock)

    @property
    def requests_per_key(self) -> dict[str, int]:
        """How many requests each key has sent, names sorted; "" for those without a key of the profile."""
        with self._lock:
            return dict(sorted(self._per_key.items()))

    @property
    def spare(self) -> bool:
        """Whether there is a request left beside those that are kept back."""
        with self._lock:
            return not self._ended

    @property
    def _kept(self) -> int:
        return self.remaining() + self._under_way.total()

    @property
    def _ended(self) -> bool:
        return bool(self.max_requests) and self.requests + self._kept >= self.max_requests

    def spend_request(self, key: str = "", *, cleaning: bool = False) -> None:
        """One request is about to be sent with that key; BudgetEnded if it would be one too many.

        `cleaning` is for removing what the run made: a request is kept back for each thing that `remaining` counts, and for
        each that is being created, so that there is always one.
        """
        with self._lock:
            kept = self._kept
            if not cleaning and self._ended:
                self.exhausted = True
                removing = f" ({kept} of them are kept for removing what it made)" if kept else ""
                raise BudgetEnded(
                    f"the run's {self.max_requests} requests are spent{removing}; "
                    "raise target.max_requests (or --max-requests)"
                )
            self.requests += 1
            self._per_key[key] += 1

    def take_up(self, keys: Iterable[str], creates: int) -> None:
        """So many requests were sent before, with these keys, and so many resources created."""
        with self._lock:
            self._per_key.update(keys)
            self.requests = self._per_key.total()
            self.creates += creates

    def return_request(self, key: str) -> None:
        """A request with that key was not sent after all."""
        with self._lock:
            self.requests -= 1
            self._per_key[key] -= 1

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep one request more back while the context is open: for removing what is being looked for."""
        with self._lock:
            self._under_way[threading.get_ident()] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[threading.get_ident()] -= 1

    def spend_creates(self, count: int = 1) -> None:
        """So many resources are about to be created; BudgetEnded, and nothing counted, if they would be too many.

        What creates nothing is never refused, not even after a target that made more than was asked for. Where others are
        about to create so many that there may not be enough for all, this waits until it is known how many they did.
        """
        if not count:
            return
        with self._settled:
            me = threading.get_ident()
            while self._under_way.total() > self._under_way[me] and self.creates + count > self.max_creates:
                self._settled.wait()
            if self.creates + count > self.max_creates:
                raise BudgetEnded(
                    f"creating {count} more would make {self.creates + count} resources in this run and the profile allows "
                    f"{self.max_creates}; raise target.max_creates"
                )
            self.creates += count
            self._under_way[me] += count

    def settle_creates(self, count: int, made: int) -> None:
        """Of so many resources that were about to be created so many were: fewer where the target refused, more where it is broken."""
        if not (count or made):
            return
        with self._settled:
            self.creates += made - count
            self._under_way[threading.get_ident()] -= count
            self._settled.notify_all()
