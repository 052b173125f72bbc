"""What a suite says of an answer becomes a judgement, an error, or a part that was not tried."""

import json

import pytest

from goatcheck.checks import variant_of
from goatcheck.conduct.answer import Answer, Recorder
from goatcheck.exchange import Exchange, Intent, Request, Response

KEY = (("Authorization", "Bearer ‹key:reader›"),)


@pytest.fixture
def said(current_contract):
    """An answer with this status and meta, and what was written down about it."""

    def make(status=403, meta=None, *, burst=False, **state):
        written = []
        recorder = Recorder(
            lambda _exchange, problems: written.append(problems),
            lambda cause, reason: written.append((cause, reason)),
            written.append,
            current_contract,
            lambda _requirement: recorder,
        )
        body = (
            {"data": [], "error": None, "meta": meta} if status < 300 else {"data": None, "error": "no", "meta": meta}
        )
        headers = (("Content-Type", "application/json"),)
        exchange = Exchange(
            1,
            Request("GET", "/creators", headers=KEY),
            Response(status, headers, json.dumps(body).encode()),
            Intent(operation="GET /creators", key="reader", burst=burst),
        )
        return Answer(exchange, variant_of(exchange, current_contract), recorder, **state), written

    return make


SCOPE = {"code": "insufficient_scope", "required": "write", "granted": ["read"]}


def test_an_answer_is_a_status_or_a_variant(said):
    answer, _ = said(403, SCOPE)
    assert answer.is_("403")
    assert answer.is_("403.scope")
    assert answer.is_("404", "403.scope")
    assert not answer.is_("403.banned", "404")


def test_what_is_neither_a_status_nor_a_variant_is_a_mistake_of_the_suite(said):
    with pytest.raises(ValueError, match=r"403\.scoop is neither a status nor a variant"):
        said()[0].is_("403.scoop")


def test_what_must_be_and_is_holds(said):
    answer, written = said(403, SCOPE)
    assert answer.must_be("403.scope", required="write", granted=frozenset({"read"}))
    assert written == [()]


@pytest.mark.parametrize(
    ("expected", "where", "got"),
    [
        ({"required": "read"}, "/meta/required", "'write'"),
        ({"missing": "x"}, "/meta/missing", "MISSING"),
        ({"granted": frozenset()}, "/meta/granted", "['read']"),
        ({"granted": frozenset({"write"})}, "/meta/granted", "['read']"),
        ({"required": frozenset({"write"})}, "/meta/required", "'write'"),
    ],
)
def test_a_member_of_meta_that_differs_is_told(said, expected, where, got):
    answer, written = said(403, SCOPE)
    assert not answer.must_be("403.scope", **expected)
    (problem,) = written[0]
    assert (problem.where, problem.got) == (where, got)


def test_a_scope_that_is_granted_twice_is_not_two(said):
    answer, _ = said(403, SCOPE | {"granted": ["read", "read"]})
    assert not answer.must_be("403.scope", granted=frozenset({"read", "write"}))


def test_true_is_no_one(said):
    answer, written = said(402, {"code": "limit_reached", "limitKey": "x", "current": True, "max": 1})
    assert not answer.must_be("402", current=1)
    assert written[0][0].where == "/meta/current"


def test_another_answer_is_told_with_its_code(said):
    answer, written = said(401, {"code": "invalid_api_key"})
    assert not answer.must_be("403.scope", "404")
    assert (written[0][0].expected, written[0][0].got) == ("403.scope or 404", "401 invalid_api_key")


def test_what_must_not_be_and_must_succeed(said):
    answer, written = said(429, {"code": "rate_limit_exceeded"})
    assert answer.must_not_be("500", why="it fails")
    assert not answer.must_not_be("429", why="it was limited")
    assert not answer.must_succeed(why="it should be served")
    assert [problems[0].message for problems in written[1:]] == ["it was limited", "it should be served"]
    assert said(200)[0].must_succeed(why="it should be served")


def test_a_server_that_failed_has_shown_nothing_of_what_it_would_have_said(said):
    answer, written = said(500)
    assert not answer.must_not_be("403", why="the scope grants this")
    assert written == []
    assert not answer.must_not_be("500", why="it failed")
    assert [problems[0].message for problems in written] == ["it failed"]


def test_a_disturbed_answer_judges_nothing(said):
    answer, written = said(503, disturbed="a gateway")
    assert not answer.must_not_be("403", why="the scope grants this")
    assert written == [("inconclusive", "a gateway")]
    answer, written = said(503, disturbed="a gateway")
    assert not answer.must_be("401")
    assert written == [("inconclusive", "a gateway")]
    answer, written = said(503, disturbed="no answer", lost=True)
    assert not answer.must(ok=True)
    assert written == [("target", "no answer")]


def test_an_answer_beside_the_point_leaves_a_part_untried(said):
    answer, written = said(404, beside="aimed at nothing")
    assert not answer.must_be("401")
    assert written == ["aimed at nothing"]


def test_an_answer_tells_what_came(said):
    answer, _ = said(200)
    assert (answer.status, answer.succeeded, answer.data, answer.operation) == (200, True, [], "GET /creators")
    assert answer.summary == "200"
