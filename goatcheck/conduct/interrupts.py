"""Ctrl-C that is never lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def heeding_interrupts(interrupt: Callable[[], None]) -> Iterator[None]:
    """While the context is open, Ctrl-C calls `interrupt` before it raises KeyboardInterrupt.

    The exception alone may be lost: raised while a weak reference is cleared, of which drawing values makes many, it is
    ignored. Outside of the main thread, and where somebody else handles Ctrl-C, everything stays as it is.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
        yield
        return

    def heed(_number: int, _frame: FrameType | None) -> None:
        interrupt()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, heed)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
