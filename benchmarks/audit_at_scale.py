"""What an audit costs on a Dask cluster: seconds and memory of its one worker, of the one who asks, and of the merge.

    python benchmarks/audit_at_scale.py                    a million exchanges, some minutes long
    python benchmarks/audit_at_scale.py --exchanges N      fewer, or more
    python benchmarks/audit_at_scale.py --docs             writes the result into docs/audit-at-scale.md

It takes `pip install 'goatcheck[dask]'`. The scheduler, the worker and the audit are processes of their own on this machine.
"""

from __future__ import annotations

import argparse
import os
import pickle
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import distributed
from measure_audit import journal_of, lines_of
from timing import ROOT, Ended, goatcheck

from goatcheck.audit.partitions import SIZE, Asked, File, judged, partitions_of
from goatcheck.audit.tally import Tally, merged, moved
from goatcheck.contract import load
from goatcheck.recorded import Api

PAGE = ROOT / "docs" / "audit-at-scale.md"
MARK = re.compile(r"(<!-- generated: benchmarks/audit_at_scale.py -->\n).*?(<!-- end -->)", re.DOTALL)

_MIB = 1024 * 1024
_HOUR = 3600
_DAY = 24 * _HOUR
_MERGES = 200


@dataclass(frozen=True)
class Cost:
    """What a million exchanges cost: bytes; processor seconds of the worker and of who asks; seconds on the wall; the most memory
    of both in MiB; bytes of a partition's tally, and seconds to take one in.
    """

    size: float
    worker: float
    asking: float
    wall: float
    worker_memory: float
    asking_memory: float
    sent: int
    taking: float

    def tables(self) -> str:
        """What was measured, and what comes of it for a billion a day."""
        size, worker, partitions = self.size * 1000, self.worker * 1000, self.size * 1000 / SIZE
        return _table(
            ("a million exchanges", "measured"),
            ("size as JSON lines", f"{self.size / _MIB:,.0f} MiB"),
            ("processor time of the worker", f"{self.worker:.0f} s"),
            ("on the wall, with one worker", f"{self.wall:.0f} s"),
            ("most memory of the worker, Dask's share with it", f"{self.worker_memory:.0f} MiB"),
            ("processor time of who asks, with its start and the report", f"{self.asking:.1f} s"),
            ("most memory of who asks", f"{self.asking_memory:.0f} MiB"),
            ("what a partition sends back", f"{self.sent / 1024:.0f} KiB"),
            ("to take a partition in: unpacked, its lines counted on, merged", f"{self.taking * 1000:.1f} ms"),
        ) + _table(
            ("a billion exchanges a day", "a thousand times that"),
            ("size as JSON lines, uncompressed", f"{size / _MIB / 1024:,.0f} GiB"),
            ("partitions", f"{partitions:,.0f}"),
            ("processor time of the workers", f"{worker / _HOUR:.0f} hours"),
            ("workers that keep up, busy all day", f"{ceil(worker / _DAY)}"),
            ("workers that are through in an hour", f"{ceil(worker / _HOUR)}"),
            ("what each of them reads", f"{self.size / _MIB / self.worker:.0f} MiB/s"),
            ("what all partitions send back", f"{partitions * self.sent / _MIB:,.0f} MiB"),
            ("to take them all in", f"{partitions * self.taking:.0f} s"),
        )


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description="What an audit costs on a Dask cluster of one worker.")
    parser.add_argument("--exchanges", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--docs", action="store_true", help="write docs/audit-at-scale.md anew")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        folder = Path(name)
        goatcheck("run", "--quiet", "--out", str(folder / "run"), folder=folder)
        cost = _measured(lines_of(folder / "run"), wanted.exchanges, folder)
    text = f"{cost.tables()}\nPython {platform.python_version()}, {os.cpu_count()} cores, shared with other work.\n"
    sys.stdout.write(text)
    if wanted.docs:
        PAGE.write_text(MARK.sub(lambda found: found[1] + text + found[2], PAGE.read_text("utf-8")), "utf-8")


def _table(head: tuple[str, str], *rows: tuple[str, str]) -> str:
    first, *others = (f"| {what} | {value} |\n" for what, value in (head, *rows))
    return "\n" + first + "|---|---|\n" + "".join(others)


def _measured(lines: Sequence[bytes], count: int, folder: Path) -> Cost:
    path = journal_of(lines, count, folder / "traffic.jsonl")
    share = 1_000_000 / count
    with _cluster(folder) as client:
        _audited(client, journal_of(lines, 1, folder / "one.jsonl"), folder)  # it imports, and reads the contract
        (before,) = client.run(time.process_time).values()
        ended = _audited(client, path, folder)
        (after,) = client.run(time.process_time).values()
        (memory,) = client.run(_peak).values()
    sent, taking = _merge(path)
    return Cost(
        size=path.stat().st_size * share,
        worker=(after - before) * share,
        asking=ended.seconds,
        wall=ended.wall * share,
        worker_memory=memory,
        asking_memory=ended.memory,
        sent=sent,
        taking=taking,
    )


def _audited(client: distributed.Client, path: Path, folder: Path) -> Ended:
    address = client.scheduler.address
    return goatcheck("audit", str(path), "--scheduler", address, "--quiet", "--out", str(folder / "out"), folder=folder)


def _merge(path: Path) -> tuple[int, float]:
    """The bytes of a partition's tally, and the seconds that it takes to add it: neither grows with the exchanges in it."""
    first = next(partitions_of(File(str(path), path.stat().st_size, cuttable=True), 0))
    part = judged(Asked.of(Api(load())), first)
    sent = pickle.dumps(part)
    total = Tally()
    began = time.process_time()
    for number in range(_MERGES):
        total = merged(total, moved(pickle.loads(sent).tally, number * part.entries, str))  # noqa: S301 - our own, of just now
    return len(sent), (time.process_time() - began) / _MERGES


@contextmanager
def _cluster(folder: Path) -> Iterator[distributed.Client]:
    """A scheduler and one worker of one thread."""
    file = str(folder / "scheduler.json")
    programs = (
        ("scheduler", "--host", "127.0.0.1", "--port", "0"),
        ("worker", "--nthreads", "1", "--no-nanny"),
    )
    started = [
        subprocess.Popen(  # noqa: S603 - Dask itself
            [sys.executable, "-m", "dask", *program, "--no-dashboard", "--scheduler-file", file],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        for program in programs
    ]
    try:
        with distributed.Client(scheduler_file=file, timeout=30) as client:
            client.wait_for_workers(1, timeout=60)
            yield client
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def _peak() -> float:
    """The most memory that this process had, in MiB."""
    told = Path("/proc/self/status").read_text("ascii")
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmHWM"))) / 1024


if __name__ == "__main__":
    main()
