"""What answers are held against inside other tools."""

import pytest

from goatcheck.conformance import Conformance, ContractBroken
from goatcheck.errors import UsageError

KEY = "tga_" + "0123456789abcdef" * 4
JSON_TYPE = ("Content-Type", "application/json")
UNAUTHORIZED = b'{"data": null, "error": "No key", "meta": {"code": "invalid_api_key"}}'


def breaches(conformance=None, **changes):
    answer = {
        "method": "get",
        "url": "https://api.example/api/v1/creators",
        "status": 401,
        "headers": (JSON_TYPE, ("WWW-Authenticate", "Bearer")),
        "body": UNAUTHORIZED,
        **changes,
    }
    return [breach.requirement for breach in (conformance or Conformance()).breaches(**answer)]


def test_an_answer_that_keeps_the_contract_breaks_nothing():
    assert breaches() == []


def test_each_problem_is_a_breach():
    assert breaches(headers=(), body=b"<p>") == ["envelope.json", "envelope.json"]


@pytest.mark.parametrize(("strict", "found"), [(False, []), (True, ["401.challenge"])])
def test_a_broken_should_counts_where_it_is_asked_for(strict, found):
    assert breaches(Conformance(strict=strict), headers=(JSON_TYPE,)) == found


@pytest.mark.parametrize("ignore", ["envelope.json", "envelope"])
def test_what_is_known_to_be_broken_can_be_left_out(ignore):
    assert breaches(Conformance(ignore=(ignore,)), body=b"<p>") == []


@pytest.mark.parametrize("ignore", ["envelope.jso", "env", "401.cod", ""])
def test_a_requirement_that_does_not_exist_can_t_be_left_out(ignore):
    with pytest.raises(UsageError, match="there is no such requirement"):
        Conformance(ignore=(ignore,))


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://api.example/login"},
        {"url": "/api/v2/creators"},
        {"method": "OPTIONS"},
        {"method": "HEAD"},
        {"status": 503},
    ],
)
def test_what_is_not_the_api_s_word_is_not_judged(changes):
    assert breaches(body=b"<p>", **changes) == []


def test_where_the_api_is_can_be_told():
    here = Conformance(base_path="v2/", hosts=("api.example",))
    assert breaches(here, url="https://api.example/v2/creators", body=b"<p>") == ["envelope.json"]
    assert breaches(here, url="https://other.example/v2/creators", body=b"<p>") == []
    assert breaches(Conformance(base_path="/"), url="https://a/creators", body=b"<p>") == ["envelope.json"]


def test_a_body_that_could_not_be_read_is_held_against_nobody():
    assert breaches(body=b"", oddity="not read") == []


def test_a_breach_is_told_without_the_key():
    sent = (("Authorization", f"Bearer {KEY}"),)
    body = UNAUTHORIZED.replace(b"No key", KEY.encode())
    (breach,) = Conformance().breaches(
        method="GET",
        url="https://a/api/v1/creators?x=\x1b",
        request_headers=sent,
        status=401,
        headers=(JSON_TYPE,),
        body=body,
    )
    assert str(breach) == (
        'error.no-echo (MUST): the response repeats an API key at /error; expected no key, got "the key" '
        "[GET /creators?x=\\x1b answered 401]"
    )
    error = ContractBroken([breach, breach])
    assert error.breaches == (breach, breach)
    assert str(error) == f"{breach}\n{breach}"
    assert KEY not in repr(error.breaches)
