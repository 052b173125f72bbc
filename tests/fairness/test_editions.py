"""Whole runs of one edition of the contract against a mock of another: red in the rows that changed, and in no other."""

import pytest

from goatcheck.contract import load
from goatcheck.mock.any_valid import any_valid
from goatcheck.model import as_edition, reference_world

MAY, JUNE = load("2026-05"), load("2026-06")


@pytest.fixture
def play(stage):
    """A whole run of the suites by one contract against the mock of another."""

    def run(contract, mock):
        stage.world = as_edition(reference_world(), mock)
        return stage.play(contract=contract)

    return run


def test_the_mock_of_may_keeps_the_contract_of_may(play):
    played = play(MAY, MAY)
    assert {n: (o.name, o.reason) for n, o in played.outcomes.items() if o.name != "pass"} == {}
    assert played.verdict.name == "conformant"


@pytest.mark.parametrize("seed", range(4))
def test_no_server_that_keeps_the_contract_of_may_in_a_form_of_its_own_is_accused(stage, seed):
    stage.world = as_edition(any_valid(reference_world(), seed), MAY)
    outcomes = stage.play(contract=MAY).outcomes
    assert {name: outcome.breaches for name, outcome in outcomes.items() if outcome.name == "fail"} == {}
    assert {name: outcome.reason for name, outcome in outcomes.items() if outcome.cause == "suite"} == {}


def test_the_mock_of_june_breaks_what_may_said_otherwise(play):
    names = play(MAY, JUNE).names
    assert {name: outcome for name, outcome in names.items() if outcome != "pass"} == {
        "401.revoked": "not_exercised",  # its profile has no such key
        "403.only-banned": "fail",
        "429.window.code": "fail",
        "429.daily.retry-after": "fail",
    }


def test_the_mock_of_may_breaks_what_june_says_anew(play):
    names = play(JUNE, MAY).names
    assert {name: outcome for name, outcome in names.items() if outcome != "pass"} == {
        "code.known": "warn",
        "401.code": "fail",
        "403.scope.meta": "not_exercised",
        "403.scope.missing": "not_exercised",
        "403.scope.error-text": "not_exercised",
        "403.scope.write": "fail",
        "403.scope.admin": "fail",
        "403.scope.read": "fail",
        "403.scope.truthful": "not_exercised",
        "403.scope.first": "warn",
        "403.no-effect": "not_exercised",
        "409.idempotency.route": "fail",
        "409.idempotency.replay": "fail",
        "409.duplicate": "fail",
        "409.duplicate-case": "warn",
        "409.state": "fail",
        "409.no-effect": "not_exercised",
        "410.removed": "fail",
        "429.code": "fail",
        "429.window.meta": "fail",
        "429.window.header": "fail",
        "429.window.agree": "not_exercised",
        "429.window.bound": "not_exercised",
    }
