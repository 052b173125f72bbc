"""The checks of schemathesis by themselves; tests/integrations has them inside its runs."""

import pytest
import requests
import schemathesis
from schemathesis import Response

from goatcheck import schemathesis as ours
from goatcheck.checks import observe
from goatcheck.rooms import room

BODY = b'{"error": "Not found"}'


@pytest.fixture(scope="module")
def case():
    """A request for a list, as schemathesis makes one."""
    document = schemathesis.openapi.from_path(room("contracts") / "2026-06" / "openapi.yaml")
    document.config.update(base_url="https://api.example/gw/api/v1")
    return document["/creators"]["GET"].Case()


def answer(status=404, body=BODY, sent=None, whole=None, **fields):
    request = requests.Request(
        "POST", "https://api.example/gw/api/v1/creators", data=sent, headers={"X-A": b"1"}
    ).prepare()
    headers = {"Content-Type": ["application/json"], **fields}
    return Response(status, headers, body, request, 0.1, verify=True, content_size=whole)


def broken(response, case):
    return [breach.requirement for breach in ours.breaches_of(response, case)]


def test_each_must_that_one_answer_can_break_has_a_check(current_contract):
    names = {check.__name__ for check in ours._checks()}
    assert names == {ours.name_of(r.id) for r in current_contract.requirements if r.how == "seen" and r.level == "MUST"}


def test_each_should_has_one_where_it_is_asked_for(current_contract, monkeypatch):
    monkeypatch.setenv(ours.STRICT, "1")
    names = {check.__name__: check.__doc__ for check in ours._checks()}
    assert names == {ours.name_of(r.id): r.meaning for r in current_contract.requirements if r.how == "seen"}


@pytest.mark.parametrize("sent", [None, "text", b"bytes", iter([b"part"])])
def test_a_check_fails_for_what_it_is_about_alone(case, sent):
    checks = {check.__name__: check for check in ours._checks()}
    response = answer(sent=sent)
    with pytest.raises(AssertionError, match=r"envelope\.data-null \(MUST\).*POST /creators answered 404"):
        checks[ours.name_of("envelope.data-null")](None, response, case)
    assert checks[ours.name_of("envelope.json")](None, response, case) is None


def test_an_answer_is_judged_once_for_all_checks(case, monkeypatch):
    judged = []
    monkeypatch.setattr("goatcheck.conformance.observe", lambda *what: judged.append(what) or observe(*what))
    response = answer()
    for check in ours._checks():
        try:
            check(None, response, case)
        except AssertionError:
            continue
    assert len(judged) == 1


def test_a_body_that_was_kept_in_part_is_held_against_nobody(case):
    assert broken(answer(whole=10_000), case) == []
    assert broken(answer(), case) == ["envelope.data-null"]


def test_an_answer_without_a_body_is_judged(case):
    assert broken(answer(body=None), case) == ["envelope.json"]
