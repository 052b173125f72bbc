"""What the facts of a run come to: outcomes in their order, waivers to their last day, exit codes row by row."""

import datetime as dt

import pytest

from goatcheck.conduct.ledger import Breach, Ledger, Record
from goatcheck.conduct.verdict import Outcome, distinct, outcome_of, stale_waivers, verdict_of
from goatcheck.contract import Requirement
from goatcheck.exchange import Exchange, Intent, Problem, Request, Response
from goatcheck.profile.parts import Profile, Waiver
from goatcheck.report.model import OUTCOMES

TODAY = dt.date(2026, 6, 15)
YESTERDAY = dt.date(2026, 6, 14)
MUST = Requirement("401.missing", "MUST", "401", "sent", "No key: 401.", "S")
SHOULD = Requirement("401.challenge", "SHOULD", "401", "seen", "A challenge.", "D")
ON_DEMAND = Requirement("500.forced", "MUST", "500", "sent", "A forced 500.", "S", not_testable="no 500 on demand")
KNOWN = {r.id: r for r in (MUST, SHOULD, ON_DEMAND)}


def breach(operation="GET /creators", cause="missing", path="/creators", message="no 401"):
    exchange = Exchange(1, Request("GET", path), Response(200), Intent(operation=operation, cause=cause))
    return Breach(exchange, Problem(message))


def profile(**changes):
    return Profile("https://api.example", **changes)


def waiver(requirement=MUST.id, **changes):
    return Waiver(requirement, "planned", **changes)


def judge(requirement=MUST, record=None, *, missing=None, strict=False, today=TODAY, **parts):
    return outcome_of(
        requirement, record or Record(), profile(**parts), missing=missing or {}, today=today, strict=strict
    )


def broken(count=1, **facts):
    return Record(judged=count, breaches=[breach(cause=f"way {i}") for i in range(count)], **facts)


def test_what_was_judged_and_held_passes():
    assert judge(record=Record(judged=3)) == Outcome("pass")


def test_a_broken_must_fails_and_a_broken_should_warns():
    assert judge(record=broken()).name == "fail"
    assert judge(SHOULD, broken()).name == "warn"


def test_strict_makes_a_broken_should_fail():
    assert judge(SHOULD, broken(), strict=True).name == "fail"
    assert judge(SHOULD, Record(judged=1), strict=True).name == "pass"


def test_nothing_tried_is_never_green():
    assert judge() == Outcome("not_exercised", "nothing in this run showed it")
    assert judge(missing={"role:full": "No full key.", "writes": "No writes."}).reason == "No full key. No writes."


def test_what_was_tried_in_part_is_not_exercised_however_well_it_went():
    outcome = judge(record=Record(judged=40, untried="the budget ended"))
    assert outcome == Outcome("not_exercised", "the budget ended")


def test_an_error_of_ours_is_no_finding_and_hides_none():
    assert judge(record=Record(judged=9, error=("suite", "KeyError"))) == Outcome("error", "KeyError", "suite")
    assert judge(record=broken(error=("suite", "KeyError"))).name == "fail"
    assert judge(SHOULD, broken(error=("suite", "KeyError"))).name == "warn"


def test_an_error_is_graver_than_what_was_not_tried():
    outcome = judge(record=Record(judged=1, error=("inconclusive", "a 503"), untried="no second key"))
    assert (outcome.name, outcome.cause) == ("error", "inconclusive")


def test_what_the_profile_calls_not_applicable_is_that_whatever_was_seen():
    assert judge(record=broken(), not_applicable={MUST.id: "no keys here"}) == Outcome("not_applicable", "no keys here")


@pytest.mark.parametrize("need", ["force", "clock"])
def test_what_no_run_against_such_a_target_can_show_is_not_testable(need):
    assert judge(ON_DEMAND, missing={need: "can't"}) == Outcome("not_testable", "no 500 on demand")


def test_what_a_target_could_show_but_did_not_is_not_exercised():
    assert judge(ON_DEMAND).name == "not_exercised"
    assert judge(ON_DEMAND, missing={"role:full": "No full key."}).name == "not_exercised"
    assert judge(ON_DEMAND, Record(judged=1), missing={"force": "can't"}).name == "pass"


def test_a_listed_breach_is_waived_with_its_reason_and_its_example():
    outcome = judge(record=broken(), waivers=(waiver(),))
    assert (outcome.name, outcome.reason, len(outcome.breaches)) == ("waived", "planned", 1)


def test_strict_leaves_waived_what_is_waived():
    assert judge(SHOULD, broken(), strict=True, waivers=(waiver(SHOULD.id),)).name == "waived"


def test_a_waiver_holds_through_its_last_day():
    assert judge(record=broken(), waivers=(waiver(until=TODAY),)).name == "waived"
    assert judge(record=broken(), waivers=(waiver(until=YESTERDAY),)).name == "fail"


