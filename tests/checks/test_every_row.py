"""Every seen row of the register, with exchanges that break it in different ways and twins beside them that keep it."""

import json

import pytest

NOTHING = ...
JSON_TYPE = ("Content-Type", "application/json")
LIMIT = {"code": "limit_reached", "limitKey": "max_creators_per_org", "current": 5, "max": 5}
SCOPE = {"code": "insufficient_scope", "required": "write", "granted": ["read"]}
WINDOW = {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 7}
DAILY = {"code": "rate_limit_exceeded"}
CREATE = {"method": "POST", "path": "/projects/p/creators", "body": b'{"tiktok_handle": "goat"}', "sent": (JSON_TYPE,)}


def limit(request=None, error="Limit reached: max_creators_per_org", **members):
    return {**CREATE, "status": 402, "error": error, "meta": {**LIMIT, **members}, **(request or {})}


def without(meta, name):
    return {key: value for key, value in meta.items() if key != name}


def scope(error="This action requires the 'write' scope. Granted: [read]", **members):
    return {"status": 403, "method": "DELETE", "error": error, "meta": {**SCOPE, **members}}


def window(*retry_after, **members):
    headers = tuple(("Retry-After", value) for value in retry_after)
    return {"status": 429, "meta": {**WINDOW, **members}, "headers": headers}


def code(status, value):
    return {"status": status, "meta": {"code": value}}


def bad(place, value, **more):
    return {"status": 400, "meta": {"code": value}, "requirement": "400.query", "broken": place, **more}


def success(**more):
    return {"status": 200, "path": "/creators", "data": [], "error": None, "meta": None, **more}


def bulk(length):
    return {"body": json.dumps({"creators": [{"tiktok_handle": f"g{n}"} for n in range(length)]}).encode()}


HTML = {"raw": b"<h1>Not found</h1>", "content_type": ("Content-Type", "text/html")}
TRACE = 'Traceback (most recent call last):\n  File "/srv/api/app.py", line 3, in get'

