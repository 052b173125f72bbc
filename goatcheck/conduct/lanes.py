"""Lanes side by side: one thread each, so that one key's wait is no other's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")

Lane = Callable[[], None]
"""Runs the checks of one lane, in order."""

_AT_ONCE = 16
_GLANCE = 0.25
"""Seconds between looks at whether the run was interrupted."""


class StoppedAtOnce(KeyboardInterrupt):
    """Interrupted for the second time: what is under way is not waited for any more."""


class Turns:
    """A lock for each thing that happens once: who wants the same waits for it, who wants another does not.

    Things may need others to happen first, as long as none needs itself: then nobody waits for ever.
    """

    def __init__(self) -> None:
        self._locks: dict[Hashable, threading.RLock] = {}
        self._lock = threading.Lock()

    def of(self, thing: Hashable) -> threading.RLock:
        """The lock of one thing."""
        with self._lock:
            return self._locks.setdefault(thing, threading.RLock())


def side_by_side(lanes: Sequence[Lane], *, interrupt: Callable[[], None]) -> None:
    """Run all lanes at the same time and return when all are through.

    What the first failing one raises is raised here. The first KeyboardInterrupt calls `interrupt`, which must make the
    lanes end soon, and is raised when they have; the second is raised at once, as StoppedAtOnce.
    """
    ended: list[BaseException | None] = []
    told: SimpleQueue[None] = SimpleQueue()
    go: Future[bool] = Future()
    stopped: KeyboardInterrupt | None = None
    try:
        _start(lanes, go, ended, told)
    except BaseException:
        go.set_result(False)  # no lane has begun, and none will
        raise
    while True:
        try:
            if not go.done():
                go.set_result(True)
            # counted anew each time: an interrupt between taking a word out of the queue and counting it loses the word
            while len(ended) < len(lanes):
                with suppress(Empty):
                    told.get(timeout=_GLANCE)
            break
        except KeyboardInterrupt as stop:
            if stopped:
                raise StoppedAtOnce from None
            stopped = stop
            interrupt()
    for failure in (stopped, *ended):
        if failure is not None:
            raise failure


def together(calls: Iterable[Callable[[], T]]) -> list[T]:
    """Call all at the same time and return what they return, in the order of the calls."""
    waiting = list(calls)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return [done.result() for done in [pool.submit(copy_context().run, call) for call in waiting]]


def _start(lanes: Sequence[Lane], go: Future[bool], ended: list[BaseException | None], told: SimpleQueue[None]) -> None:
    """Give each lane a thread, in which it waits for `go`: true lets it begin. One that has ended adds what it raised, or None, to
    `ended`, and says so.
    """

    def run(lane: Lane) -> None:
        raised: BaseException | None = None
        try:
            if go.result():
                lane()
        except BaseException as error:  # noqa: BLE001 - raised where the lanes are waited for
            raised = error
        ended.append(raised)
        told.put(None)

    for lane in lanes:
        # daemons, because a run that is stopped at once must not wait for an answer
        threading.Thread(target=run, args=(lane,), daemon=True).start()
