"""JSON lines, judged in pieces by several processes."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from goatcheck.audit.judging import Judge
from goatcheck.audit.tally import Tally, merged
from goatcheck.contract import load
from goatcheck.recorded import Api, Recording
from goatcheck.recorded.journal import read_lines
from goatcheck.recorded.streams import BREAKS, lines_of, why_broken

PIECE = 2000
"""Lines of one piece."""

AHEAD = 2
"""Pieces for each process that are read before they are judged."""


class Workers:
    """Processes that judge by one API each piece that they are given, for as long as the context is open. They start when they
    are needed.
    """

    def __init__(self, api: Api, jobs: int) -> None:
        self.jobs = jobs
        self._pool = ProcessPoolExecutor(
            jobs,
            mp_context=get_context("spawn"),  # a forked process would have the threads' locks, but not the threads
            initializer=_begin,
            initargs=(api.contract.version, api.base_path, api.hosts),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def judged(self, name: str, number: int, first: int, lines: list[bytes | None]) -> Future[Tally]:
        """What lines of a recording come to, the first of which has the number `first`."""
        return self._pool.submit(_judged, name, number, first, lines)


def tally_in_pieces(
    recording: Recording, judge: Judge, workers: Workers, told: Callable[[Recording, int], None]
) -> Tally:
    """What a recording of JSON lines comes to. No more pieces are in memory than keep the workers busy."""
    tally = Tally()
    waiting: deque[Future[Tally]] = deque()
    first = 1
    reading = _Reading(recording)
    for lines in reading:
        waiting.append(workers.judged(judge.name, judge.number, first, lines))
        first += len(lines)
        if len(waiting) >= workers.jobs * AHEAD:
            tally = merged(tally, waiting.popleft().result())
            told(recording, first - 1)
    for future in waiting:
        tally = merged(tally, future.result())
    if reading.broken:
        tally.damage((judge.number, first), f"{judge.name}, after line {first - 1}: {reading.broken}")
    return tally


@dataclass
class _Reading:
    """The lines of a recording in pieces; `broken` says why they ended too soon, "" where they did not."""

    recording: Recording
    broken: str = ""

    def __iter__(self) -> Iterator[list[bytes | None]]:
        piece: list[bytes | None] = []
        try:
            for line in lines_of(self.recording.stream):
                piece.append(line)
                if len(piece) == PIECE:
                    yield piece
                    piece = []
        except BREAKS as error:
            self.broken = why_broken(error)
        if piece:
            yield piece


_api: Api | None = None


def _begin(version: str, base_path: str, hosts: frozenset[str]) -> None:
    """Make a process ready: the contract is read once in each. Ctrl-C is the first process' affair."""
    global _api  # noqa: PLW0603 - what a process of a pool starts with has no other place
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _api = Api(load(version), base_path, hosts)


def _judged(name: str, number: int, first: int, lines: list[bytes | None]) -> Tally:
    if _api is None:
        raise AssertionError("a process judges after it was made ready")
    return Judge(_api, name, number).tally(read_lines(lines, first), first)
