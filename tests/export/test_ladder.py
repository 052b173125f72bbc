"""A mock that does what the ladders say keeps the contract, in all that a mock without state can do."""

import datetime as dt
from dataclasses import replace

import pytest
from climbing import Climber

from goatcheck.conduct.run import Run, selected
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.verdict import outcome_of
from goatcheck.export.ladder import ladders
from goatcheck.profile.parts import Profile

TODAY = dt.date(2026, 6, 15)


@pytest.fixture(scope="module")
def run(current_contract, profile, shared_draw):
    """A run against such a mock, with requests enough to try each thing in some way."""
    profile = replace(profile, max_requests=2000)
    run = Run(
        current_contract,
        profile,
        all_checks(),
        selected(current_contract, ()),
        transport=Climber(current_contract, profile),
        draw=shared_draw,
    )
    run.execute()
    return run


def test_it_breaks_nothing(run):
    broken = {
        r.id: [b.problem.message for b in run.ledger.record(r.id).breaches]
        for r in run.requirements
        if run.ledger.record(r.id).breaches
    }
    assert broken == {}
    assert not run.unusable


def test_all_that_needs_no_state_is_exercised(run):
    left = {
        r.id
        for r in run.requirements
        if outcome_of(r, run.ledger.record(r.id), run.profile, missing=run.missing(r), today=TODAY, strict=False).name
        not in {"pass", "not_testable"}
    }
    # what relates an answer to its request is not to be seen on demand
    stateful = {r.id for r in run.requirements if "stateful" in r.needs}
    assert left - stateful == {"402.limit.reached", "402.limit.writes-only"}
    assert run.unforced == {}


def test_each_ladder_ends_with_an_answer_to_whoever_comes(current_contract, profile):
    for operation, rungs in ladders(current_contract, profile):
        assert rungs[-1].answer.name == "401", operation.id
        assert rungs[-1].asked == type(rungs[-1].asked)()


def test_what_the_profile_does_not_know_is_no_rung(current_contract):
    bare = Profile("http://127.0.0.1:1")
    titles = {rung.title for _, rungs in ladders(current_contract, bare) for rung in rungs}
    assert not titles & {"banned key", "spent quota", "too old"}
