"""Ctrl-C that is never lost, and SIGTERM (as CI sends it to a cancelled job) that is no other."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

_OURS: Mapping[signal.Signals, Any] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}
"""What stops a run, and the handler that shows that nobody else takes care of it."""


@contextmanager
def heeding_interrupts(interrupt: Callable[[], None]) -> Iterator[None]:
    """While the context is open, Ctrl-C and SIGTERM call `interrupt` before they raise KeyboardInterrupt.

    The exception alone may be lost: raised while a weak reference is cleared, of which drawing values makes many, it is
    ignored. Outside of the main thread, and where somebody else handles the signal, everything stays as it is.
    """

    def heed() -> None:
        interrupt()
        raise KeyboardInterrupt

    with handling_interrupts(heed):
        yield


@contextmanager
def holding_interrupts() -> Iterator[None]:
    """While the context is open, the first Ctrl-C or SIGTERM is let pass: what is done here takes a moment, and must be whole.

    The second raises KeyboardInterrupt.
    """
    held: list[bool] = []

    def hold() -> None:
        if held:
            raise KeyboardInterrupt
        held.append(True)

    with handling_interrupts(hold):
        yield


@contextmanager
def handling_interrupts(handler: Callable[[], None]) -> Iterator[None]:
    """While the context is open, each Ctrl-C or SIGTERM calls `handler`, and does nothing else.

    Outside of the main thread, and where somebody else handles the signal, everything stays as it is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.getsignal(number) for number, default in _OURS.items() if signal.getsignal(number) is default
    }

    def handle(_number: int, _frame: FrameType | None) -> None:
        handler()

    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, theirs in before.items():
            signal.signal(number, theirs)
