"""How a Dask cluster is reached and used, with a stand-in for `distributed`; tests/cluster has the real one."""

import sys
from concurrent.futures import CancelledError
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from crew import Crew
from recordings import Said, har, line

from goatcheck.audit import cluster
from goatcheck.audit.cluster import connected
from goatcheck.audit.partitions import Failed, mark
from goatcheck.cli import main
from goatcheck.errors import Unusable, UsageError

ADDRESS = "tcp://scheduler:8786"
HERE = mark("2026-06")


class KilledWorkerError(CancelledError):
    """As `distributed` has it."""


class Client:
    """A client of a cluster that is `like` this."""

    def __init__(self, like, address, *, timeout, set_as_default):
        assert (address, timeout, set_as_default) == (ADDRESS, cluster.CONNECTING, False)
        self.like = like
        self.crew = Crew(like.spoil)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.like.closed = True

    def submit(self, function, *arguments, pure, retries=0):
        if function is not int:
            assert (pure, retries) == (False, cluster.RETRIES)
        if self.like.lost:
            raise self.like.lost
        coming = self.crew.submit(function, *arguments)
        coming.release = lambda: None
        return coming

    def wait_for_workers(self, number, timeout):
        assert (number, timeout) == (1, cluster.JOINING)
        if not self.like.marks:
            raise TimeoutError

    def run(self, function, version, on_error):
        assert (function, version, on_error) == (mark, "2026-06", "return")
        return self.like.marks

    def nthreads(self):
        return dict.fromkeys(self.like.marks, 2)


@pytest.fixture
def dask(monkeypatch):
    """A cluster of two workers with two threads each, that can be changed."""
    like = SimpleNamespace(
        marks={"tcp://a": HERE, "tcp://b": HERE}, reached=None, spoil=lambda *_: None, lost=None, closed=False
    )

    async def close():
        pass

    async def connect(address, *, timeout, **security):  # noqa: ASYNC109 - as Dask has it
        assert (address, timeout, security) == (ADDRESS, cluster.CONNECTING, {"ssl_context": None})
        if like.reached:
            raise like.reached
        return SimpleNamespace(close=close)

    security = SimpleNamespace(get_connection_args=lambda role: {"client": {"ssl_context": None}}[role])
    fake = SimpleNamespace(
        Client=lambda *given, **named: Client(like, *given, **named),
        Security=lambda: security,
        core=SimpleNamespace(connect=connect),
        KilledWorker=KilledWorkerError,
    )
    monkeypatch.setitem(sys.modules, "distributed", fake)
    return like


def refusal():
    with pytest.raises(UsageError) as raised, connected(ADDRESS, "2026-06"):
        pass
    return str(raised.value)


def test_the_command_has_a_cluster_judge(dask, write, tmp_path):
    command = ["audit", write(har(Said())), "--scheduler", ADDRESS, "--quiet", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    assert (done.exit_code, done.output.split(":")[0]) == (0, "CONFORMANT")
    assert dask.closed


def test_processes_here_and_a_cluster_at_once_are_wrong_usage(write):
    done = CliRunner().invoke(main, ["audit", write(line()), "--scheduler", ADDRESS, "--jobs", "2"])
    assert (done.exit_code, "the cluster's workers judge" in done.output) == (2, True)


def test_without_dask_it_is_told_what_brings_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refusal() == "--scheduler takes Dask, which is not installed: pip install 'goatcheck[dask]'."


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (OSError("refused"), f"No Dask scheduler was reached at {ADDRESS} within 10 seconds. Is it running?"),
        (ValueError("no port"), f"{ADDRESS} is no address of a Dask scheduler: no port. Expected tcp://HOST:PORT."),
        (TypeError("no TLS"), f"{ADDRESS} is no address of a Dask scheduler: no TLS. Expected tcp://HOST:PORT."),
    ],
)
def test_a_scheduler_that_can_t_be_reached_is_told(dask, trouble, told):
    dask.reached = trouble
    assert refusal() == told


def test_a_scheduler_without_a_worker_is_told(dask):
    dask.marks = {}
    assert refusal() == f"The scheduler at {ADDRESS} has no worker, after 60 seconds still."
    assert dask.closed


def test_a_worker_of_another_goatcheck_is_refused(dask):
    dask.marks["tcp://b"] = "goatcheck 0.0.1 with contract 2026-06 (0)"
    assert refusal() == (
        f"The worker at tcp://b has goatcheck 0.0.1 with contract 2026-06 (0), and this is {HERE}: install the same on both."
    )


def test_a_worker_that_goes_away_meanwhile_is_no_reason_to_refuse_the_others(dask):
    dask.marks["tcp://b"] = OSError("closed")
    with connected(ADDRESS, "2026-06") as crew:
        assert crew.submit(len, "four").result() == 4


def test_a_worker_without_goatcheck_is_refused(dask):
    dask.marks["tcp://b"] = ModuleNotFoundError("no goatcheck")
    assert refusal() == "The worker at tcp://b has not this goatcheck: install it there (no goatcheck)."


@pytest.mark.parametrize(
    ("raised", "known", "told"),
    [
        (KilledWorkerError(), Failed, "every worker that took it was lost"),
        (CancelledError(), Unusable, "went away before the audit was through"),
        (ValueError("theirs"), ValueError, "theirs"),
    ],
)
def test_what_becomes_of_work_that_gives_nothing_is_told_apart(dask, raised, known, told):
    def spoil(*_):
        raise raised

    with connected(ADDRESS, "2026-06") as crew:
        dask.spoil = crew.client.crew.spoil = spoil
        coming = crew.submit(len, "four")
        with pytest.raises(known, match=told):
            coming.result()


def test_a_crew_is_asked_for_four_partitions_for_each_of_its_threads(dask):
    with connected(ADDRESS, "2026-06") as crew:
        assert crew.submit(len, "four").result() == 4
        assert crew.most() == 16
        dask.marks = {}
        assert crew.most() == 4


def test_a_scheduler_that_is_lost_ends_the_audit(dask):
    with connected(ADDRESS, "2026-06") as crew:
        dask.lost = RuntimeError("closed")
        with pytest.raises(Unusable, match="went away"):
            crew.submit(len, "four")
