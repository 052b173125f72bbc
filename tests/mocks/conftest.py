"""Mocks of others. Their programs are named by environment variables, which `tox -e mocks` sets.

Without its variable a tool's tests are skipped; where the variable names no program they fail, so that they are never green
unseen.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # where the cases are

SECONDS = 90.0
"""How long a tool may take to start."""


@dataclass(frozen=True)
class Tool:
    """How a tool is started: its variable, its arguments (`{port}` and `{served}` are filled in), a part of the line that it
    prints once it listens, and the path below which it serves.
    """

    variable: str
    arguments: str
    listening: str
    base_path: str = ""


TOOLS = {
    "prism": Tool("PRISM", "mock -p {port} -h 127.0.0.1 {served}", "listening on "),
    "mockoon": Tool(
        "MOCKOON",
        "start --data {served} --hostname 127.0.0.1 --port {port} --disable-log-to-file --disable-admin-api",
        "Server started on port",
        "/api/v1",
    ),
    "wiremock": Tool(
        "WIREMOCK", "--port {port} --bind-address 127.0.0.1 --root-dir {served}", "extensions:", "/api/v1"
    ),
    "json-server": Tool("JSON_SERVER", "--host 127.0.0.1 --port {port} {served}", "Home"),
}


@contextmanager
def served_by(tool, served):
    """Serves something (a file, a folder, or for json-server its arguments) by a tool, and gives the base URL."""
    program = os.environ.get(tool.variable)
    if not program:
        pytest.skip(f"{tool.variable} is not set: tox -e mocks brings the tool from npm")
    assert Path(program).is_file(), f"{tool.variable} is {program}, which is no file: did npm install it?"
    port = free_port()
    arguments = [part.format(port=port, served=served) for part in tool.arguments.split()]
    if isinstance(served, list):
        arguments = [*arguments[:-1], *map(str, served)]
    with subprocess.Popen(  # noqa: S603 - the program that tox has installed
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # some start a process of their own, which has to end too
    ) as process:
        overdue = threading.Timer(SECONDS, end, [process])
        overdue.start()
        reader = None
        try:
            started = []
            for line in process.stdout:
                started.append(line)
                if tool.listening in line:
                    break
            else:
                pytest.fail(f"{program} did not start:\n" + "".join(started))
            overdue.cancel()
            reader = threading.Thread(target=process.stdout.read)  # or its log fills the pipe, and it stops
            reader.start()
            with httpx.Client(transport=httpx.HTTPTransport(retries=6)) as client:
                client.get(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}{tool.base_path}"
        finally:
            overdue.cancel()
            end(process)
            if reader:
                reader.join()


def end(process):
    """End a process with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)


def free_port():
    """A port of loopback that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def serve():
    """Serves by the tool of a name: a context manager that gives the base URL."""

    def by_name(name, served):
        return served_by(TOOLS[name], served)

    return by_name
