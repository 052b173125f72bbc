"""Auditing journals of any length against reading their lines as JSON: time, memory, two processes, growth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from figures import ABSOLUTE, RATIO, Figure, Growth, growth_figure
from timing import Ended, goatcheck, pair, process

from goatcheck.audit import audit
from goatcheck.contract import load
from goatcheck.recorded import Api
from goatcheck.session import JOURNAL

_LONGEST = 4000
_READ_ONE_BY_ONE = """
import json, sys
for line in open(sys.argv[1], "rb"):
    json.loads(line)
"""
_SMALLEST, _SHORT = 1000, 10_000
_GOES = 3
"""So often what is soon over is measured; the least counts, since other programs only ever add to it."""


def lines_of(run: Path) -> list[bytes]:
    """The exchanges of a run's journal as lines, without very long ones."""
    lines = (run / JOURNAL).read_bytes().splitlines(keepends=True)
    return [line for line in lines if line.startswith(b'{"kind": "exchange"') and len(line) < _LONGEST]


def journal_of(lines: Sequence[bytes], count: int, path: Path) -> Path:
    """A journal of so many exchanges, those of a run again and again."""
    with path.open("wb") as file:
        for start in range(0, count, len(lines)):
            file.writelines(lines[: min(len(lines), count - start)])
    return path


def quick_audit_figures(run: Path, folder: Path, count: int, rounds: int) -> list[Figure]:
    """The ratio alone, in this process."""
    path = journal_of(lines_of(run), count, folder / "quick.jsonl")
    api = Api(load())

    def read() -> None:
        exec(compile(_READ_ONE_BY_ONE.replace("sys.argv[1]", repr(str(path))), "reading", "exec"), {})  # noqa: S102 - the text above

    times = pair(lambda: audit([str(path)], api), read, rounds)
    return [_ratio("audit", count, times.ratio, times.work, times.against)]


def audit_figures(run: Path, folder: Path, count: int) -> tuple[list[Figure], Growth]:
    """Journals from a thousand lines up to `count`, each read and audited by a process of its own."""
    lines = lines_of(run)
    rows: list[tuple[int, float, float]] = []
    size = _SMALLEST
    while True:
        path = journal_of(lines, size, folder / f"{size}.jsonl")
        ended = _least_audited(path, folder) if size <= _SHORT else _audited(path, folder)
        rows.append((size, ended.seconds, ended.memory))
        if size >= count:
            break
        path.unlink()
        size = min(size * 10, count)
    start = _least_audited(journal_of(lines, 1, folder / "one.jsonl"), folder)
    growth = Growth("goatcheck audit by exchanges", "exchanges", tuple(rows), start=(start.seconds, start.memory))
    read = process("-c", _READ_ONE_BY_ONE, str(path)).seconds
    two = _audited(path, folder, "--jobs", "2")
    work = ended.seconds - start.seconds
    path.unlink()
    figures = [
        _ratio("audit", count, work / read, work, read),
        Figure("audit_memory", "memory of such an audit", "nothing", ended.memory, "MiB", ABSOLUTE, 200),
        Figure(
            *(
                "audit_jobs",
                "such an audit by two processes",
                "by one, on the wall",
                ended.wall / two.wall,
                "times faster",
                RATIO,
            ),
            *(1.8, True, f"{two.wall:.1f} s against {ended.wall:.1f} s"),
        ),
        Figure(
            *("audit_jobs_memory", "memory of such an audit by two processes, the larger", "nothing"),
            *(two.memory, "MiB", ABSOLUTE, 200),
        ),
    ]
    if len(rows) > 1:
        figures.append(growth_figure("growth_exchanges", growth))
    return figures, growth


def _audited(path: Path, folder: Path, *more: str) -> Ended:
    return goatcheck("audit", str(path), "--quiet", "--out", str(folder / "audited"), *more, folder=folder)


def _least_audited(path: Path, folder: Path) -> Ended:
    return min((_audited(path, folder) for _ in range(_GOES)), key=lambda ended: ended.seconds)


def _ratio(name: str, count: int, ratio: float, work: float, read: float) -> Figure:
    return Figure(
        *(name, f"`goatcheck audit` of {count:,} exchanges", "reading the lines and `json.loads` of each"),
        *(ratio, "times", RATIO, 8),
        made_of=f"{work:.1f} s against {read:.1f} s",
    )