BROKEN = {
    "envelope.json": [
        HTML,
        {"raw": b""},
        {"content_type": None},
        {"content_type": ("Content-Type", "application/problem+json")},
        {"headers": (("content-type", "text/plain"),)},
        {"raw": b'{"data": null, "error": "x", "meta": {"n": NaN}}'},
        {"raw": b'\xef\xbb\xbf{"data": null, "error": "x"}'},
        {"raw": '{"data": null, "error": "für"}'.encode("latin-1")},
        {"raw": b'{"data": null, "error": "x"}{}'},
        {"raw": b"{'data': null}"},
    ],
    "envelope.object": [
        {"raw": b"[]"},
        {"raw": b'"Not found"'},
        {"raw": b"null"},
        {"raw": b'{"data": null, "error": "a", "error": "b"}'},
        {"raw": b'{"data": null, "error": "a", "meta": {"code": "x", "code": "y"}}'},
    ],
    "envelope.data-null": [{"data": NOTHING}, {"data": {}}, {"data": False}, {"data": []}],
    "envelope.error-text": [
        {"error": NOTHING},
        {"error": None},
        {"error": ""},
        {"error": " \t\u2003\n"},
        {"error": {"message": "x"}},
        {"error": ["x"]},
    ],
    "envelope.meta-object": [{"meta": []}, {"meta": "x"}, {"meta": False}, {"meta": 0}],
    "envelope.closed": [{"more": {"message": "x"}}, {"more": {"statusCode": 404}}, {"more": {"Data": None}}],
    "status.documented": [
        {"status": 422},
        {"status": 418},
        {"status": 501},
        {"status": 405},
        {"status": 415, **CREATE},
        {"status": 413, **CREATE},
    ],
    "code.matches-status": [
        code(404, "invalid_api_key"),
        code(401, "insufficient_scope"),
        code(500, "rate_limit_exceeded"),
        code(400, "limit_reached"),
    ],
    "code.known": [
        code(401, "revoked"),
        code(429, "too_many_requests"),
        code(422, "unprocessable"),
        {"status": 403, "meta": {"code": "forbidden", "required": "write"}},
        {"status": 403, "meta": {"code": "forbidden"}, "error": "Your key lacks a scope"},
    ],
    "code.string": [
        code(404, 404),
        code(400, None),
        code(409, ""),
        code(500, ["internal_error"]),
        code(401, value=True),
    ],
    "error.no-leak": [
        {"status": 500, "error": TRACE, "meta": {"code": "internal_error"}},
        {"meta": {"stack": "Error: x\n    at get (/srv/api/routes/creators.js:12:7)"}},
        {"status": 409, "error": 'duplicate key value violates unique constraint "creators_pkey"'},
        {"status": 500, "error": "connect ECONNREFUSED 10.1.2.3:5432"},
        {"raw": f"<pre>{TRACE}</pre>".encode(), "content_type": ("Content-Type", "text/html")},
    ],
    "error.no-echo": [
        {"error": "The key ‹key:reader› is not known"},
        {"headers": (("X-Key", "‹key:reader›"),)},
        {"headers": (("‹key:reader›", "1"),)},
        {"meta": {"received": {"authorization": "Bearer ‹key:reader|upper›"}}},
        {"status": 200, "path": "/creators", "error": None, "data": ["‹key:reader›"], "meta": None},
        {"sent": (("Authorization", "Bearer not-a-key-1"),), "error": "Bad key not-a-key-1"},
        {"sent": (("X-Api-Key", "tga_0123456789"),), "headers": (("X-Debug", "tga_0123456789"),)},
        {"sent": (("Authorization", "tga_0123456789"),), "error": 'bad "tga_0123456789"'},
    ],
    "400.code": [
        {"status": 400},
        {"status": 400, "meta": None},
        code(400, "bad_request"),
        code(400, "INVALID_BODY"),
        code(400, None),
    ],
    "400.code-place": [
        bad(("query",), "invalid_body"),
        bad(("body",), "invalid_params"),
        bad(("path",), "invalid_query"),
    ],
    "401.code": [{"status": 401, "meta": None}, code(401, "revoked"), code(401, ["invalid_api_key"])],
    "401.challenge": [
        code(401, "invalid_api_key"),
        {"status": 401, "headers": (("WWW-Authenticate", ""),)},
        {"status": 401, "headers": (("Authenticate", "Bearer"),)},
    ],
    "402.code": [{"status": 402}, code(402, "payment_required"), code(402, "invalid_body")],
    "402.limit.meta": [
        limit(limitKey=""),
        limit(limitKey=None),
        limit(current=-1),
        limit(current="5"),
        limit(max=5.5),
        limit(max=True),
        {**limit(), "meta": without(LIMIT, "limitKey")},
        {**limit(), "meta": without(LIMIT, "max")},
    ],
    "402.limit.reached": [
        limit(current=4),
        limit(current=0),
        limit(bulk(3), current=2),
        limit({"body": b"[]"}, current=4),
        limit({"body": b'{"creators": []}'}, current=4),
        limit({"body": None, "method": "DELETE"}, current=3),
    ],
    "402.limit.writes-only": [
        limit({"method": "GET"}),
        limit({"method": "GET", "path": "/creators"}),
        limit({"method": "GET", "body": None}, current=6),
    ],
    "402.limit.key-known": [
        limit(limitKey="creators"),
        limit(limitKey="maxCreators"),
        limit(limitKey="max_api_requests_per_day"),
    ],
    "402.limit.error-names-key": [
        limit(error="Limit reached"),
        limit(error="Limit reached: max creators per org"),
        limit(error="Limit reached: MAX_CREATORS_PER_ORG"),
    ],
    "403.scope.meta": [
        scope(required="delete"),
        scope(required=["write"]),
        scope(granted="read"),
        scope(granted=["read", "read"]),
        scope(granted=[1]),
        {**scope(), "meta": without(SCOPE, "granted")},
        {**scope(), "meta": without(SCOPE, "required")},
    ],
    "403.scope.missing": [
        scope(granted=["write"]),
        scope(granted=["read", "write"]),
        scope(required="admin", granted=["admin"]),
    ],
    "403.scope.error-text": [
        scope(error="Forbidden"),
        scope(error="You may not rewrite this"),
        scope(error="Your key is granted: [read]"),
    ],
    "410.only-removed": [
        {"status": 410},
        {"status": 410, "method": "POST", "path": "/projects/p/creators"},
        {"status": 410, "path": "/creators"},
    ],
    "429.code": [{"status": 429}, code(429, "too_many_requests"), {"status": 429, "meta": without(WINDOW, "code")}],
    "429.window.meta": [
        window("7", bucket=""),
        window("7", bucket=7),
        window("7", retryAfter=-1),
        window("7", retryAfter="7"),
        window("7", retryAfter=7.5),
        {"status": 429, "meta": without(WINDOW, "retryAfter")},
        {"status": 429, "meta": DAILY, "burst": True},
        {"status": 429, "meta": None, "burst": True},
    ],
    "429.window.header": [
        window(),
        window("Wed, 21 Oct 2026 07:28:00 GMT"),
        window("7.0"),
        window("-7"),
        window("7s"),
        window(""),
        window("7", "8"),
        window("7" * 400),
        window("\u0667"),
    ],
    "429.window.agree": [window("9"), window("5"), window("60", retryAfter=0), window("0", retryAfter=2)],
    "429.window.bound": [window("0", retryAfter=0), window("61", retryAfter=61), window("3600", retryAfter=3600)],
    "429.daily.meta": [
        {"status": 429, "meta": {**DAILY, "retryAfter": -1}},
        {"status": 429, "meta": {**DAILY, "retryAfter": 86401}},
        {"status": 429, "meta": {**DAILY, "retryAfter": "3600"}},
        {"status": 429, "meta": {**DAILY, "retryAfter": 0.5}},
    ],
    "500.code": [{"status": 500, "meta": None}, code(500, "server_error"), code(500, "")],
    "success.envelope": [
        success(data=NOTHING),
        success(error=""),
        success(error=NOTHING),
        success(meta=[]),
        success(meta=NOTHING),
        success(raw=b"[]"),
        success(raw=b""),
        success(raw=b"{}", method="POST", path="/projects/p/creators", status=201),
        success(raw=b"<html>", content_type=("Content-Type", "text/html")),
    ],
    "success.no-error": [
        success(error="Not found"),
        success(error={"message": "Not found"}),
        success(meta={"code": "invalid_query"}),
        success(error="Not found", path="/elsewhere"),
    ],
    "success.no-redirect": [
        {"status": 302, "path": "/creators", "headers": (("Location", "/login"),)},
        {"status": 301, "path": "/projects"},
        {"status": 308, "method": "POST", "path": "/projects/p/campaigns"},
        {"status": 304, "path": "/creators"},
    ],
}

