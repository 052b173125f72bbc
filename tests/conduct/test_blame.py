"""Whose doing a finding on a mock is, and what becomes of what its kind can't do."""

import datetime as dt

import pytest

from goatcheck.conduct.blame import blame, demanded
from goatcheck.conduct.ledger import Breach, Record
from goatcheck.conduct.verdict import Outcome, outcome_of, verdict_of
from goatcheck.exchange import Exchange, Intent, Problem, Request, Response
from goatcheck.profile.parts import Force, Profile

TODAY = dt.date(2026, 6, 15)
JSON = (("Content-Type", "application/json"),)
BODY = b'{"data": [], "error": "No key", "meta": {"code": "invalid_api_key"}}'
OWN_WORDS = b'{"type": "https://mock.example/errors"}'


def breach(body=BODY, status=401, **intent):
    exchange = Exchange(1, Request("GET", "/creators"), Response(status, JSON, body), Intent(**intent))
    return Breach(exchange, Problem("it is wrong"))


def mock(**parts):
    return Profile("http://127.0.0.1:1", **{"kind": "mock", **parts})


@pytest.fixture
def whose(current_contract):
    """Whose doing a breach of a requirement is, where 401 was demanded and came as `BODY`."""
    came = demanded([breach(forced="401").exchange], current_contract)

    def say(requirement, broken, **parts):
        return blame(broken, current_contract.by_id[requirement], mock(**parts), came)

    return say


def test_what_came_on_demand_is_an_example(whose):
    assert whose("envelope.data-null", breach(forced="401")) == "example"
    assert whose("500.forced", breach(status=500, forced="500")) == "example"


def test_an_example_that_the_mock_chose_by_itself_is_one_as_long_as_its_form_is_wrong(whose):
    assert whose("envelope.data-null", breach()) == "example"
    assert whose("401.invalid", breach()) == "own behaviour"  # that it was chosen is not the example's doing
    assert whose("402.limit.writes-only", breach()) == "own behaviour"
    assert whose("envelope.data-null", breach(OWN_WORDS)) == "own behaviour"
    assert whose("envelope.data-null", breach(status=403)) == "own behaviour"


def test_what_was_demanded_in_vain_is_no_example(current_contract):
    assert demanded([breach(forced="404").exchange], current_contract) == set()


def test_what_the_profile_says_that_no_such_mock_can_do_is_told_apart(whose):
    cannot = {"envelope.data-null": "its own words", "401.invalid": "any key will do"}
    assert whose("envelope.data-null", breach(OWN_WORDS), cannot=cannot) == "can't do"
    assert whose("401.invalid", breach(), cannot=cannot) == "can't do"
    assert whose("envelope.data-null", breach(), cannot=cannot) == "example"
    assert whose("envelope.error-text", breach(OWN_WORDS), cannot=cannot) == "own behaviour"


def test_a_form_is_excused_only_where_it_shows_the_sign_of_such_a_mock(whose):
    cannot = {"envelope.data-null": "its own words", "401.invalid": "any key will do"}
    force = Force("Prefer", "{code}", markers=("mock.example",))
    assert whose("envelope.data-null", breach(OWN_WORDS), cannot=cannot, force=force) == "can't do"
    assert whose("envelope.data-null", breach(b"{}"), cannot=cannot, force=force) == "own behaviour"
    assert whose("401.invalid", breach(b"{}"), cannot=cannot, force=force) == "can't do"


def test_of_a_live_target_nothing_is_said(whose):
    assert whose("401.invalid", breach(), kind="live") == ""


# ---------------------------------------------------------------------------------------------- outcomes and the verdict

CANNOT = {"401.invalid": "any key will do", "envelope.data-null": "its own words"}


@pytest.fixture
def outcome(current_contract):
    def of(name, record, missing=()):
        return outcome_of(
            current_contract.by_id[name],
            record,
            mock(cannot=CANNOT),
            missing=dict(missing),
            today=TODAY,
            strict=False,
            came=demanded([breach(forced="401").exchange], current_contract),
        )

    return of


def test_what_such_a_mock_cannot_do_is_waived_with_the_reason_and_the_evidence(outcome):
    broken = breach(OWN_WORDS)
    assert outcome("401.invalid", Record(1, [broken])) == Outcome("waived", "any key will do", breaches=(broken,))


def test_an_example_that_is_wrong_is_never_excused_by_it(outcome):
    found = outcome("envelope.data-null", Record(2, [breach(OWN_WORDS), breach(forced="401", cause="forced:401")]))
    assert found.name == "fail"
    assert [b.exchange.intent.forced for b in found.breaches] == ["401"]


def test_what_it_does_all_the_same_passes(outcome):
    assert outcome("401.invalid", Record(3)) == Outcome("pass")


def test_what_could_not_be_tried_says_what_such_a_mock_cannot_do(outcome):
    missing = {"stateful": "The target is a mock that knows no state."}
    assert outcome("401.invalid", Record(), missing) == Outcome("not_exercised", "any key will do")
    assert outcome("401.invalid", Record(untried="the budget ended")).reason == "the budget ended"


@pytest.mark.parametrize(("cannot", "verdict"), [(CANNOT, "conformant"), ({}, "partial")])
def test_what_it_cannot_do_and_was_not_tried_leaves_no_run_partial(current_contract, cannot, verdict):
    outcomes = {"401.invalid": Outcome("not_exercised", "any key will do"), "401.code": Outcome("pass")}
    found = verdict_of(
        current_contract.by_id, outcomes, mock(cannot=cannot), today=TODAY, interrupted=False, unusable=""
    )
    assert found.name == verdict
