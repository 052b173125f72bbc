"""Answers that serve more than once: a GET is not sent again as long as nothing was written meanwhile."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goatcheck.conduct.answer import Answer
    from goatcheck.exchange import Request

_QUIET = {"GET", "HEAD", "OPTIONS"}
_CROSSED = -1
"""In the place of the number of writes so far: one is under way."""


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

    def leaves(self, request: Request) -> int:
        """A request is about to be sent; what this returns goes to `came`, which has to be called whatever happens."""
        with self._lock:
            if request.method not in _QUIET:
                self._under_way += 1
            return _CROSSED if self._under_way else self._writes

    def came(self, request: Request, answer: Answer | None, left: int) -> None:
        """Its answer came, or none; one to a GET is remembered if it crossed no write."""
        with self._lock:
            if request.method not in _QUIET:
                self._under_way -= 1
                self._writes += 1
                self._known.clear()
            elif answer and self._serves_again(answer) and left == self._writes and not self._under_way:
                self._known[request] = answer

    def _serves_again(self, answer: Answer) -> bool:
        """Whether it may be remembered: a very long one is not kept whole, and half an answer says something else."""
        return not (self._side_by_side or answer.disturbed) and answer.kept is answer
