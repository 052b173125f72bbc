"""How far a run is, on a terminal; silent anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

from goatcheck.report.text import one_line

_MINUTE = 60


class Source(Protocol):
    """What is read: its name, its size in bytes (None: unknown), and how many of them were read."""

    @property
    def name(self) -> str: ...  # noqa: D102 - told above
    @property
    def size(self) -> int | None: ...  # noqa: D102
    def position(self) -> int: ...  # noqa: D102


class _TimeLeft(ProgressColumn):
    """How long it still takes, from a function that says the seconds; empty without one."""

    def __init__(self, left: Callable[[], float] | None) -> None:
        super().__init__()
        self._left = left

    def render(self, task: Task) -> Text:
        del task  # the time hangs on the pace of requests, not on what has been tried
        return Text(_in_words(self._left()) if self._left else "", style="cyan")


class RunProgress:
    """A bar over `total` requirements (0: nobody knows how many), shown while it is entered as a context and gone afterwards.

    `left` says how many seconds the run still takes, where that is known. Safe to be called from several threads. Where the
    console is no terminal nothing is ever printed.
    """

    def __init__(self, console: Console, total: int, left: Callable[[], float] | None = None) -> None:
        self._progress = Progress(
            SpinnerColumn("line"),
            BarColumn(bar_width=16),
            TextColumn("{task.completed:.0f} of {task.total} tried" if total else ""),
            TextColumn("[bold red]{task.fields[broken]}"),
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
            TimeElapsedColumn(),
            _TimeLeft(left),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=total or None, broken="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def advance(self, name: str, broken: int, *, counts: bool = True) -> None:
        """What `name` says was tried; so many requirements are broken so far. It `counts` where it is one of the total."""
        self._progress.update(
            self._task,
            advance=int(counts),
            description=one_line(name, 30),
            broken=f"{broken} broken" if broken else "",
        )


def _in_words(seconds: float) -> str:
    """A time to come, as people say it."""
    if seconds < _MINUTE:
        return "less than a minute left"
    return f"about {seconds / _MINUTE:.0f} min left"


class ReadingProgress:
    """How far the reading of recordings is: a bar on a terminal, else a line now and then, while entered as a context."""

    EVERY = 100_000
    """Entries between two lines."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = self.EVERY
        self._name = ""
        self._progress = Progress(
            SpinnerColumn("line"),
            BarColumn(bar_width=20),
            TaskProgressColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def read(self, source: Source, entries: int) -> None:
        """So many entries of a source were read."""
        if source.name != self._name:
            self._name, self._next = source.name, self.EVERY
        name, done = one_line(Path(source.name).name, 40), source.position()
        self._progress.update(self._task, completed=done, total=source.size, description=f"{name}: {entries:,} entries")
        if entries >= self._next:
            self._next += self.EVERY
            share = f", {done / source.size:.0%} of the file" if source.size else ""
            if not self._console.is_terminal:
                self._console.print(Text(f"{name}: {entries:,} entries read{share}"), highlight=False, soft_wrap=True)
