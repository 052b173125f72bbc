"""From the facts of a run to its report: rows, findings, reasons, advice; and no more than a reader can take in."""

import datetime as dt
from dataclasses import replace

import pytest

from goatcheck.conduct.ledger import Ledger
from goatcheck.contract.loading import load
from goatcheck.exchange import Exchange, Intent, Problem, Request, Response
from goatcheck.profile.parts import Profile
from goatcheck.report.build import BODY_SHOWN, Facts, build_report
from goatcheck.report.model import Run

TODAY = dt.date(2026, 6, 15)
RUN = Run(1, "2026-06-15T09:00:00Z", 1.0, 3, {"": 3})
JSON = (("Content-Type", "application/json"),)
UNAUTHORIZED = b'{"data": null, "error": "no", "meta": {"code": "invalid_api_key"}}'


@pytest.fixture(scope="module")
def contract():
    return load()


@pytest.fixture
def facts(contract):
    """Facts about some requirements (default: all), to which a test adds."""

    def make(*selected, **changes):
        names = tuple(selected or contract.by_id)
        return Facts(contract, Profile("https://api.example/v1"), Ledger(), names, selected, RUN, **changes)

    return make


def exchange(number=1, status=401, body=UNAUTHORIZED, request=None, **intent):
    intent = {"operation": "GET /creators", "cause": "missing", "requirement": "401.missing"} | intent
    return Exchange(number, request or Request("GET", "/creators"), Response(status, JSON, body), Intent(**intent))


def result(report, name):
    return next(r for r in report.requirements if r.id == name)


def broken(facts, exchange, requirement="401.missing", message="no 401"):
    facts.ledger.add(exchange)
    facts.ledger.judge(exchange, {requirement: (Problem(message, "/meta", "401", "200"),)})


def test_every_selected_requirement_has_its_row_in_the_contracts_order(facts, contract):
    report = build_report(facts("404.absent", "401.missing"), TODAY)
    assert [r.id for r in report.requirements] == ["401.missing", "404.absent"]
    assert len(build_report(facts(), TODAY).requirements) == len(contract.requirements)


def test_a_finding_shows_what_was_sent_and_how_to_send_it_again(facts):
    made = facts("401.missing", command="goatcheck run --profile p.toml", journal="my runs/exchanges.jsonl")
    request = Request("POST", "/creators", "limit=1", (("Authorization", "Bearer ‹key:reader›"),), b'{"a": 1}')
    broken(made, exchange(17, 200, b"\xff", request, purpose="Nobody without a key."))
    report = build_report(made, TODAY)
    (finding,) = result(report, "401.missing").findings
    assert finding.request.line == "POST /creators?limit=1"
    assert (finding.request.body, finding.response.line, finding.response.body) == ('{"a": 1}', "HTTP 200", "\ufffd")
    assert finding.reproduce == "goatcheck run --profile p.toml --replay 'my runs/exchanges.jsonl#17'"
    assert "https://api.example/v1/creators?limit=1" in finding.curl
    assert (finding.number, finding.purpose, finding.where) == (17, "Nobody without a key.", "/meta")
    assert (report.verdict, report.exit_code) == ("nonconformant", 1)


def test_a_long_body_is_cut_and_says_by_how_much(facts):
    made = facts("401.missing")
    broken(made, exchange(body=b"x" * (BODY_SHOWN + 7)))
    response = result(build_report(made, TODAY), "401.missing").findings[0].response
    assert (len(response.body), response.cut) == (BODY_SHOWN, 7)


def test_at_most_five_findings_are_shown_and_the_rest_is_counted(facts):
    made = facts("401.missing")
    for number in range(8):
        for _ in range(2):
            broken(made, exchange(number, cause=f"way {number}"))
    row = result(build_report(made, TODAY), "401.missing")
    assert (len(row.findings), row.more, row.judged) == (5, 3, 16)


