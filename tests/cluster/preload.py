"""Runs in each worker as it starts (`dask worker --preload`): spoils the judging of partitions as files in a folder ask for it.

The file START in it, where START is the first byte of a partition, says what happens when half of the partition is read: `kill`, the
worker ends as by `kill -9`; `fail`, an error is raised; `hold-PORT`, the worker connects to that port of this machine and waits until
the connection is closed. `-once` behind it makes it happen to the first who tries. Each time leaves a line in the file `done`.
"""

import os
import signal
import socket
import sys
from pathlib import Path

import goatcheck
from goatcheck.audit import partitions
from goatcheck.recorded import streams

FOLDER = Path(os.environ["GOATCHECK_SPOILED"])
goatcheck.__version__ = os.environ.get("GOATCHECK_VERSION", goatcheck.__version__)
if goatcheck.__version__ == "none":
    sys.modules["goatcheck.audit.partitions"] = None  # as if it were not installed


def lines_within(stream, start, end):
    """The lines of a partition, spoilt where a test asks for it."""
    lines = list(streams.lines_within(stream, start, end))
    how = FOLDER / str(start)
    what, _, more = how.read_text().partition("-") if how.exists() else ("", "", "")
    yield from lines[: len(lines) // 2]
    if more == "once":
        how.unlink()
    if what:
        with (FOLDER / "done").open("a") as done:
            done.write(f"{what}\n")
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "fail":
        raise ValueError(lines[0])
    if what == "hold":
        with socket.create_connection(("127.0.0.1", int(more))) as held:
            held.recv(1)
    yield from lines[len(lines) // 2 :]


partitions.lines_within = lines_within
