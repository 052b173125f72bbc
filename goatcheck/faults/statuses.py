"""Faults of statuses and codes, and of what an error gives away: leaks of the inside, echoes of the key."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from goatcheck.exchange import Response
from goatcheck.faults.changes import (
    Edit,
    answer,
    at,
    both,
    header,
    instead,
    members,
    meta,
    on,
    refusing,
    status,
    successes,
)
from goatcheck.faults.fault import Fault
from goatcheck.model import answers
from goatcheck.model.call import Call

_SHOW = "GET /payout-methods/{id}"
_CREATE = "POST /projects/{projectId}/creators"
_CAMPAIGN = "POST /projects/{projectId}/campaigns"
_TRACE = (
    'Traceback (most recent call last):\n  File "/srv/app/api/creators.py", line 81, in create\n    raise Duplicate()\n'
)
_NODE = "Error: nope\n    at createCreator (/usr/src/app/dist/creators.js:41:13)\n    at node:internal/process:95:5"
_SQL = 'duplicate key value violates unique constraint "creators_handle_key"'
_STATEMENT = "SELECT id, name FROM payout_methods WHERE id = $1"
_LONG_NAME = 60


def _token(call: Call) -> str:
    sent = call.request.header("authorization") or ""
    return sent.rpartition(" ")[2]


def _says(text: str, change: Callable[[str], str] = str) -> Edit:
    def edit(call: Call, response: Response) -> Response:
        return members(error=text.format(change(_token(call))))(call, response) if _token(call) else response

    return edit


def _headed(name: str, text: str) -> Edit:
    return lambda call, response: header(name, text.format(_token(call)))(call, response) if _token(call) else response


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _all_escaped(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def _long_name(call: Call) -> bool:
    name = call.request.document.value.get("name") if isinstance(call.request.document.value, dict) else None
    return call.method == "POST" and isinstance(name, str) and len(name) > _LONG_NAME


def _error(_call: Call, response: Response) -> bool:
    return response.status >= 400  # noqa: PLR2004 - where errors begin


def _meta_echo(call: Call, response: Response) -> Response:
    value = {**response.document.value, "meta": {"key": _token(call)}}
    return replace(response, body=json.dumps(value).encode())


FAULTS = (
    Fault(
        "status-teapot",
        "who is banned gets a 418",
        ("status.documented", "403.banned"),
        instead("ban", on(), answers.failure(418, "No coffee for you")),
    ),
    Fault(
        "status-405-for-absent",
        "changing an absent payout method is not allowed: 405",
        ("status.documented", "404.absent"),
        instead("look-up", on(operation="PATCH /payout-methods/{id}"), answers.wrong_method(("GET",))),
        ("404.foreign",),
    ),
    Fault(
        "status-413-for-little",
        "a campaign's name of 61 characters is too large a body",
        ("status.documented",),
        refusing("body", _long_name, answers.too_large()),
    ),
    Fault(
        "status-422-for-duplicates",
        "a duplicate creator is unprocessable: 422",
        ("status.documented", "409.duplicate", "409.duplicate-case"),
        answer(at(409, operation=_CREATE), status(422)),
        ("409.idempotency.route",),
    ),
    Fault(
        "status-423",
        "the default payout method is locked: 423",
        ("status.documented", "409.state"),
        answer(at(409, operation="DELETE /payout-methods/{id}"), status(423)),
    ),
    Fault(
        "code-of-401-on-404",
        "an absent payout method is told with the code of a bad key",
        ("code.matches-status",),
        answer(at(404, operation=_SHOW), meta(code="invalid_api_key")),
    ),
    Fault(
        "code-of-402-on-409",
        "a conflict has the code of a reached limit",
        ("code.matches-status",),
        answer(at(409), meta(code="limit_reached")),
    ),
    Fault(
        "code-of-500-on-410",
        "a removed route has the code of a server error",
        ("code.matches-status",),
        answer(at(410), meta(code="internal_error")),
    ),
    Fault(
        "code-misspelt-in-402",
        "the code of the retention is misspelt",
        ("code.known", "402.code", "402.retention"),
        answer(at(402, code="retention_exceeded"), meta(code="retention_exeeded")),
    ),
    Fault(
        "code-in-capitals",
        "the code of a missing scope is in capitals",
        ("code.known", "403.scope.write", "403.scope.read", "403.scope.admin"),
        answer(at(403, code="insufficient_scope"), meta(code="INSUFFICIENT_SCOPE")),
    ),
    Fault(
        "code-own-in-400",
        "a wrong query has a code of its own",
        ("code.known", "400.code", "400.query"),
        answer(at(400, code="invalid_query"), meta(code="validation_failed")),
    ),
    Fault("code-number", "a 410 has a number as its code", ("code.string",), answer(at(410), meta(code=410))),
    Fault("code-empty", "a conflict has an empty code", ("code.string",), answer(at(409), meta(code=""))),
    Fault(
        "code-null",
        "a 404 of a payout method has null as its code",
        ("code.string",),
        answer(at(404, operation=_SHOW), meta(code=None)),
    ),
    Fault(
        "leak-python-trace",
        "a conflict shows a stack trace of Python",
        ("error.no-leak",),
        answer(at(409), meta(debug=_TRACE)),
    ),
    Fault(
        "leak-node-trace",
        "a 400 to a wrong body shows a stack trace of JavaScript",
        ("error.no-leak",),
        answer(at(400, code="invalid_body"), meta(stack=_NODE)),
    ),
    Fault(
        "leak-constraint",
        "a duplicate is told in the words of the database",
        ("error.no-leak",),
        answer(at(409, operation=_CREATE), members(error=_SQL)),
    ),
    Fault(
        "leak-statement",
        "a 404 of a payout method shows the SQL statement",
        ("error.no-leak",),
        answer(at(404, operation=_SHOW), meta(query=_STATEMENT)),
    ),
    Fault(
        "leak-host",
        "a 429 names the host that counts",
        ("error.no-leak",),
        answer(at(429), meta(via="redis-0.prod.svc.cluster.local:6379")),
    ),
    Fault(
        "leak-variable",
        "a ban shows an environment variable",
        ("error.no-leak",),
        answer(
            at(403, code=None),
            meta(hint="DATABASE_URL=postgres://goat:secret@10.0.0.7/goats"),
        ),
    ),
    Fault(
        "leak-path",
        "a 410 names the file of its handler",
        ("error.no-leak",),
        answer(at(410), members(error="removed in /srv/api/routes/stats.ts")),
    ),
    Fault(
        "leak-entry",
        "a duplicate is told in the words of MySQL",
        ("error.no-leak",),
        answer(at(409, operation=_CREATE), members(error="Duplicate entry 'goat' for key 'creators.handle'")),
    ),
    Fault(
        "leak-missing-file",
        "a 410 tells which file is missing",
        ("error.no-leak",),
        answer(at(410), members(error="ENOENT: no such file or directory, open 'gone.html'")),
    ),
    Fault(
        "leak-in-header",
        "a conflict has a header field with the file of its exception",
        ("error.no-leak",),
        answer(at(409), header("X-Debug-Exception-File", "%2Fvar%2Fwww%2Fhtml%2Fsrc%2FController.php:42")),
    ),
    Fault(
        "echo-in-401",
        "a 401 repeats the key",
        ("error.no-echo",),
        answer(at(401), _says("The API key {} is not valid")),
    ),
    Fault(
        "echo-never-issued-only",
        "a 401 repeats the header of a key that was never issued",
        ("error.no-echo",),
        answer(
            both(at(401), lambda call: _token(call).startswith("tga_")),
            _headed("WWW-Authenticate", 'Bearer error="invalid_token", token="{}"'),
        ),
    ),
    Fault(
        "echo-in-header",
        "every answer repeats the key in a header",
        ("error.no-echo",),
        answer(lambda _call, _response: True, _headed("X-Api-Key", "{}")),
        ("500.forced",),
    ),
    Fault(
        "echo-in-success",
        "the list of projects shows the key in its meta",
        ("error.no-echo",),
        answer(successes(operation="GET /projects"), _meta_echo),
    ),
    Fault(
        "echo-in-capitals",
        "a missing scope repeats the key in capitals",
        ("error.no-echo",),
        answer(at(403, code="insufficient_scope"), _says("{} lacks the scopes read, write, admin", str.upper)),
    ),
    Fault(
        "echo-percent-encoded",
        "a 404 of a payout method repeats the key percent-encoded",
        ("error.no-echo",),
        answer(at(404, operation=_SHOW), _headed("Link", "</retry?key={}>")),
    ),
    Fault(
        "echo-escaped",
        "a conflict repeats the key with every byte percent-encoded",
        ("error.no-echo",),
        answer(at(409), _says("Conflict; retry with {}", lambda token: _all_escaped(quote(token)))),
    ),
    Fault(
        "echo-base64",
        "a conflict repeats the key in base64",
        ("error.no-echo",),
        answer(at(409), _says("Conflict; trace {}", _encoded)),
    ),
    Fault(
        "echo-half",
        "a 410 repeats the first half of the key",
        ("error.no-echo",),
        answer(at(410), _says("Gone for {}…", lambda token: token[:36])),
    ),
)
