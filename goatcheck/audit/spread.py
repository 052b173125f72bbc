"""Recordings that a crew of workers judges, partition by partition, and the one order in which that comes to a tally."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from goatcheck.audit.ahead import ahead
from goatcheck.audit.partitions import Asked, File, Part, Partition, judged, looked_at, names, partitions_of
from goatcheck.audit.tally import Tally, moved
from goatcheck.errors import GoatcheckError, Unusable, UsageError
from goatcheck.recorded import STANDARD_INPUT, Api
from goatcheck.recorded.journal import place_of

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Coming(Protocol[R_co]):
    """What a worker was asked for; `result` waits for it, and raises what it raised."""

    def result(self) -> R_co: ...  # noqa: D102 - told above


class Crew(Protocol):
    """Workers somewhere. They run functions of goatcheck's modules; `most` says how many of them are worth asking for at a time."""

    def submit(self, function: Callable[..., R], *arguments: object) -> Coming[R]: ...  # noqa: D102
    def most(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Progress:
    """How far a recording is: so many bytes of its size (None: unknown) are judged."""

    name: str
    size: int | None
    done: int

    def position(self) -> int:
        """The bytes that are judged."""
        return self.done


@dataclass
class _Lines:
    """How many lines of a recording came before; `lost` is the byte after which they are counted, where a partition failed."""

    recording: int = -1
    before: int = 0
    lost: int = 0

    def place(self, name: str, number: int) -> str:
        return f"{name}, {place_of(number)}" + (f" after byte {self.lost}" if self.lost else "")


def tallies(given: Sequence[str], api: Api, crew: Crew, told: Callable[[Progress, int], None]) -> Iterator[Tally]:
    """What recordings come to, partition by partition in their order. No more partitions wait than keep the crew busy.

    A partition that can't be judged, whoever tries it, is a damage. UsageError for a recording that can't be read at all, before
    any is judged; Unusable where the crew is gone.
    """
    if STANDARD_INPUT in given:
        raise UsageError("- (standard input) can't be read by a cluster's workers: name files that they can read.")
    asked = Asked.of(api)
    files = list(_files(given, asked, crew))
    partitions = (partition for number, file in enumerate(files) for partition in partitions_of(file, number))
    lines = _Lines()
    for partition, coming in ahead(((one, crew.submit(judged, asked, one)) for one in partitions), crew.most):
        if partition.number != lines.recording:
            lines = _Lines(partition.number)
        yield _taken(partition, coming, lines)
        file = files[partition.number]
        told(Progress(file.name, file.size, (partition.end or file.size or 0)), lines.before)


def _files(given: Sequence[str], asked: Asked, crew: Crew) -> Iterator[File]:
    found = ahead((crew.submit(names, asked, name) for name in given), crew.most)
    each = (name for coming in found for name in coming.result())
    try:
        for coming in ahead((crew.submit(looked_at, asked, name) for name in each), crew.most):
            yield coming.result()
    except UsageError as error:
        raise UsageError(f"On a worker of the cluster: {error}") from error


def _taken(partition: Partition, coming: Coming[Part], lines: _Lines) -> Tally:
    """What one partition came to, its lines counted on from those before it."""
    try:
        part = coming.result()
    except Unusable:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are judged and this one is told
        reason = str(error) if isinstance(error, GoatcheckError) else f"a worker can't judge it: {type(error).__name__}"
        tally = Tally()
        tally.damage((partition.number, lines.before + 1), partition.place, reason)
        lines.lost, lines.before = partition.end or 0, 0
        return tally
    before, lines.before = lines.before, lines.before + part.entries
    if partition.end is None:
        return part.tally
    return moved(part.tally, before, lambda number: lines.place(partition.name, number))