def test_each_status_has_its_row_in_figures(facts):
    made = facts()
    made.ledger.add(exchange(1))
    made.ledger.add(exchange(2, operation="GET /videos"))
    made.ledger.add(exchange(3, operation="PUT /nothing"))
    made.ledger.add(exchange(4, 200, b'{"data": [], "error": null, "meta": null}'))
    forced = b'{"data": null, "error": "no", "meta": {"code": "internal_error"}}'
    made.ledger.add(exchange(5, 500, forced, forced="500"))
    made.ledger.add(exchange(6, 0, b""))
    rows = build_report(made, TODAY).statuses
    assert list(rows) == ["400", "401", "402", "403", "404", "409", "410", "429", "500", "envelope", "success"]
    assert (rows["401"].provoked, rows["401"].exchanges, rows["401"].operations) == (True, 3, 2)
    assert rows["401"].variants == {"401": 3}
    assert (rows["500"].provoked, rows["500"].exchanges) == (True, 1)
    assert (rows["400"].provoked, rows["400"].exchanges) == (False, 0)
    assert rows["envelope"].exchanges == 4
    assert rows["success"].exchanges == 1
    assert sum(sum(row.outcomes.values()) for row in rows.values()) == len(made.contract.requirements)


def test_what_was_only_to_be_seen_says_where_it_would_have_been(facts):
    row = result(build_report(facts("402.limit.meta"), TODAY), "402.limit.meta")
    assert row.outcome == "not_exercised"
    assert row.reason.startswith("No answer showed it. It is seen where one of these is exercised: 402.limit.enforced")


def test_what_a_mock_would_not_give_is_the_reason(facts):
    made = facts("402.limit.meta", "402.code", unforced={"402.limit": "402.limit was asked for and 404 came"})
    report = build_report(made, TODAY)
    assert {r.reason for r in report.requirements} == {"402.limit was asked for and 404 came"}


def test_what_the_profile_lacks_is_told_with_what_to_add_each_thing_once(facts):
    report = build_report(facts("400.query", "401.expired", "402.retention"), TODAY)
    assert "The profile has no expired key" in result(report, "401.expired").reason
    assert sum("[keys.reader]" in table for table in report.advice) == 1
    assert any(table.startswith("[fixtures]") and "too_old" in table for table in report.advice)
    assert report.verdict == "partial"


def test_where_everything_was_tried_there_is_no_advice(facts):
    made = facts("401.missing")
    made.ledger.judge(exchange(), {"401.missing": ()})
    report = build_report(made, TODAY)
    assert (report.verdict, report.advice, report.notes) == ("conformant", (), ())


def test_how_a_run_ended_and_what_it_left_is_noted(facts):
    report = build_report(facts("401.missing", interrupted=True, leftovers=("A creator is left.",)), TODAY)
    assert report.notes[-1] == "A creator is left."
    assert "interrupted" in report.notes[0]
    assert build_report(facts("401.missing", unusable="gone"), TODAY).notes == ("gone",)


def test_strict_and_label_and_target_are_told(facts):
    made = facts("401.challenge", strict=True, label="nightly")
    broken(made, exchange(), "401.challenge")
    report = build_report(replace(made, profile=Profile("https://a.example", "staging", "mock")), TODAY)
    assert (report.verdict, report.target.label, report.target.name) == ("nonconformant", "nightly", "staging")
    assert (report.target.kind, report.target.base_url) == ("mock", "https://a.example")


def test_of_a_mock_each_finding_says_whose_doing_it_is_and_none_is_crowded_out(facts):
    made = facts("envelope.data-null")
    made = replace(made, profile=Profile("http://127.0.0.1:1", kind="mock", cannot={"envelope.data-null": "it can't"}))
    for number in range(1, 8):
        own = exchange(number, 404, b"{}", cause=f"way {number}")
        broken(made, own, "envelope.data-null", "`data` is missing")
    example = exchange(8, 401, b'{"data": 1}', cause="forced:401", forced="401")
    broken(made, example, "envelope.data-null", "`data` is 1")
    row = result(build_report(made, TODAY), "envelope.data-null")
    assert (row.outcome, [f.answer for f in row.findings]) == ("fail", ["example"])
    made = replace(made, profile=Profile("http://127.0.0.1:1", kind="mock"))
    row = result(build_report(made, TODAY), "envelope.data-null")
    assert sorted(f.answer for f in row.findings[:2]) == ["example", "own behaviour"]
    assert {f.answer for f in row.findings[2:]} == {"own behaviour"}
    assert row.more == 3


def test_of_a_live_target_no_finding_says_whose_doing_it_is(facts):
    made = facts("401.missing")
    broken(made, exchange(1, 200))
    assert [f.answer for f in result(build_report(made, TODAY), "401.missing").findings] == [""]
