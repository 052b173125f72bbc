"""The runs of all targets: one process each, side by side where they are on different origins, one after another on the same.

Two runs at one origin would share what limits them there (address, gateway, org), and each would spoil the other's pace.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import goatcheck
from goatcheck.conduct.interrupts import handling_interrupts
from goatcheck.errors import UsageError
from goatcheck.matrix.targets import Target
from goatcheck.profile.problems import masked
from goatcheck.report.model import EXIT_CODES

INTERRUPTED, BUG = EXIT_CODES["interrupted"], 70

_ROOT = str(Path(goatcheck.__file__).parent.parent)
_CODE = f"import sys; sys.path.insert(0, {_ROOT!r}); import goatcheck; del sys.path[0]; from goatcheck.cli import main; main()"
_PROGRAM = (sys.executable, "-P", "-c", _CODE)
"""This very goatcheck, installed or not (-P: nothing in the working folder is taken for a module)."""


@dataclass(frozen=True)
class Ended:
    """How the run of a target ended: its exit code, its report (the object of report.json, None where it came to none), what its
    process said on standard error, and the seconds that it took.
    """

    target: Target
    exit_code: int
    report: Mapping[str, Any] | None
    said: str = ""
    seconds: float = 0.0


def run_all(
    targets: Sequence[Target],
    out: Path,
    arguments: Sequence[str] = (),
    *,
    jobs: int,
    told: Callable[[Ended], None] = lambda _: None,
) -> tuple[Ended, ...]:
    """Run every target, at most `jobs` at once, each with the further `arguments` and the folder `out / target.folder`.

    Called in the main thread. The first Ctrl-C or SIGTERM stops every run as it would stop one: it tidies up and writes its report;
    those that have not begun never do. A second one stops them at once. `told` hears of each end, in any thread.
    """
    fleet = _Fleet(out, arguments, told)
    lanes: dict[str, list[Target]] = {}
    for target in targets:
        lanes.setdefault(target.origin, []).append(target)
    with handling_interrupts(fleet.stop), ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(lambda lane: [fleet.run(target) for target in lane], lane) for lane in lanes.values()]
        wait(futures)
    ended = {each.target: each for each in chain.from_iterable(future.result() for future in futures)}
    return tuple(ended[target] for target in targets)


class _Fleet:
    """The processes that are running. `stop` may come at any moment, also while it is at work (hence the lock that may be taken twice)."""

    def __init__(self, out: Path, arguments: Sequence[str], told: Callable[[Ended], None]) -> None:
        self._out, self._arguments, self._told = out, tuple(arguments), told
        self._lock = threading.RLock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def stop(self) -> None:
        """Ask every process to end. SIGTERM, not SIGINT: a shell's background job, and all that it starts, ignores that one."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.terminate()

    def run(self, target: Target) -> Ended:
        """Run one target to its end."""
        began = time.monotonic()
        folder = self._out / target.folder
        process = self._start(target, folder)
        if process is None:
            ended = Ended(target, INTERRUPTED, None, "it was stopped before it began")
        else:
            said = process.communicate()[1].decode("utf-8", "replace").strip()
            with self._lock:
                self._running.discard(process)
            ended = self._ended(target, process.returncode, folder / "report.json", said, time.monotonic() - began)
        self._told(ended)
        return ended

    def _start(self, target: Target, folder: Path) -> subprocess.Popen[bytes] | None:
        words = [*_PROGRAM, "run", "--profile", target.profile, "--out", str(folder), "--quiet", *self._arguments]
        words += [*(("--base-url", target.base_url) if target.base_url else ()), "--label", target.label]
        try:
            (folder / "report.json").unlink(missing_ok=True)  # what an earlier run left must not be read as this one's
        except OSError as error:
            raise UsageError(
                f"The reports can't be written to {folder}: {error.strerror}. Name another --out."
            ) from error
        with self._lock:
            if self._stopped:
                return None
            # a group of its own: Ctrl-C on a terminal reaches a whole group, and a run that gets it twice does not tidy up
            process = subprocess.Popen(  # noqa: S603 - goatcheck itself, with options that are checked
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._running.add(process)
        return process

    def _ended(self, target: Target, code: int, file: Path, said: str, seconds: float) -> Ended:
        """What a process comes to. A report counts where the exit code is its own: a process that died after it told nothing."""
        report = json.loads(file.read_bytes()) if file.is_file() else None
        if report is not None and report["exit_code"] == code:
            return Ended(target, code, report, seconds=seconds)
        if code < 0:
            how = f"its process was ended by signal {-code}"
            return Ended(target, INTERRUPTED if self._stopped else BUG, None, how, seconds)
        known = {2, BUG, *EXIT_CODES.values()} - {0}
        return Ended(target, code if code in known else BUG, None, masked(said) or "it wrote no report", seconds)
