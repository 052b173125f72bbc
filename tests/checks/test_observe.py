"""What is judged at all, what is not, and how fast."""

import gc
import json
import sys
import time
import weakref
from dataclasses import replace

import pytest

from goatcheck.checks import is_inconclusive, observe, variant_of
from goatcheck.checks.compiled import Judgement, Plan, Row
from goatcheck.checks.registry import CHECKS
from goatcheck.checks.view import Reads, View
from goatcheck.contract import Requirement, Variant
from goatcheck.exchange import Document, Exchange, Request, Response

SEATS = {
    "type": "object",
    "required": ["code", "seats"],
    "properties": {"code": {"const": "seats_taken"}, "seats": {"$ref": "#/$defs/count"}},
    "$defs": {"count": {"type": "integer", "minimum": 1}},
}


def test_every_seen_requirement_of_the_contract_is_judged_by_something(contract, exchange):
    judged = set()
    for variant in contract.variants:
        for burst in (False, True):
            case = exchange(
                status=variant.status,
                meta=variant.example["meta"],
                headers=tuple(variant.example_headers.items()),
                method="POST",
                body=b"{}",
                burst=burst,
                broken=("body",),
            )
            judged |= {judgement.requirement for judgement in observe(case, contract)}
    judged |= {judgement.requirement for judgement in observe(exchange(status=200, error=None), contract)}
    assert judged == {requirement.id for requirement in contract.requirements if requirement.how == "seen"}


def test_the_examples_of_the_contract_break_nothing(contract, exchange):
    for variant in contract.variants:
        for operation in contract.operations:
            if str(variant.status) not in operation.statuses or (variant.id == "402.limit" and not operation.writes):
                continue
            headers = (("Content-Type", "application/json"), *variant.example_headers.items())
            case = exchange(
                status=variant.status,
                raw=json.dumps(variant.example).encode(),
                method=operation.method,
                path=operation.template,
                body=b'{"tiktok_handle": "goat"}' if operation.writes else None,
                content_type=None,
                headers=(*headers, ("WWW-Authenticate", "Bearer")),
            )
            assert [judgement for judgement in observe(case, contract) if judgement.problems] == []


def test_judgements_come_in_the_order_of_the_contract(contract, exchange):
    order = [requirement.id for requirement in contract.requirements]
    judged = [judgement.requirement for judgement in observe(exchange(), contract)]
    assert judged == sorted(judged, key=order.index)


def test_only_what_the_contract_requires_is_judged(contract, exchange):
    small = replace(contract, requirements=tuple(r for r in contract.requirements if r.id == "envelope.json"))
    assert [judgement.requirement for judgement in observe(exchange(status=422), small)] == ["envelope.json"]


def test_a_sent_requirement_is_not_judged_even_where_a_function_of_that_id_exists(contract, exchange):
    row = replace(contract.by_id["envelope.json"], how="sent")
    assert observe(exchange(raw=b""), replace(contract, requirements=(row,))) == ()


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PROPFIND"])
def test_methods_that_no_api_answers_for_are_exempt(judge, method):
    assert judge(method=method, raw=b"", content_type=None, status=422) == {}


@pytest.mark.parametrize("status", [502, 503, 504])
def test_what_stands_between_settles_nothing(judge, status):
    assert judge(status=status, raw="<html>‹key:reader›".encode()) == {}
    assert is_inconclusive(Response(status))


@pytest.mark.parametrize("status", [200, 429, 500, 501, 505])
def test_what_the_api_says_itself_is_conclusive(status):
    assert not is_inconclusive(Response(status))


def test_a_forced_answer_is_judged_by_its_form_alone(judge):
    limit = {"code": "limit_reached", "limitKey": "x", "current": 0, "max": "5"}
    judgements = judge(status=402, method="GET", meta=limit, error="no", forced="402.limit", broken=("query",))
    assert {name for name, judgement in judgements.items() if judgement.problems} == {
        "402.limit.meta",
        "402.limit.key-known",
        "402.limit.error-names-key",
    }
    assert not judgements.keys() & {"402.limit.reached", "402.limit.writes-only", "410.only-removed"}


