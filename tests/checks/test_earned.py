"""HTTP's own statuses are accepted where the request has earned them, and only there."""

import pytest

JSON_TYPE = ("Content-Type", "application/json")
POST = {"method": "POST", "path": "/projects/p/creators", "body": b"{}"}


def accept(*values):
    return {"sent": tuple(("Accept", value) for value in values)}


EARNED = [
    (405, {"method": "PUT"}),
    (405, {"method": "DELETE", "path": "/creators/x/stats"}),
    (405, {"path": "/elsewhere"}),
    (406, accept("text/html")),
    (406, accept("application/json;q=0, */*")),
    (406, accept("application/*;q=0.0")),
    (406, accept("application/json;version=9")),
    (406, accept("")),
    (406, accept("text/html;q=high")),
    (406, accept("*/*;q=none")),
    (406, {"path": "/analytics", "query": "format=csv", **accept("application/json")}),
    (413, {**POST, "body": b" " * 8193}),
    (414, {"query": "search=" + "x" * 1000}),
    (415, POST),
    (415, {**POST, "sent": (("Content-Type", "text/plain"),)}),
    (415, {**POST, "sent": (("Content-Type", "application/json; charset=utf-16"),)}),
    (415, {**POST, "sent": (JSON_TYPE, ("content-type", "text/plain"))}),
    (415, {**POST, "sent": (JSON_TYPE, ("Content-Encoding", "br"))}),
    (412, {"sent": (("If-Match", '"goat"'),)}),
    (417, {"sent": (("expect", "100-continue"),)}),
    (431, {"sent": (("X-Long", "x" * 4096),)}),
    (431, {"sent": tuple((f"X-{n}", "x" * 100) for n in range(50))}),
]

UNEARNED = [
    (405, {}),
    (405, {"method": "GET", "path": "/creators/x/stats"}),
    (405, POST),
    (406, {}),
    (406, accept("text/html, */*;q=0.1")),
    (406, accept("text/html", "APPLICATION/JSON")),
    (406, accept("application/*")),
    (406, {"path": "/analytics", "query": "format=csv", **accept("text/csv, application/json")}),
    (406, {"path": "/analytics", "query": "format=csv"}),
    (413, {**POST, "body": b" " * 8192}),
    (413, {}),
    (414, {"query": "search=" + "x" * 900}),
    (415, {}),
    (415, {**POST, "sent": (JSON_TYPE,)}),
    (415, {**POST, "sent": (("Content-Type", 'Application/Json;charset="UTF-8"; v=1'),)}),
    (412, {}),
    (417, {}),
    (431, {"sent": (("X-Long", "x" * 4000),)}),
    (422, POST),
]


@pytest.mark.parametrize(("status", "case"), EARNED)
def test_a_status_of_https_own_is_accepted_where_the_request_earned_it(judge, status, case):
    assert judge(status=status, **case)["status.documented"].problems == ()


@pytest.mark.parametrize(("status", "case"), UNEARNED)
def test_a_status_of_https_own_is_a_finding_where_nothing_asked_for_it(judge, status, case):
    (problem,) = judge(status=status, **case)["status.documented"].problems
    assert problem.got == str(status)


@pytest.mark.parametrize(
    ("status", "case"),
    [
        (413, {**POST, "body": None}),
        (415, {**POST, "body": None, "sent": (JSON_TYPE,)}),
        (406, {"sent": ()}),
        (431, {"sent": ()}),
        (431, {"sent": (JSON_TYPE,)}),
        (414, {"query": "search=‹secret›"}),
    ],
)
def test_recorded_traffic_that_lacks_what_would_tell_is_not_judged(judge, status, case):
    assert "status.documented" not in judge(status=status, recorded=True, **case)


def test_recorded_traffic_is_judged_by_what_it_shows(judge):
    judgements = judge(status=415, recorded=True, **{**POST, "sent": (JSON_TYPE,)})
    assert judgements["status.documented"].problems
    assert judge(status=414, recorded=True)["status.documented"].problems


@pytest.mark.parametrize(("recorded", "broken"), [(True, False), (False, True)])
def test_a_304_without_a_condition_is_no_redirect_where_the_recorder_may_have_left_it_out(judge, recorded, broken):
    judgement = judge(status=304, raw=b"", recorded=recorded)["success.no-redirect"]
    assert bool(judgement.problems) is broken


def test_an_earned_status_must_still_be_enveloped(judge):
    judgements = judge(status=405, method="PUT", raw=b"Method Not Allowed", content_type=("Content-Type", "text/plain"))
    assert judgements["status.documented"].problems == ()
    assert judgements["envelope.json"].problems