SOUND = {
    "envelope.json": [
        {},
        {"content_type": ("content-type", "Application/JSON; charset=utf-8")},
        {"headers": (("content-type", "application/json; charset=utf-8"),)},
        {"raw": b' {"data": null, "error": "\\ud800 1e999"}\n'},
    ],
    "envelope.object": [{}, {"raw": b'{"data": null, "error": "x", "meta": {"data": {"error": 1}}}'}],
    "envelope.data-null": [{}, {"error": NOTHING}],
    "envelope.error-text": [{}, {"error": "\u200f404"}, {"error": " x "}],
    "envelope.meta-object": [{}, {"meta": None}, {"meta": {}}, {"meta": {"trace": [1]}}],
    "envelope.closed": [{}, {"meta": {"further": 1}}, {"data": NOTHING}],
    "status.documented": [{"status": status} for status in (400, 401, 402, 403, 404, 409, 410, 429, 500)],
    "code.matches-status": [code(401, "invalid_api_key"), code(429, "rate_limit_exceeded")],
    "code.known": [
        code(404, "not_found"),
        code(409, "conflict"),
        code(410, "gone"),
        code(405, "method_not_allowed"),
        code(403, "banned"),
        code(500, "internal_error"),
    ],
    "code.string": [code(404, "x"), code(401, "invalid_api_key")],
    "error.no-leak": [
        {},
        {"status": 500, "error": "Something went wrong at line 3; see https://docs.example.com/app/errors.js"},
    ],
    "error.no-echo": [
        {},
        {"sent": (("Authorization", "Bearer undefined"),), "error": "Cannot read undefined"},
        {"sent": (("Authorization", "Bearer abc"),), "error": "abc"},
        {"sent": (("Authorization", "Bearer 12345678"),), "error": "Request 9123456780"},
        {"sent": (("X-Request-Id", "0123456789"),), "error": "Request 0123456789"},
        success(),
    ],
    "400.code": [code(400, "invalid_query"), code(400, "invalid_body"), code(400, "invalid_params")],
    "400.code-place": [
        bad(("query",), "invalid_query"),
        bad(("body",), "invalid_body"),
        bad(("path",), "invalid_params"),
        bad(("query", "query"), "invalid_query"),
    ],
    "401.code": [code(401, "invalid_api_key")],
    "401.challenge": [{"status": 401, "headers": (("www-authenticate", "Bearer"),)}],
    "402.code": [limit(), code(402, "retention_exceeded")],
    "402.limit.meta": [limit(), limit(current=5.0, max=0), limit(limitKey="x", further=[]), limit(current=10**30)],
    "402.limit.reached": [limit(), limit(current=9), limit(bulk(3), current=3), limit({"body": b'{"creators": 3}'})],
    "402.limit.writes-only": [limit({"method": method}) for method in ("POST", "PUT", "PATCH", "DELETE")],
    "402.limit.key-known": [limit(), limit(limitKey="max_payout_methods_per_org")],
    "402.limit.error-names-key": [limit(), limit(error="You have no max_creators_per_org left")],
    "403.scope.meta": [scope(), scope(granted=[]), scope(required="admin", granted=["read", "write", "goats"])],
    "403.scope.missing": [scope(), scope(granted=[]), scope(granted=["WRITE"])],
    "403.scope.error-text": [scope(), scope(error="WRITE scope needed"), scope(error="scope:write")],
    "410.only-removed": [
        {"status": 404},
        success(),
        {"status": 401},
        {"status": 302, "path": "/creators"},
    ],
    "429.code": [window("7"), {"status": 429, "meta": DAILY}],
    "429.window.meta": [window("7"), window("7", retryAfter=7.0), {**window("7"), "burst": True}],
    "429.window.header": [window("7"), window("0"), window("7", "7"), window("007")],
    "429.window.agree": [window("7"), window("6"), window("8"), window("8", retryAfter=7.0)],
    "429.window.bound": [window("1", retryAfter=1), window("60", retryAfter=60)],
    "429.daily.meta": [
        {"status": 429, "meta": DAILY},
        {"status": 429, "meta": {**DAILY, "retryAfter": 86400}, "headers": (("Retry-After", "tomorrow"),)},
        {"status": 429, "meta": {**DAILY, "retryAfter": 0.0}},
    ],
    "500.code": [code(500, "internal_error")],
    "success.envelope": [
        success(),
        success(data=None),
        success(meta={"nextCursor": None}, more={"links": {}}),
        success(status=201, method="POST", path="/projects/p/creators"),
    ],
    "success.no-error": [success(), success(meta={"code": "ok"}), success(error=False), success(error=NOTHING)],
    "success.no-redirect": [
        success(),
        {"status": 304, "path": "/creators", "sent": (("If-None-Match", '"x"'),)},
    ],
}

