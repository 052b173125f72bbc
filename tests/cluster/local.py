"""Dask's own programs, started on this machine."""

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@dataclass(frozen=True)
class Cluster:
    """A scheduler by its address, the file that tells it, a client, and the folder whose files spoil partitions."""

    address: str
    file: Path
    client: object
    spoiled: Path

    def spoil(self, start, how):
        """Spoil the partition that begins at a byte."""
        (self.spoiled / str(start)).write_text(how)

    @property
    def done(self):
        """What was spoiled."""
        path = self.spoiled / "done"
        return path.read_text().split() if path.exists() else []


@contextmanager
def dask(folder, *arguments, **environment):
    """A program of Dask's, for as long as the context is open."""
    with (folder / f"{arguments[0]}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - Dask itself
            [sys.executable, "-m", "dask", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def workers(folder, file, number, **environment):
    """So many workers of a scheduler."""
    options = ("--nworkers", str(number), "--nthreads", "1", "--no-dashboard", "--preload", str(HERE / "preload.py"))
    with dask(folder, "worker", "--scheduler-file", str(file), *options, GOATCHECK_SPOILED=str(folder), **environment):
        yield
