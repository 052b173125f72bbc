"""Whole runs of the suite against worlds in this process."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache

import pytest

from goatcheck.conduct.run import Options, Run, selected
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.verdict import outcome_of
from goatcheck.contract.loading import load
from goatcheck.drawing import Draw
from goatcheck.mock import CLOCK_URL
from goatcheck.mock.transport import WorldTransport

LOOPBACK = "http://localhost/api/v1"
"""Nothing listens there: a transport answers. Requests to it are free, so the suite sends all that it knows."""

TODAY = dt.date(2026, 6, 15)


def pytest_addoption(parser):
    parser.addoption("--seeds", type=int, default=6, help="how many of the many valid servers are tried")


@dataclass(frozen=True)
class Judged:
    """What a run came to."""

    run: Run
    outcomes: dict

    def named(self, *names):
        return {i for i, outcome in self.outcomes.items() if outcome.name in names}

    @property
    def accusations(self):
        """Every finding, of whatever level, in a form that tells what to look at."""
        return {
            i: [
                (b.problem.message, b.problem.got, b.exchange.intent.operation, b.exchange.intent.cause)
                for b in o.breaches[:3]
            ]
            for i, o in self.outcomes.items()
            if o.name in {"fail", "warn"}
        }

    @property
    def bugs(self):
        """What the suite got wrong by itself."""
        return {i: o.reason for i, o in self.outcomes.items() if o.name == "error" and o.cause == "suite"}

    @property
    def unproved(self):
        """MUSTs that are neither green nor out of reach."""
        return {
            i: o.reason
            for i, o in self.outcomes.items()
            if self.run.contract.by_id[i].level == "MUST" and o.name != "pass"
        }

    @property
    def exchanges(self):
        return self.run.ledger.exchanges


@cache
def _contract():
    return load()


@cache
def _draw():
    return Draw(Options().seed, 3)


@pytest.fixture(scope="session")
def judge():
    """Runs the whole suite against a world, or what another transport makes of it, with a profile that is the world's
    but for `changes`."""

    def judge(world, transport=None, only=(), **changes):
        profile = replace(world.profile, **{"base_url": LOOPBACK, "clock": CLOCK_URL, **changes})
        run = Run(
            _contract(),
            profile,
            all_checks(),
            selected(_contract(), only),
            transport=transport or WorldTransport(world),
            draw=_draw(),
        )
        run.execute()
        outcomes = {
            r.id: outcome_of(r, run.ledger.record(r.id), profile, missing=run.missing(r), today=TODAY, strict=False)
            for r in run.requirements
        }
        return Judged(run, outcomes)

    return judge


def things(world):
    """Everything in a world that can be made, changed or removed, by id, as it is now."""
    state = world.state
    tables = (state.projects, state.creators, state.campaigns, state.payout_methods, state.videos)
    return {id_: thing for table in tables for id_, thing in table.items()}


@pytest.fixture(scope="session")
def snapshot():
    return things
