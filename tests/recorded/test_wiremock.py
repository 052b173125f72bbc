"""WireMock's mappings and journal, as its documentation has them. What its recorder really writes is in tests/mocks."""

import base64
import json

import pytest
from recordings import ABSENT, broken, outcomes

from goatcheck.recorded import Entry, Unread

JSON_TYPE = {"Content-Type": "application/json"}
LIMIT = {
    "data": None,
    "error": "Limit reached: max_creators_per_org",
    "meta": {"code": "limit_reached", "limitKey": "max_creators_per_org", "current": 5, "max": 5},
}


def stub(request=None, **response):
    given = {"status": 404, "headers": JSON_TYPE, "body": json.dumps(ABSENT), **response}
    return {
        "request": request or {"method": "GET", "url": "/api/v1/creators"},
        "response": {name: value for name, value in given.items() if value is not None},
    }


def stubs(*mappings):
    return json.dumps({"mappings": list(mappings), "meta": {"total": len(mappings)}})


def logged(request=None, response=None, **more):
    return {
        "id": "1",
        "request": {"url": "/api/v1/creators", "method": "GET", "headers": {}, "body": "", **(request or {})},
        "response": {"status": 404, "headers": JSON_TYPE, "body": json.dumps(ABSENT), **(response or {})},
        "wasMatched": True,
        **more,
    }


def journal(*requests):
    return json.dumps({"requests": list(requests), "meta": {"total": len(requests)}})


@pytest.mark.parametrize(
    "response",
    [
        {"body": json.dumps(ABSENT)},
        {"body": None, "jsonBody": ABSENT},
        {"body": None, "base64Body": base64.b64encode(json.dumps(ABSENT).encode()).decode()},
    ],
)
def test_each_form_of_a_stub_s_body_is_read(items, response):
    (entry,) = items(stubs(stub(**response)))
    assert (entry.place, entry.exchange.response.document.value) == ("stub 1", ABSENT)


def test_a_file_may_be_one_stub(items):
    (entry,) = items(json.dumps(stub()))
    assert entry.place == "the stub"


def test_a_stub_that_says_little_answers_as_wiremock_would(items, judged):
    text = stubs({"request": {"method": "GET", "url": "/api/v1/creators"}, "response": {}})
    (entry,) = items(text)
    assert (entry.exchange.response.status, entry.exchange.response.body) == (200, b"")
    assert outcomes(judged(text), "success.envelope") == {"success.envelope": "fail"}


def test_a_stub_without_a_type_is_found(judged):
    assert list(broken(judged(stubs(stub(headers=None))))) == ["envelope.json"]


@pytest.mark.parametrize("name", ["urlPath", "urlPathTemplate"])
def test_a_stub_of_a_path_is_judged_as_its_operation(judged, name):
    wrong = stub({"method": "GET", name: "/api/v1/payout-methods/{id}"}, status=402, body=json.dumps(LIMIT))
    report = judged(stubs(wrong))
    assert broken(report)["402.limit.writes-only"][0].endswith("stub 1")
    assert report.requirements[0].judged == 1


@pytest.mark.parametrize(
    "request_",
    [
        {"urlPattern": "/api/v1/.*"},
        {"method": "ANY", "urlPathPattern": "/api/v1/creators/.*"},
        {"method": "ANY", "url": "/api/v1/creators"},
    ],
)
@pytest.mark.parametrize(
    ("status", "body"), [(405, {**ABSENT, "error": "Not allowed"}), (410, ABSENT), (402, LIMIT), (200, {"hi": 1})]
)
def test_a_stub_for_many_requests_is_judged_by_what_holds_for_all(judged, request_, status, body):
    report = judged(stubs(stub(request_, status=status, body=json.dumps(body)), stub()))
    assert broken(report) == {}
    assert report.exit_code == 0


def test_what_holds_for_all_is_found_in_a_stub_for_many_requests(judged):
    report = judged(stubs(stub({"method": "ANY", "urlPattern": "/api/v1/.*"}, body="Not found")))
    assert list(broken(report)) == ["envelope.json"]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ({"fault": "EMPTY_RESPONSE"}, "the stub breaks the connection"),
        ({"proxyBaseUrl": "https://a"}, "the stub passes requests on"),
        ({"body": '{"wait": {{now}}}'}, "the stub's answer is a template, which WireMock fills in for each request"),
        (
            {"headers": {**JSON_TYPE, "Retry-After": "{{randomValue}}"}},
            "the stub's answer is a template, which WireMock fills in for each request",
        ),
    ],
)
def test_a_stub_that_has_no_answer_of_its_own_is_told(items, judged, response, reason):
    text = stubs(stub(**response), stub())
    assert items(text)[0] == Unread("stub 1", reason, damage=False)
    report = judged(text)
    assert (report.exit_code, report.run.requests) == (0, 1)
    assert f"1 entry not judged: {reason}." in report.notes


def test_a_body_in_a_file_is_found_beside_the_mappings(items, write):
    write(json.dumps(ABSENT), "wiremock/__files/deep/body.json")
    (entry,) = items(json.dumps(stub(body=None, bodyFileName="deep/body.json")), "wiremock/mappings/one.json")
    assert entry.exchange.response.document.value == ABSENT


@pytest.mark.parametrize("name", ["gone.json", "../secret.json", "/etc/passwd", "../mappings/one.json"])
def test_no_other_file_is_read(items, write, name):
    write("{}", "wiremock/secret.json")
    write("{}", "wiremock/__files/other.json")
    (entry,) = items(json.dumps(stub(body=None, bodyFileName=name)), "wiremock/mappings/one.json")
    response = entry.exchange.response
    assert response.body == b""
    assert "it lies in a file of the folder __files" in response.oddity


def test_a_journal_is_read_with_its_requests(items):
    body = base64.b64encode(b"\xff").decode()
    (entry,) = items(journal(logged({"bodyAsBase64": body, "absoluteUrl": "http://127.0.0.1:9/api/v1/creators?a=1"})))
    request = entry.exchange.request
    assert (entry.place, entry.origin, request.query, request.body) == (
        "request 1",
        "http://127.0.0.1:9",
        "a=1",
        b"\xff",
    )
    assert entry.exchange.response.document.value == ABSENT


def test_what_wiremock_says_where_no_stub_matches_is_not_in_its_journal_and_held_against_nobody(judged):
    report = judged(journal(logged(response={"headers": None, "body": ""}, wasMatched=False)))
    assert (broken(report), report.exit_code) == ({}, 3)
    assert "does not hold what it answers" in next(r.reason for r in report.requirements if r.id == "envelope.json")


@pytest.mark.parametrize("response", [None, {"status": 0}])
def test_a_request_without_an_answer_is_told(items, response):
    request = {**logged(), "response": response}
    assert items(journal(request)) == [Unread("request 1", "no answer is written down", damage=False)]


def test_a_stub_that_is_none_is_told(items):
    read = items(stubs({"request": {}}, stub()))
    assert read[0] == Unread("stub 1", "its member 'response' is missing")
    assert isinstance(read[1], Entry)