@pytest.mark.parametrize("status", [200, 302, 404, 405, 422])
def test_a_forced_answer_that_is_not_what_was_asked_for_says_nothing(judge, status):
    assert judge(status=status, raw=b"{}", forced="402.limit") == {}


def test_what_was_cut_off_is_judged_by_status_and_headers_alone(judge):
    judgements = judge(status=422, raw=b'{"data": nul', oddity="cut off after 12 bytes")
    assert {name for name, judgement in judgements.items() if judgement.problems} == {"status.documented"}
    assert judgements["envelope.json"].unjudged == "cut off after 12 bytes"
    assert "error.no-leak" not in judgements
    assert "error.no-echo" not in judgements


@pytest.mark.parametrize("raw", [b'{"data": null, "error": "no", "meta": null}', b""])
def test_an_error_that_is_not_in_the_coding_that_it_names_is_no_json_and_no_more(judge, raw):
    judgements = judge(raw=raw, headers=(("Content-Encoding", "gzip"),), miscoded="the body is not gzip")
    assert {name for name, judgement in judgements.items() if judgement.problems} == {"envelope.json"}
    (problem,) = judgements["envelope.json"].problems
    assert (problem.message, problem.where, problem.got) == ("the body is not gzip", "Content-Encoding", '"gzip"')
    assert not any(judgement.unjudged for judgement in judgements.values())
    assert not judgements.keys() & {"error.no-leak", "error.no-echo", "envelope.object"}


def test_a_leak_and_an_echo_are_found_in_what_was_cut_off(judge):
    raw = '{"error": "‹key:reader› Traceback (most recent call last)'.encode()
    judgements = judge(raw=raw, oddity="cut off after 60 bytes")
    assert judgements["error.no-leak"].problems
    assert judgements["error.no-echo"].problems


def test_a_body_too_deep_for_us_is_no_finding(judge, monkeypatch):
    monkeypatch.setattr(Document, "read", classmethod(lambda cls, _: cls(problem="nested too deeply", beyond=True)))
    judgements = judge(status=401, raw=b"[" * 100_000)
    assert judgements["envelope.json"].unjudged == judgements["401.code"].unjudged == "nested too deeply"
    assert all(not judgement.problems for name, judgement in judgements.items() if name != "401.challenge")


def test_a_deep_body_that_can_be_read_is_judged(judge):
    deep = b"[" * 500 + b"]" * 500
    judgements = judge(raw=b'{"data": %b, "error": "x", "meta": {"a": %b}}' % (deep, deep))
    assert {name for name, judgement in judgements.items() if judgement.problems} == {"envelope.data-null"}


def test_an_error_variant_that_is_added_as_data_alone_is_judged(contract, exchange):
    select = {"properties": {"code": {"const": "seats_taken"}}, "required": ["code"]}
    variant = Variant("402.seats", 402, "Seats taken", "seats_taken", "meta/402.seats.json", SEATS, select)
    row = Requirement(
        "402.seats.meta", "MUST", "402", "seen", "", "S", variant="402.seats", schema="meta/402.seats.json"
    )
    grown = replace(
        contract,
        variants=(*contract.variants, variant),
        requirements=(*contract.requirements, row),
        schemas={**contract.schemas, "meta/402.seats.json": SEATS},
    )
    good = exchange(status=402, meta={"code": "seats_taken", "seats": 3.0})
    bad = exchange(status=402, meta={"code": "seats_taken", "seats": 0})
    assert variant_of(good, grown) is variant
    assert variant_of(good, contract) is None
    assert {j.requirement: j.problems for j in observe(good, grown)}["402.seats.meta"] == ()
    (problem,) = {j.requirement: j.problems for j in observe(bad, grown)}["402.seats.meta"]
    assert (problem.where, problem.got) == ("/meta/seats", "0")
    assert {j.requirement: j.problems for j in observe(good, grown)}["code.known"] == ()