SILENT = {
    "envelope.object": [HTML, {"raw": b""}],
    "envelope.data-null": [HTML, {"raw": b"[]"}],
    "envelope.error-text": [HTML, {"raw": b"[]"}],
    "envelope.meta-object": [HTML, {"raw": b"[]"}],
    "envelope.closed": [HTML, {"raw": b"[]"}],
    "code.matches-status": [{}, code(404, 404), code(404, "not_found"), {"meta": "x"}],
    "code.known": [{}, code(401, 5), code(401, ""), {"meta": ["x"]}],
    "code.string": [{}, {"meta": None}, {"meta": "x"}],
    "status.documented": [success(), {"status": 302}],
    "400.code": [{"status": 400, "meta": []}, {"status": 400, **HTML}, {"status": 404}],
    "400.code-place": [
        bad((), "invalid_body"),
        bad(("query", "body"), "invalid_params"),
        bad(("query", "http"), "invalid_body"),
        bad(("http",), "invalid_query"),
        bad(("key",), "invalid_query"),
        bad(("query",), "bad_request"),
        bad(("query",), ["invalid_query"]),
        bad(("query",), "invalid_body", recorded=True),
        bad(("query",), "invalid_body", forced="400.body"),
    ],
    "401.code": [{"status": 401, "meta": "x"}, {"status": 403}],
    "402.limit.meta": [code(402, "retention_exceeded"), code(402, "limit"), {"status": 402}],
    "402.limit.reached": [
        limit({"body": None, "recorded": True}, current=0),
        limit({"body": b"{broken"}, current=0),
        limit({"method": "GET"}, current=0),
        limit(current="0"),
        limit(max=None),
        limit(max=True),
        limit(current=0.5),
        limit({"forced": "402.limit"}, current=0),
    ],
    "402.limit.writes-only": [limit({"method": "GET", "forced": "402.limit"})],
    "402.limit.key-known": [limit(limitKey=""), limit(limitKey=5)],
    "402.limit.error-names-key": [limit(limitKey=""), limit(limitKey=5), limit(error=None)],
    "403.scope.meta": [{"status": 403}, code(403, "banned")],
    "403.scope.missing": [scope(required=None), scope(granted=None), code(403, "banned")],
    "403.scope.error-text": [scope(required=None), scope(required=""), scope(error=None)],
    "410.only-removed": [
        {"status": 410, "path": "/creators/x/stats"},
        {"status": 410, "path": "/elsewhere"},
        {"status": 410, "forced": "410"},
    ],
    "429.window.meta": [{"status": 429, "meta": DAILY}, {"status": 429, **HTML}],
    "429.window.agree": [
        window(),
        window("soon"),
        window("7", "9"),
        window("7", retryAfter="7"),
        window("7", retryAfter=None),
    ],
    "429.window.bound": [window("7", retryAfter="7"), {"status": 429, "meta": {**DAILY, "retryAfter": 3600}}],
    "429.daily.meta": [window("7"), {"status": 429, "meta": DAILY, "burst": True}],
    "success.envelope": [
        success(raw=b"", status=204),
        success(raw=b"a,b", content_type=("Content-Type", "text/csv; charset=utf-8")),
        success(raw=b"", method="DELETE", path="/creators/x"),
        success(raw=b"{}", path="/openapi.json"),
        success(raw=b"{}", path="/creators/x/stats"),
        success(raw=b"{}", forced="404"),
    ],
    "success.no-error": [success(raw=b"[]"), success(raw=b""), {"status": 302, "path": "/creators"}],
    "success.no-redirect": [
        {"status": 302, "path": "/elsewhere"},
        {"status": 302, "path": "/creators", "forced": "404"},
        {"status": 404},
    ],
}


