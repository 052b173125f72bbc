"""A real cluster on this machine: a scheduler, and two workers, each a process with a nanny that starts it again."""

import datetime as dt
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import goatcheck.audit
from goatcheck.audit import partitions
from goatcheck.cli import main

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "recorded")]  # where its programs and the recordings are
from local import Cluster, dask, workers  # noqa: E402 - found there

NOW = dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """The cluster, which all tests share."""
    import distributed  # noqa: PLC0415 - tox -e cluster brings it

    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    scheduler = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with (
        dask(folder, "scheduler", *scheduler, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1"),
        workers(folder, file, 2),
        distributed.Client(scheduler_file=file, timeout=30, set_as_default=False) as client,
    ):
        client.wait_for_workers(2, timeout=60)
        yield Cluster(client.scheduler.address, file, client, folder)


@pytest.fixture
def cluster(running):
    """The cluster, with two workers and nothing spoiled."""
    running.client.wait_for_workers(2, timeout=60)
    yield running
    for path in running.spoiled.glob("[0-9]*"):
        path.unlink()
    (running.spoiled / "done").unlink(missing_ok=True)


@pytest.fixture
def audited(tmp_path, monkeypatch):
    """Runs `goatcheck audit` with partitions of 16 KiB and a clock that stands still; its exit code, its output and its reports."""
    monkeypatch.setattr(partitions, "SIZE", 16 * 1024)
    clock = SimpleNamespace(datetime=SimpleNamespace(now=lambda _zone: NOW), UTC=dt.UTC)
    monkeypatch.setattr(goatcheck.audit, "dt", clock)
    monkeypatch.setattr(goatcheck.audit, "time", SimpleNamespace(monotonic=lambda: 0.0))

    def run(*arguments):
        out = tmp_path / "out"
        done = CliRunner().invoke(main, ["audit", *arguments, "--out", str(out)], catch_exceptions=False)
        return done.exit_code, done.output, {path.name: path.read_bytes() for path in sorted(out.glob("*"))}

    return run
