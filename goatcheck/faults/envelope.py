"""Faults of the envelope's form: errors that are no JSON, no object, or lack what every error has."""

from __future__ import annotations

import json
from dataclasses import replace

from goatcheck.exchange import MISSING, Response
from goatcheck.faults.changes import answer, at, body, header, members, with_json
from goatcheck.faults.fault import Fault
from goatcheck.model.call import Call

_SHOW = "GET /payout-methods/{id}"
_CREATE = "POST /projects/{projectId}/creators"
_CREATORS = "GET /creators"


def _listed(_call: Call, response: Response) -> Response:
    return replace(response, body=b"[" + response.body + b"]")


def _quoted(_call: Call, response: Response) -> Response:
    return with_json(response, response.text)


def _twice(_call: Call, response: Response) -> Response:
    return replace(response, body=response.body.replace(b'"error":', b'"error":"Not Found","error":', 1))


def _twice_inside(_call: Call, response: Response) -> Response:
    return replace(response, body=response.body.replace(b'"code":', b'"code":"invalid_query","code":', 1))


def _nan(_call: Call, response: Response) -> Response:
    return replace(response, body=response.body.replace(b'"meta":null', b'"meta":{"since":NaN}', 1))


def _marked(_call: Call, response: Response) -> Response:
    return replace(response, body=b"\xef\xbb\xbf" + response.body)


def _latin(_call: Call, response: Response) -> Response:
    text = json.dumps({**response.document.value, "error": "Supprimé"}, ensure_ascii=False)
    return replace(response, body=text.encode("latin-1"))


def _two_documents(_call: Call, response: Response) -> Response:
    return replace(response, body=response.body + b"\n" + response.body)


def _wrapped(_call: Call, response: Response) -> Response:
    return replace(response, body=b")]}',\n" + response.body)


FAULTS = (
    Fault(
        "envelope-json-miscoded",
        "a 404 of a payout method is said to be compressed and is not",
        ("envelope.json",),
        answer(at(404, operation=_SHOW), header("Content-Encoding", "gzip")),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-json-text",
        "a conflict is told in plain text",
        ("envelope.json",),
        answer(at(409, operation=_CREATE), body(b"Conflict", "text/plain")),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-json-html-sniffed",
        "a removed route answers JSON under the media type text/html",
        ("envelope.json",),
        answer(at(410), header("Content-Type", "text/html; charset=utf-8")),
        ("envelope.negotiation",),
    ),
    Fault(
        "envelope-json-problem",
        "a conflict comes as application/problem+json",
        ("envelope.json",),
        answer(at(409), header("Content-Type", "application/problem+json")),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-json-no-type",
        "a 404 of a payout method has no Content-Type",
        ("envelope.json",),
        answer(at(404, operation=_SHOW), header("Content-Type")),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-json-empty",
        "a 401 to a DELETE has no body",
        ("envelope.json",),
        answer(at(401, method="DELETE"), body(b"")),
    ),
    Fault(
        "envelope-json-nan",
        "a conflict has NaN in its meta",
        ("envelope.json",),
        answer(at(409), _nan),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-json-bom",
        "a 404 of a payout method starts with a byte order mark",
        ("envelope.json",),
        answer(at(404, operation=_SHOW), _marked),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-json-latin-1",
        "the text of a 410 is in latin-1",
        ("envelope.json",),
        answer(at(410), _latin),
        ("envelope.negotiation",),
    ),
    Fault(
        "envelope-json-two-documents",
        "an error handler writes the 409 twice",
        ("envelope.json",),
        answer(at(409), _two_documents),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-json-guarded",
        "a 410 starts with the guard against script inclusion",
        ("envelope.json",),
        answer(at(410), _wrapped),
        ("envelope.negotiation",),
    ),
    Fault(
        "envelope-object-list",
        "a conflict is a list of errors",
        ("envelope.object",),
        answer(at(409), _listed),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-object-text",
        "a 410 is JSON that was encoded twice: a string",
        ("envelope.object",),
        answer(at(410), _quoted),
        ("envelope.negotiation",),
    ),
    Fault(
        "envelope-object-null",
        "a 404 of a payout method is the JSON text null",
        ("envelope.object",),
        answer(at(404, operation=_SHOW), body(b"null")),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-object-member-twice",
        "a 404 of a payout method gives `error` twice",
        ("envelope.object",),
        answer(at(404, operation=_SHOW), _twice),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-object-code-twice",
        "a 400 to a wrong query of creators gives `code` twice inside of `meta`",
        ("envelope.object",),
        answer(at(400, operation=_CREATORS), _twice_inside),
        ("envelope.negotiation", "envelope.malformed-request"),
    ),
    Fault(
        "envelope-data-absent",
        "a conflict has no `data`",
        ("envelope.data-null",),
        answer(at(409), members(data=MISSING)),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-data-empty-object",
        "a 404 of a payout method has an empty object as its data",
        ("envelope.data-null",),
        answer(at(404, operation=_SHOW), members(data={})),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-data-list",
        "an error of a list has an empty list as its data",
        ("envelope.data-null",),
        answer(at(400, operation="GET /videos"), members(data=[])),
        ("envelope.malformed-request", "envelope.negotiation"),
    ),
    Fault(
        "envelope-data-existing",
        "a duplicate is told with the existing creator as data",
        ("envelope.data-null",),
        answer(at(409, operation=_CREATE), members(data={"id": "3f2b8c1e-5d47-4a90-8b6e-1c2d3e4f5a6b"})),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-error-absent",
        "a 410 has no `error`",
        ("envelope.error-text",),
        answer(at(410), members(error=MISSING)),
        ("envelope.negotiation",),
    ),
    Fault(
        "envelope-error-object",
        "a conflict has an object in `error`",
        ("envelope.error-text",),
        answer(at(409), members(error={"message": "Conflict", "status": 409})),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-error-blank",
        "a 410 has a blank text",
        ("envelope.error-text",),
        answer(at(410), members(error=" \t")),
        ("envelope.negotiation",),
    ),
    Fault(
        "envelope-error-null",
        "a missing scope is told without a text",
        ("envelope.error-text",),
        answer(at(403, code="insufficient_scope"), members(error=None)),
    ),
    Fault(
        "envelope-error-true",
        "a ban is told with `error` true",
        ("envelope.error-text",),
        answer(at(403, code=None), members(error=True)),
    ),
    Fault(
        "envelope-meta-list",
        "an empty meta is written as a list, as PHP does",
        ("envelope.meta-object",),
        answer(at(409), members(meta=[])),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-meta-text",
        "a 410 has a text as its meta",
        ("envelope.meta-object",),
        answer(at(410), members(meta="gone")),
        ("envelope.negotiation",),
    ),
    Fault(
        "envelope-meta-false",
        "a 404 of a payout method has false as its meta",
        ("envelope.meta-object",),
        answer(at(404, operation=_SHOW), members(meta=False)),
        ("envelope.malformed-request",),
    ),
    Fault(
        "envelope-closed-status",
        "errors repeat their status beside the envelope",
        ("envelope.closed",),
        answer(lambda _call, response: response.status >= 400, lambda call, r: members(statusCode=r.status)(call, r)),  # noqa: PLR2004 - where errors begin
    ),
    Fault(
        "envelope-closed-success-flag",
        "a conflict has a member `success` beside the envelope",
        ("envelope.closed",),
        answer(at(409), members(success=False)),
    ),
    Fault(
        "envelope-closed-request-id",
        "a 401 names the request beside the envelope",
        ("envelope.closed",),
        answer(at(401), members(requestId="req_1")),
    ),
)
