"""Prism, a mock of somebody else. Its program is named by the environment variable PRISM, which `tox -e prism` sets."""

import os
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

LISTENING = "listening on "
SECONDS = 60.0
"""How long Prism may take to start."""


@pytest.fixture(scope="session")
def prism():
    """Serves an OpenAPI document by Prism: a context manager that takes the file and gives the base URL.

    Without PRISM its tests are skipped; where PRISM names no program they fail, so that they are never green unseen.
    """
    program = os.environ.get("PRISM")
    if not program:
        pytest.skip("Prism is not installed here: tox -e prism brings it from npm")
    assert Path(program).is_file(), f"PRISM is {program}, which is no file: did npm install it?"

    @contextmanager
    def serve(document):
        with subprocess.Popen(  # noqa: S603 - the program that tox has installed
            [program, "mock", "-p", "0", "-h", "127.0.0.1", str(document)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        ) as process:
            overdue = threading.Timer(SECONDS, process.kill)
            overdue.start()
            reader = None
            try:
                started = []
                for line in process.stdout:
                    started.append(line)
                    if LISTENING in line:
                        break
                else:
                    pytest.fail("Prism did not start:\n" + "".join(started))
                overdue.cancel()
                reader = threading.Thread(target=process.stdout.read)  # or its log fills the pipe, and it stops
                reader.start()
                yield started[-1].rpartition(LISTENING)[2].strip()
            finally:
                overdue.cancel()
                process.terminate()
                if reader:
                    reader.join()

    return serve
