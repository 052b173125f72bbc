"""JSON lines, judged in pieces by several processes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from goatcheck.audit.ahead import ahead
from goatcheck.audit.judging import Judge
from goatcheck.audit.partitions import Asked, api_of
from goatcheck.audit.tally import Tally
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
        )
        self._asked = Asked.of(api)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def judged(self, name: str, number: int, first: int, lines: list[bytes | None]) -> Future[Tally]:
        """What lines of a recording come to, the first of which has the number `first`."""
        return self._pool.submit(_judged, self._asked, name, number, first, lines)


def tallies_of(
    recording: Recording, judge: Judge, workers: Workers, told: Callable[[Recording, int], None]
) -> Iterator[Tally]:
    """What the pieces of a recording of JSON lines come to. No more of them are in memory than keep the workers busy."""
    reading = _Reading(recording)
    pieces = (workers.judged(judge.name, judge.number, first, lines) for first, lines in reading.pieces())
    for coming in ahead(pieces, lambda: workers.jobs * AHEAD):
        yield coming.result()
        told(recording, reading.lines)
    if reading.broken:
        tally = Tally()
        tally.damage((judge.number, reading.lines + 1), judge.place(f"after line {reading.lines}"), reading.broken)
        yield tally


@dataclass
class _Reading:
    """The lines of a recording; `lines` says how many were read, `broken` why they ended too soon, "" where they did not."""

    recording: Recording
    lines: int = 0
    broken: str = ""

    def pieces(self) -> Iterator[tuple[int, list[bytes | None]]]:
        """The lines in pieces, each with the number of its first line."""
        piece: list[bytes | None] = []
        first = 1
        try:
            for line in lines_of(self.recording.stream):
                piece.append(line)
                self.lines += 1
                if len(piece) == PIECE:
                    yield first, piece
                    first, piece = self.lines + 1, []
        except BREAKS as error:
            self.broken = why_broken(error)
        if piece:
            yield first, piece


def _begin() -> None:
    """Make a process ready: Ctrl-C is the first process' affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _judged(asked: Asked, name: str, number: int, first: int, lines: list[bytes | None]) -> Tally:
    return Judge(api_of(asked), name, number).tally(read_lines(lines, first), first)
