"""Answers that serve more than once: a GET is not sent again as long as nothing was written meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goatcheck.conduct.answer import Answer
    from goatcheck.exchange import Request

_QUIET = {"GET", "HEAD", "OPTIONS"}


class Recall:
    """Remembers answers by request, until something is written. May be used by several threads.

    An answer that crossed a write, in whatever thread, is not remembered: nobody knows which came first on the target.
    Where keys send `side_by_side` nothing is remembered: it would depend on who came first, and spare one request in a run.
    """

    def __init__(self, *, side_by_side: bool = False) -> None:
        self._side_by_side = side_by_side
        self._known: dict[Request, Answer] = {}
        self._writes = 0
        self._under_way = 0
        self._lock = threading.Lock()

    def of(self, request: Request) -> Answer | None:
        """What the request was answered with when nothing has been written since."""
        with self._lock:
            return self._known.get(request)

    def forget(self) -> None:
        """Whatever is known may have changed."""
        with self._lock:
            self._writes += 1
            self._known.clear()

    @contextmanager
    def sending(self, request: Request, *, reusable: bool) -> Iterator[list[Answer]]:
        """While one request is sent; the body appends its answer, which is remembered if it is `reusable` and crossed no write."""
        answers: list[Answer] = []
        writes = request.method not in _QUIET
        with self._lock:
            self._under_way += writes
            seen, crossed = self._writes, self._under_way > 0
        try:
            yield answers
        finally:
            with self._lock:
                self._under_way -= writes
                if writes:
                    self._writes += 1
                    self._known.clear()
                elif reusable and not (crossed or self._side_by_side or self._under_way) and seen == self._writes:
                    # a very long one is not kept whole, and half an answer says something else
                    whole = (answer for answer in answers if not answer.disturbed and answer.kept is answer)
                    self._known.update((request, answer) for answer in whole)
