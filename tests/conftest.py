"""Property tests here have no deadline, because machines are shared, and remember nothing between runs.

`stage` runs the suites against a world in this process, past any transport that misbehaves in one way.
"""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx
import pytest
from hypothesis import settings

from goatcheck.conduct.run import Options, Run, selected
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.verdict import outcome_of, verdict_of
from goatcheck.contract import load
from goatcheck.drawing import Draw
from goatcheck.mock import CLOCK_URL, WorldTransport
from goatcheck.model import World, reference_world

settings.register_profile("goatcheck-tests", deadline=None, database=None, max_examples=50)
settings.load_profile("goatcheck-tests")

BASE_URL = "http://localhost/api/v1"
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
        """Everything that the world offers, as on loopback."""
        return replace(self.world.profile, base_url=BASE_URL, clock=CLOCK_URL)

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