def test_a_schema_row_without_a_variant_is_judged_on_every_error(contract, exchange):
    row = Requirement("meta.traced", "MUST", "envelope", "seen", "", "S", schema="traced.json")
    grown = replace(
        contract,
        requirements=(row,),
        schemas={**contract.schemas, "traced.json": {"required": ["trace"]}},
    )
    assert observe(exchange(status=500, meta={"trace": 1}), grown)[0].problems == ()
    assert observe(exchange(status=404), grown)[0].problems[0].where == "/meta/trace"
    assert observe(exchange(status=200), grown) == ()


def test_a_seen_row_with_neither_function_nor_schema_has_no_judgement(contract, exchange):
    row = Requirement("meta.lucky", "MUST", "envelope", "seen", "", "D")
    assert observe(exchange(), replace(contract, requirements=(row,))) == ()


def test_a_contract_is_not_kept_alive_by_having_been_judged_by(contract, exchange):
    copy = replace(contract, version="copy")
    observe(exchange(), copy)
    gone = weakref.ref(copy)
    del copy
    gc.collect()
    assert gone() is None


@pytest.mark.skipif(sys.gettrace() is not None, reason="a tracer is at work, which is what would be measured")
def test_a_typical_402_is_judged_in_less_than_200_microseconds(contract):
    body = json.dumps(contract.variant_by_id["402.limit"].example).encode()
    sample = Exchange(1, *_typical(body))
    observe(sample, contract)
    best = min(_seconds(_fresh(sample), contract) for _ in range(200))
    assert best < 200e-6


def _typical(body):
    sent = (("Authorization", "Bearer ‹key:capped›"), ("Content-Type", "application/json"))
    request = Request("POST", "/projects/p/creators", "", sent, b'{"tiktok_handle": "goat"}')
    fields = (("content-type", "application/json"), ("date", "x"), ("server", "x"), ("content-length", "150"))
    return request, Response(402, fields, body)


def _fresh(sample):
    """The same exchange with nothing worked out yet."""
    return replace(sample, request=replace(sample.request), response=replace(sample.response))


def _seconds(sample, contract):
    began = time.perf_counter()
    observe(sample, contract)
    return time.perf_counter() - began


@pytest.mark.parametrize("name", [name for name, check in CHECKS.items() if check.alone])
def test_what_is_told_of_an_answer_alone_is_told_without_a_look_at_its_request(contract, exchange, name):
    for variant in contract.variants:
        case = exchange(status=variant.status, meta=variant.example["meta"])
        view = View.of(case, contract, variant)
        view.request = view.intent = view.exchange = None
        CHECKS[name].check(view)


def test_the_same_answer_to_another_request_is_judged_as_if_it_were_another(contract, exchange):
    first = exchange(status=410, meta=None, method="GET", path="/payouts", error="Gone, tga_x and 1234567890")
    second = replace(first, request=replace(first.request, path="/creators", headers=(("X-Api-Key", "1234567890"),)))
    observe(first, contract)
    anew = replace(second, response=replace(second.response))
    assert observe(second, contract) == observe(anew, contract)
    assert observe(second, contract) != observe(first, contract)


def test_who_judges_an_answer_while_another_does_misses_nothing(contract, exchange):
    meanwhile = []

    def first(view):
        if not meanwhile:
            meanwhile.append([])
            meanwhile[0] = plan.told_by(view).copy()
        return ()

    rows = [
        Row(check, Reads.HEADERS, relates=False, alone=True, fine=Judgement(f"row.{at}"))
        for at, check in enumerate((first, lambda _view: ()))
    ]
    plan = Plan(tuple(enumerate(rows)), ())
    told = plan.told_by(View.of(exchange(), contract, None))
    assert meanwhile == [told] == [[row.fine for row in rows]]
