"""Property tests here have no deadline, because machines are shared, and remember nothing between runs.

`stage` runs the suites against a world in this process, past any transport that misbehaves in one way.
"""

import datetime as dt
import os
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest
from hypothesis import settings

from goatcheck.conduct.run import Options, Run, selected
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.verdict import outcome_of, verdict_of
from goatcheck.contract import load
from goatcheck.drawing import Draw
from goatcheck.mock import CLOCK_URL, WorldTransport, serve
from goatcheck.model import World, profile_toml, reference_world
from goatcheck.report import model
from goatcheck.report.build import Facts, build_report

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell starts what it sends to the background so, and every child would inherit it: Ctrl-C could not be tested
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.pop("GITHUB_ACTIONS", None)  # on GitHub too the runs within tests are no jobs, unless a test says so

settings.register_profile("goatcheck-tests", deadline=None, database=None, max_examples=50)
settings.load_profile("goatcheck-tests")

ROOT = Path(__file__).resolve().parent.parent
BASE_URL = "http://localhost/api/v1"
ENOUGH = 2000
TODAY = dt.date(2026, 6, 15)


class Middleman(httpx.BaseTransport):
    """Between a client and a world: keeps what was asked of the API, and lets `change` meddle.

    `change(request, forward, number)` answers the API's request with that number (from 1); `forward()` asks the world.
    """

    def __init__(self, world, change=lambda _request, forward, _number: forward()):
        self._inner = WorldTransport(world)
        self._change = change
        self._lock = threading.Lock()
        self.asked = []

    def handle_request(self, request):
        if request.url.path == "/_clock":
            return self._inner.handle_request(request)
        with self._lock:
            self.asked.append((request.method, request.url.path))
            number = len(self.asked)
        return self._change(request, lambda: self._inner.handle_request(request), number)


@dataclass
class Played:
    """A run that is over, the transport it went through, and what its requirements came to."""

    run: Run
    transport: Middleman

    @property
    def outcomes(self):
        """Every outcome by requirement."""
        return {r.id: self._outcome(r) for r in self.run.requirements}

    @property
    def names(self):
        """The name of every outcome by requirement."""
        return {name: outcome.name for name, outcome in self.outcomes.items()}

    @property
    def verdict(self):
        run = self.run
        return verdict_of(
            run.contract.by_id,
            self.outcomes,
            run.profile,
            today=TODAY,
            interrupted=run.interrupted,
            unusable=run.unusable,
        )

    @property
    def report(self):
        """The report of it."""
        return self.report_against(None)

    def report_against(self, baseline):
        """The same, held against an earlier report."""
        run = self.run
        figures = model.Run(1, "2026-06-15T09:00:00Z", run.seconds, run.budget.requests, run.budget.requests_per_key)
        facts = Facts(
            run.contract,
            run.profile,
            run.ledger,
            run.selected,
            (),
            figures,
            interrupted=run.interrupted,
            unusable=run.unusable,
            unforced=run.unforced,
            leftovers=tuple(run.leftovers),
            baseline=baseline,
        )
        return build_report(facts, TODAY)

    def _outcome(self, requirement):
        record = self.run.ledger.record(requirement.id)
        missing = self.run.missing(requirement)
        return outcome_of(requirement, record, self.run.profile, missing=missing, today=TODAY, strict=False)


@dataclass
class Stage:
    """A reference world in this process. `play` runs the suites against it."""

    contract: object
    draw: Draw
    world: World = field(default_factory=reference_world)

    @property
    def profile(self):
        """Everything that the world offers; enough requests for everything, and a bound on them, which spares the extras."""
        return replace(self.world.profile, base_url=BASE_URL, clock=CLOCK_URL, max_requests=ENOUGH)

    def play(self, *only, change: Callable | None = None, checks=None, contract=None, target_clock=None, **profile):
        """A run of the requirements that `only` names, against the world, with the profile changed."""
        transport = Middleman(self.world, change) if change else Middleman(self.world)
        contract = contract or self.contract
        run = Run(
            contract,
            replace(self.profile, **profile),
            all_checks() if checks is None else checks,
            selected(contract, only),
            Options(),
            transport=transport,
            draw=self.draw,
            target_clock=target_clock,
        )
        run.execute()
        return Played(run, transport)

    def left(self):
        """What is there for those who use the world, by kind."""
        state = self.world.state
        return {
            "creators": {c.id: c for c in state.creators.values() if not c.removed},
            "campaigns": dict(state.campaigns),
            "payout methods": dict(state.payout_methods),
            "projects": dict(state.projects),
        }


@pytest.fixture(scope="session")
def current_contract():
    """The contract that is judged by."""
    return load()


@pytest.fixture(scope="session")
def shared_draw():
    """Equal seeds draw equally: what one run has drawn no other has to draw again."""
    return Draw(Options.seed)


@pytest.fixture
def stage(current_contract, shared_draw):
    """A world of its own for each test."""
    return Stage(current_contract, shared_draw)


@dataclass(frozen=True)
class Target:
    """A world behind a port of this machine, with the profile file that fits it."""

    world: World
    base_url: str
    profile: Path

    @property
    def tokens(self):
        """The keys themselves, which must turn up nowhere."""
        return [key.token for key in self.world.profile.keys]

    def with_profile(self, **replaced):
        """Another profile file for the same target, with texts in it replaced."""
        text = self.profile.read_text(encoding="utf-8")
        for old, new in replaced.values():
            assert old in text, f"the profile has no {old!r}"
            text = text.replace(old, new)
        path = self.profile.with_name(f"{'-'.join(replaced)}.toml")
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Serves a world (default: the reference one) as a context that gives its Target."""

    @contextmanager
    def serving(world=None):
        world = world or reference_world()
        with serve(world) as where:
            path = tmp_path_factory.mktemp("target") / "profile.toml"
            text = profile_toml(world, where.base_url, where.clock_url)
            path.write_text(text.replace("max_requests = 0", f"max_requests = {ENOUGH}"), encoding="utf-8")
            yield Target(world, where.base_url, path)

    return serving


@pytest.fixture
def target(served):
    """The reference world behind a port."""
    with served() as where:
        yield where


@pytest.fixture
def mute():
    """A server that takes every connection and every request, and closes without a word."""

    class Mute(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(65536)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mute) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def shell(tmp_path):
    """Runs a Python command line in a process of its own, in a foreign folder; gives the process that ended."""

    def run(*arguments, folder=tmp_path, **environment):
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COLUMNS"))}
        return subprocess.run(  # noqa: S603 - this very interpreter
            [sys.executable, *map(str, arguments)],
            cwd=folder,
            env={**env, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def goatcheck(shell):
    """Runs goatcheck in a process of its own."""
    return lambda *arguments, **how: shell("-c", "from goatcheck.cli import main; main()", *arguments, **how)
