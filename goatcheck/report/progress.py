"""How far a run is, on a terminal; silent anywhere else."""

from __future__ import annotations

from collections import Counter
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from goatcheck.report.reading import in_words
from goatcheck.report.text import one_line


class Source(Protocol):
    """What is read: its name, its size in bytes (None: unknown), and how many of them were read."""

    @property
    def name(self) -> str: ...  # noqa: D102 - told above
    @property
    def size(self) -> int | None: ...  # noqa: D102
    def position(self) -> int: ...  # noqa: D102


class RunProgress:
    """A progress bar over `total` requirements, shown while it is entered as a context and gone afterwards.

    Safe to be called from several threads. Where the console is no terminal nothing is ever printed.
    """

    def __init__(self, console: Console, total: int) -> None:
        self._shown = console.is_terminal
        self._outcomes: Counter[str] = Counter()
        self._progress = Progress(
            SpinnerColumn("line"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[outcomes]}", style="dim", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not self._shown,
        )
        self._task = self._progress.add_task("", total=total, outcomes="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def advance(self, requirement_id: str, outcome: str) -> None:
        """One requirement is done: show its id and what the outcomes are so far."""
        self._outcomes[outcome] += 1
        self._progress.update(
            self._task,
            advance=1,
            description=one_line(requirement_id, 30),
            outcomes=", ".join(in_words(self._outcomes).values()),
        )

    def note(self, text: str) -> None:
        """Print a sentence above the bar, such as why the run waits."""
        if self._shown:
            self._progress.console.print(Text(one_line(text)), highlight=False)


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
        name, done = one_line(source.name, 40), source.position()
        self._progress.update(self._task, completed=done, total=source.size, description=f"{name}: {entries:,} entries")
        if entries >= self._next:
            self._next += self.EVERY
            share = f", {done / source.size:.0%} of the file" if source.size else ""
            if not self._console.is_terminal:
                self._console.print(Text(f"{name}: {entries:,} entries read{share}"), highlight=False, soft_wrap=True)