def test_a_waiver_of_one_operation_covers_that_operation_alone():
    record = Record(judged=2, breaches=[breach("GET /creators"), breach("GET /videos")])
    outcome = judge(record=record, waivers=(waiver(operation="GET /creators"),))
    assert outcome.name == "fail"
    assert [b.exchange.intent.operation for b in outcome.breaches] == ["GET /videos"]
    both = (waiver(operation="GET /creators"), waiver(operation="GET /videos"))
    assert judge(record=record, waivers=both).name == "waived"


def test_the_reason_told_is_that_of_a_waiver_which_covers():
    listed = (
        Waiver(MUST.id, "long over", until=YESTERDAY),
        Waiver(MUST.id, "elsewhere", operation="GET /videos"),
        Waiver(MUST.id, "this one", operation="GET /creators"),
    )
    assert judge(record=broken(), waivers=listed).reason == "this one"


def test_waived_is_graver_than_a_warning_and_shows_both():
    record = Record(judged=2, breaches=[breach("GET /creators"), breach("GET /videos")])
    outcome = judge(SHOULD, record, waivers=(waiver(SHOULD.id, operation="GET /videos"),))
    assert (outcome.name, len(outcome.breaches)) == ("waived", 2)


def test_a_waiver_changes_nothing_where_nothing_was_exercised():
    assert judge(waivers=(waiver(),)).name == "not_exercised"


def test_the_most_severe_of_several_results_stays():
    everything = broken(error=("suite", "bug"), untried="in part")
    names = [
        judge(record=everything).name,
        judge(record=everything, waivers=(waiver(),)).name,
        judge(SHOULD, everything).name,
        judge(record=Record(judged=1, error=("suite", "bug"), untried="in part")).name,
        judge(record=Record(judged=1)).name,
        judge(record=Record()).name,
    ]
    assert names == ["fail", "waived", "warn", "error", "pass", "not_exercised"]
    assert {*names, "not_applicable", "not_testable"} == set(OUTCOMES)


def test_of_one_operation_and_cause_the_smallest_request_is_kept():
    long, short = breach(path="/creators?search=abcdef"), breach(path="/creators")
    other = breach("GET /videos", path="/videos")
    assert distinct([long, other, short]) == distinct([short, long, other]) == (other, short)
    assert distinct([short, long]) == (short,)


# Verdicts


def verdict(outcomes=None, *, interrupted=False, unusable="", **parts):
    named = {name: Outcome(outcome) for name, outcome in (outcomes or {}).items()}
    return verdict_of(KNOWN, named, profile(**parts), today=TODAY, interrupted=interrupted, unusable=unusable)


WORST = {MUST.id: "fail", SHOULD.id: "pass", ON_DEMAND.id: "not_exercised"}
STALE = (waiver(SHOULD.id),)


@pytest.mark.parametrize(
    ("found", "name", "exit_code"),
    [
        (verdict(WORST, interrupted=True, unusable="gone", waivers=STALE), "interrupted", 130),
        (verdict(WORST, unusable="gone", waivers=STALE), "unusable", 5),
        (verdict(WORST, waivers=STALE), "nonconformant", 1),
        (verdict({**WORST, MUST.id: "pass"}, waivers=STALE), "stale", 4),
        (verdict({**WORST, MUST.id: "pass"}), "partial", 3),
        (verdict({**WORST, MUST.id: "pass", ON_DEMAND.id: "error"}), "partial", 3),
        (verdict({**WORST, MUST.id: "pass", ON_DEMAND.id: "not_testable"}), "conformant", 0),
    ],
)
def test_of_the_verdicts_the_first_that_holds_is_told(found, name, exit_code):
    assert (found.name, found.exit_code) == (name, exit_code)


@pytest.mark.parametrize("outcome", ["pass", "not_applicable", "not_testable", "waived"])
def test_every_must_that_passed_or_has_its_reason_is_conformant(outcome):
    assert verdict({MUST.id: outcome}).name == "conformant"


@pytest.mark.parametrize("outcome", ["not_exercised", "error", "warn", "waived", "pass"])
def test_a_should_makes_nothing_partial(outcome):
    assert verdict({SHOULD.id: outcome}).name == "conformant"


def test_a_should_that_fails_under_strict_is_nonconformant():
    assert verdict({SHOULD.id: "fail"}).name == "nonconformant"


def test_what_is_accepted_as_untried_may_stay_untried_but_not_go_wrong():
    accepted = {MUST.id: "no key"}
    assert verdict({MUST.id: "not_exercised"}, accept_untried=accepted).name == "conformant"
    assert verdict({MUST.id: "error"}, accept_untried=accepted).name == "partial"
    assert verdict({MUST.id: "fail"}, accept_untried=accepted).name == "nonconformant"


