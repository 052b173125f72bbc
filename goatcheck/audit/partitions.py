"""What a cluster's worker does: it finds recordings, and judges a partition of one. All that it takes and gives back can be sent.

Nothing of a recording's text goes back before it was redacted: not in a tally, and not in an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Self

import goatcheck
from goatcheck.audit.judging import Judge
from goatcheck.audit.tally import Tally
from goatcheck.contract import load
from goatcheck.errors import GoatcheckError, UsageError
from goatcheck.recorded import Api, open_recording
from goatcheck.recorded.journal import read_lines
from goatcheck.recorded.names import matches
from goatcheck.recorded.streams import lines_within
from goatcheck.rooms import room

SIZE = 64 * 1024 * 1024
"""Bytes of a partition of JSON lines."""


class Failed(GoatcheckError):  # noqa: N818 - as errors.py names them
    """A partition could not be judged; the text says why, and holds nothing of the recording."""


@dataclass(frozen=True)
class Asked:
    """What every partition of an audit is judged by: an API, by its contract's version, and the mark of the goatcheck that asks.
    Paths are relative to `home`.
    """

    version: str
    base_path: str
    hosts: frozenset[str]
    home: Path
    mark: str

    @classmethod
    def of(cls, api: Api) -> Self:
        """What this process asks for."""
        version = api.contract.version
        return cls(version, api.base_path, api.hosts, Path.cwd(), mark(version))


@dataclass(frozen=True)
class File:
    """A recording as a worker finds it: its size in bytes (None: unknown), and whether it may be cut."""

    name: str
    size: int | None
    cuttable: bool


@dataclass(frozen=True)
class Partition:
    """A part of the recording of that name and number that is judged by itself: the lines that begin from byte `start` on and
    before byte `end`; the whole recording where `end` is None.
    """

    name: str
    number: int
    start: int = 0
    end: int | None = None

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return self.name if self.end is None else f"{self.name}, bytes {self.start} to {self.end}"


@dataclass(frozen=True)
class Part:
    """What a partition came to, with its lines (of a whole recording: its entries) counted from 1, and how many there are."""

    tally: Tally
    entries: int


def mark(version: str) -> str:
    """What tells one goatcheck from another: its version, the contract's version, and a digest of the contract's files."""
    files = (path for path in sorted((room("contracts") / version).rglob("*")) if path.is_file())
    digest = sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:8]
    return f"goatcheck {goatcheck.__version__} with contract {version} ({digest})"


@cache
def api_of(asked: Asked) -> Api:
    """The API to judge by, read once in each process. UsageError where this process would judge in another way."""
    here = mark(asked.version)
    if here != asked.mark:
        raise UsageError(f"the worker has {here}, and this is {asked.mark}; install the same on both")
    return Api(load(asked.version), asked.base_path, asked.hosts)


def partitions_of(file: File, number: int) -> Iterator[Partition]:
    """The partitions of a recording, none of more than SIZE bytes where it may be cut."""
    if file.size is None or not file.cuttable:
        yield Partition(file.name, number)
        return
    for start in range(0, file.size, SIZE):
        yield Partition(file.name, number, start, min(start + SIZE, file.size))


def names(asked: Asked, name: str) -> list[str]:
    """The recordings that a name stands for, on a worker. Raises UsageError."""
    api_of(asked)
    return matches(name, asked.home)


def looked_at(asked: Asked, name: str) -> File:
    """A recording as a worker finds it. Raises UsageError for one that can't be read, or whose format is unknown."""
    api_of(asked)
    with open_recording(name, asked.home) as recording:
        return File(name, recording.size, recording.cuttable)


def judged(asked: Asked, partition: Partition) -> Part:
    """What a partition comes to. Whatever goes wrong is told by GoatcheckErrors whose texts may be read by all."""
    api = api_of(asked)
    try:
        return _part(api, asked.home, partition)
    except GoatcheckError:
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except Exception as error:  # noqa: BLE001 - its text and its trace may hold a part of the recording, which must not be sent
        reason = type(error).__name__
    raise Failed(f"a worker can't judge it: {reason}")


def _part(api: Api, home: Path, partition: Partition) -> Part:
    with open_recording(partition.name, home) as recording:
        judge = Judge(api, recording.name, partition.number)
        if partition.end is None:
            items = recording.items()
        else:
            items = read_lines(lines_within(recording.raw, partition.start, partition.end), 1)
        tally, entries = Tally(), 0
        for entries, item in enumerate(items, start=1):
            judge.take(tally, item, entries)
        return Part(tally, entries)