def cases(table):
    return [pytest.param(name, case, id=f"{name}-{n}") for name, rows in table.items() for n, case in enumerate(rows)]


@pytest.mark.parametrize(("requirement", "case"), cases(BROKEN))
def test_what_breaks_a_requirement_is_found(judge, requirement, case):
    problems = judge(**case)[requirement].problems
    assert problems
    assert all(problem.message and len(problem.got) <= 200 and len(problem.message) <= 200 for problem in problems)


@pytest.mark.parametrize(("requirement", "case"), cases(SOUND))
def test_what_keeps_a_requirement_is_judged_and_fine(judge, requirement, case):
    judgement = judge(**case)[requirement]
    assert (judgement.problems, judgement.unjudged) == ((), "")


@pytest.mark.parametrize(("requirement", "case"), cases(SILENT))
def test_what_says_nothing_about_a_requirement_is_not_judged(judge, requirement, case):
    assert requirement not in judge(**case)


def test_every_seen_requirement_is_broken_in_three_ways_here(contract):
    seen = {requirement.id for requirement in contract.requirements if requirement.how == "seen"}
    assert {name for name, rows in BROKEN.items() if len(rows) > 2} == seen == SOUND.keys()


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (HTML, {"envelope.json"}),
        ({"raw": b"[]"}, {"envelope.object"}),
        ({"status": 429, "meta": []}, {"envelope.meta-object"}),
        ({"status": 402, **HTML, **CREATE}, {"envelope.json"}),
        (success(raw=b"<html>"), {"success.envelope"}),
    ],
)
def test_one_cause_turns_one_requirement_red(judge, case, expected):
    assert {name for name, judgement in judge(**case).items() if judgement.problems} == expected