def test_the_verdict_of_a_selection_is_about_the_selection():
    assert verdict({SHOULD.id: "pass"}).name == "conformant"
    assert verdict({SHOULD.id: "pass"}, waivers=(waiver(MUST.id),)).name == "conformant"


def test_an_interrupted_or_unusable_run_says_so_first():
    assert "interrupted" in verdict(interrupted=True).notes[0]
    assert verdict(unusable="nobody there").notes == ("nobody there",)


@pytest.mark.parametrize(
    ("listed", "outcomes", "says"),
    [
        (waiver("401.mising"), {}, "names no requirement"),
        (waiver(until=YESTERDAY), {}, "expired on 2026-06-14"),
        (waiver(until=YESTERDAY), {MUST.id: "fail"}, "expired on 2026-06-14"),
        (waiver(), {MUST.id: "pass"}, "passes now"),
        (waiver(operation="GET /creators"), {MUST.id: "pass"}, "401.missing on GET /creators is stale"),
    ],
)
def test_a_waiver_that_has_outlived_its_reason_is_told(listed, outcomes, says):
    named = {name: Outcome(outcome) for name, outcome in outcomes.items()}
    (sentence,) = stale_waivers(KNOWN, named, [listed], TODAY)
    assert says in sentence


@pytest.mark.parametrize(
    ("until", "record", "outcome", "code"),
    [
        (TODAY, broken(), "waived", 0),
        (YESTERDAY, broken(), "fail", 1),
        (TODAY, Record(judged=1), "pass", 4),
        (YESTERDAY, Record(judged=1), "pass", 4),
        (TODAY, Record(), "not_exercised", 3),
        (YESTERDAY, Record(), "not_exercised", 4),
    ],
)
def test_what_a_waiver_comes_to(until, record, outcome, code):
    """Its day has come or not, what it waives is broken or works again; what was not tried stays untried."""
    listed = (waiver(until=until),)
    judged = judge(record=record, waivers=listed)
    assert judged.name == outcome
    assert verdict({MUST.id: judged.name}, waivers=listed).exit_code == code


def test_what_was_broken_on_an_operation_before_is_excused_there_alone():
    record = Record(judged=2, breaches=[breach(), breach("GET /videos")])
    known = {"GET /creators": "as before"}
    outcome = outcome_of(MUST, record, profile(), missing={}, today=TODAY, strict=False, known=known)
    assert (outcome.name, [b.exchange.intent.operation for b in outcome.breaches]) == ("fail", ["GET /videos"])
    known["GET /videos"] = "as before"
    outcome = outcome_of(MUST, record, profile(), missing={}, today=TODAY, strict=False, known=known)
    assert (outcome.name, outcome.reason) == ("waived", "as before")


@pytest.mark.parametrize(
    ("more", "code"),
    [({}, 0), ({"unjudged": ["a"]}, 3), ({"vanished": ["a"]}, 1), ({"vanished": ["a"], "unjudged": ["b"]}, 1)],
)
def test_what_a_baseline_had_and_the_run_has_not_decides_too(more, code):
    verdict = verdict_of(
        KNOWN, {MUST.id: Outcome("pass")}, profile(), today=TODAY, interrupted=False, unusable="", **more
    )
    assert verdict.exit_code == code


@pytest.mark.parametrize("outcome", ["waived", "fail", "error", "not_exercised", "not_applicable", "not_testable"])
def test_a_waiver_is_stale_only_when_the_requirement_passes(outcome):
    assert stale_waivers(KNOWN, {MUST.id: Outcome(outcome)}, [waiver(until=TODAY)], TODAY) == ()


# The ledger that the facts come from


def test_the_first_reason_of_the_gravest_cause_is_kept():
    heard = []
    ledger = Ledger(lambda kind, data: heard.append((kind, data.get("reason"))))
    ledger.error("a", "inconclusive", "first")
    ledger.error("a", "target", "second")
    ledger.error("a", "suite", "third")
    ledger.error("a", "suite", "fourth")
    ledger.untried("a", "fifth")
    ledger.untried("a", "sixth")
    assert ledger.record("a").error == ("suite", "third")
    assert ledger.record("a").untried == "fifth"
    assert heard == [("error", "first"), ("error", "third"), ("untried", "fifth")]


def test_an_exchange_that_judges_nothing_leaves_no_line():
    heard = []
    ledger = Ledger(lambda kind, _: heard.append(kind))
    ledger.judge(breach().exchange, {})
    ledger.judge(breach().exchange, {"a": (), "b": (Problem("wrong"),)})
    assert heard == ["judgement"]
    assert (ledger.record("a").judged, len(ledger.record("b").breaches)) == (1, 1)
