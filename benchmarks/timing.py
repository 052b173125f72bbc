"""How time and memory are measured on machines that do other work too: processor time, warm-up, medians, both sides in turn."""

from __future__ import annotations

import atexit
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
Work = Callable[[], Any]

_COMPILED = Path(tempfile.gettempdir()) / f"goatcheck-speed-{os.getpid()}"
atexit.register(shutil.rmtree, _COMPILED, ignore_errors=True)

_LAUNCHER = """
import json, os, sys, time
began = time.monotonic()
nowhere = os.open(os.devnull, os.O_RDWR)
actions = [(os.POSIX_SPAWN_DUP2, nowhere, number) for number in (0, 1, 2)]
process = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ, file_actions=actions)
_, status, usage = os.wait4(process, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss, time.monotonic() - began]))
"""
"""Starts a Python and tells its exit code, processor seconds, greatest memory (KiB) and seconds on the wall. It is small itself, because on Linux a
process that is started counts the memory of the one that starts it as its own.
"""


@dataclass(frozen=True)
class Pair:
    """Two works measured in turn: the median processor seconds of each, and the median of their ratios, round by round."""

    work: float
    against: float
    ratio: float


@dataclass(frozen=True)
class Ended:
    """A process that has ended: its exit code, the processor seconds that it took, with those of its own processes, the most
    memory that one of them had in MiB, and the seconds on the wall.
    """

    code: int
    seconds: float
    memory: float
    wall: float


def seconds_of(work: Work) -> float:
    """The processor seconds of this process, all threads together, that a work takes."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def pair(work: Work, against: Work, rounds: int, *, before: Work = lambda: None) -> Pair:
    """Measure two works in turn after one round that does not count. `before` comes before each round, unmeasured."""
    before()
    work(), against()
    times = []
    for _ in range(rounds):
        before()
        times.append((seconds_of(work), seconds_of(against)))
    return pair_of(times)


def pair_of(times: Sequence[tuple[float, float]]) -> Pair:
    """The medians of rounds that were measured already."""
    return Pair(
        median(one for one, _ in times),
        median(other for _, other in times),
        median(one / max(other, 1e-9) for one, other in times),
    )


def process(*arguments: str, folder: Path | None = None) -> Ended:
    """Run this Python with the arguments in a process of its own, with this very goatcheck."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(_COMPILED)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-S", "-c", _LAUNCHER, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    code, seconds, memory, wall = json.loads(done.stdout)
    return Ended(code, seconds, memory / 1024, wall)


def goatcheck(*arguments: str, folder: Path | None = None) -> Ended:
    """Run goatcheck in a process of its own."""
    return process("-c", "from goatcheck.cli import main; main()", *arguments, folder=folder)
