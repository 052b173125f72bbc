"""Work that is asked for before it is needed, by whoever does it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T], most: Callable[[], int]) -> Iterator[T]:
    """The items in their order, each taken from where it comes before it is given out, so that up to `most()` of them wait."""
    waiting: deque[T] = deque()
    for item in items:
        waiting.append(item)
        while len(waiting) >= most():
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()
