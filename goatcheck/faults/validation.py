"""Faults of validation: what is invalid passes, what is valid does not, what was refused is done, the place is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from goatcheck.exchange import MISSING
from goatcheck.faults.changes import (
    Whose,
    answer,
    at,
    before,
    both,
    instead,
    meta,
    on,
    status,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.reading import body_read, query_read, reads, with_body
from goatcheck.model import answers
from goatcheck.model.call import Answer, BodyReader, Call
from goatcheck.model.creators import read_new
from goatcheck.model.world import World

_CREATE = "POST /projects/{projectId}/creators"
_CAMPAIGN = "POST /projects/{projectId}/campaigns"
_METHOD = "POST /payout-methods"
_EDIT = "PATCH /campaigns/{id}"
_EDIT_CREATOR = "PATCH /creators/{id}"
_ANALYTICS = "GET /analytics"
_BULK_WORD = "creators"


def _ignored(operation: str, name: str) -> Change:
    """A query parameter of one operation is left out where it can't be read."""

    def tidy(world: World, call: Call) -> Answer:
        known = world.rules.routes[operation].query
        if call.route is not None and call.route.operation == operation:
            kept = [
                (n, v)
                for n, v in parse_qsl(call.request.query, keep_blank_values=True)
                if n != name or reads(known[n], v)
            ]
            call.request = replace(call.request, query=urlencode(kept))
        return None

    return before("query", tidy)


def _mended(mend: Callable[[Any], Any]) -> Callable[[BodyReader], BodyReader]:
    """The same reader, which mends a body before it reads it."""
    return lambda reader: lambda value: reader(mend(value) if isinstance(value, dict) else value)


def _texts(value: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers, booleans and null as a language without types takes them for texts."""
    return {name: v if isinstance(v, str | list | dict) else str(v) for name, v in value.items()}


def _numbers(value: Mapping[str, Any]) -> dict[str, Any]:
    """A `target_views` that is a text or a boolean as a number."""
    views = value.get("target_views")
    if isinstance(views, bool) or (isinstance(views, str) and views.isdigit()):
        return {**value, "target_views": int(views)}
    return dict(value)


def _named(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": "untitled", **value}


def _first_only(value: Mapping[str, Any]) -> dict[str, Any]:
    """A bulk creation of which only the first item is looked at."""
    several = value.get(_BULK_WORD)
    if not isinstance(several, list) or not several:
        return dict(value)
    good = [item for item in several if reads(read_new, item)]
    return {_BULK_WORD: good} if good and good[0] is several[0] else dict(value)


def _lenient(whose: Whose, mend: Callable[[bytes], bytes]) -> Change:
    """Bodies of these calls are mended before they are read as JSON."""

    def tidy(_world: World, call: Call) -> Answer:
        if whose(call) and call.request.body:
            call.request = with_body(call.request, mend(call.request.body))
        return None

    return before("body", tidy)


def _first_document(body: bytes) -> bytes:
    try:
        text = body.decode()
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return body
    return text[:end].encode()


FAULTS = (
    Fault(
        "query-project-id-any-text",
        "a list of videos takes any text as project_id and is empty",
        ("400.query",),
        query_read("GET /videos", "project_id", lambda _reader: str),
    ),
    Fault(
        "query-creator-id-ignored",
        "a list of videos leaves out a creator_id that is no uuid",
        ("400.query",),
        _ignored("GET /videos", "creator_id"),
    ),
    Fault(
        "query-limit-nan",
        "a limit that is no number is taken for the default",
        ("400.query",),
        _ignored("GET /campaigns", "limit"),
    ),
    Fault(
        "query-limit-over-422",
        "a limit over 100 is unprocessable: 422",
        ("400.query", "status.documented", "code.matches-status"),
        answer(both(at(400), lambda call: ("limit", "101") in call.request.parameters), status(422)),
    ),
    Fault(
        "query-month-13-rolls-over",
        "a day that the calendar does not have is taken for the default",
        ("400.query",),
        _ignored(_ANALYTICS, "from"),
    ),
    Fault(
        "query-entity-id-not-found",
        "an entity_id that is no uuid is not found",
        ("400.query",),
        answer(
            lambda _call, response: "entity_id" in str(response.member("error")),
            lambda _call, _response: answers.not_found("entity"),
        ),
    ),
    Fault(
        "query-entity-id-of-campaigns-unread",
        "an entity_id that is no uuid is taken where the entity is a campaign",
        ("400.query",),
        answer(
            lambda call, response: (
                "entity_id" in str(response.member("error")) and ("entity", "campaign") in call.request.parameters
            ),
            lambda _call, _response: answers.success([]),
        ),
        needs=("requests",),
    ),
    Fault(
        "query-code-of-body",
        "a wrong query of campaigns has the code of a wrong body",
        ("400.query", "400.code-place"),
        answer(at(400, operation="GET /campaigns"), meta(code="invalid_body")),
    ),
    Fault(
        "body-name-optional",
        "a campaign without a name gets one",
        ("400.body",),
        body_read(_CAMPAIGN, _mended(_named)),
    ),
    Fault(
        "body-texts-coerced",
        "a number or null as the name of a payout method is taken for a text",
        ("400.body",),
        body_read(_METHOD, _mended(_texts)),
    ),
    Fault(
        "body-numbers-coerced",
        "a text of digits or a boolean as target_views is taken for a number",
        ("400.body",),
        body_read(_EDIT, _mended(_numbers)),
    ),
    Fault(
        "body-list-of-one",
        "a list in place of an object is taken for its first element, or for nothing",
        ("400.body",),
        body_read(_EDIT, lambda reader: lambda value: {} if value == [] else reader(value)),
    ),
    Fault(
        "body-nothing-to-change",
        "a change of nothing succeeds",
        ("400.body",),
        body_read(_EDIT_CREATOR, lambda reader: lambda value: {} if value == {} else reader(value)),
    ),
    Fault(
        "body-bulk-first-only",
        "of a bulk creation only the first item has to be valid",
        ("400.body",),
        body_read(_CREATE, _mended(_first_only)),
    ),
    Fault(
        "body-two-documents",
        "what follows the first JSON document is ignored",
        ("400.body",),
        _lenient(on(operation=_CAMPAIGN), _first_document),
    ),
    Fault(
        "body-trailing-comma",
        "a trailing comma is taken",
        ("400.body",),
        _lenient(on(operation=_METHOD), lambda text: text.replace(b",}", b"}")),
    ),
    Fault(
        "body-422",
        "a body of a wrong shape is unprocessable: 422, in the words of the framework",
        ("400.body", "status.documented", "envelope.data-null", "envelope.error-text", "envelope.malformed-request"),
        instead(
            "body",
            on(operation=_EDIT),
            answers.enveloped(422, {"detail": [{"loc": ["body", "name"], "msg": "str type expected"}]}),
        ),
        ("envelope.closed",),
    ),
    Fault(
        "body-missing-is-conflict",
        "a campaign item without its id is a conflict",
        ("400.body",),
        instead("body", on(operation="POST /campaigns/{id}/items"), answers.conflict("No such item")),
    ),
    Fault(
        "body-code-of-query",
        "a wrong body has the code of a wrong query",
        ("400.body", "400.code-place"),
        answer(at(400, operation=_METHOD, code="invalid_body"), meta(code="invalid_query")),
    ),
    Fault(
        "body-without-code",
        "a wrong body has no code",
        ("400.body", "400.code"),
        answer(at(400, operation=_CAMPAIGN, code="invalid_body"), meta(code=MISSING)),
    ),
    Fault(
        "path-fails",
        "a path id that is no uuid is unprocessable: 422",
        ("400.params", "status.documented"),
        instead("path", on(method="DELETE"), answers.failure(422, "Not a uuid")),
    ),
    Fault(
        "path-forbidden",
        "a path id that is no uuid is forbidden",
        ("400.params", "403.scope.allows"),
        instead("path", on(operation="GET /payout-methods/{id}"), answers.banned()),
    ),
    Fault(
        "path-empty-success",
        "goal compliance of a project id that is no uuid is empty",
        ("400.params",),
        instead("path", on(operation="GET /projects/{projectId}/goal-compliance"), answers.success([])),
    ),
    Fault(
        "place-path-as-query",
        "a path id that is no uuid has the code of a wrong query",
        ("400.code-place",),
        instead("path", on(), answers.invalid("query", "The id must be a uuid")),
    ),
    Fault(
        "place-body-as-params",
        "a wrong body has the code of wrong params",
        ("400.code-place",),
        answer(at(400, code="invalid_body"), meta(code="invalid_params")),
    ),
    Fault(
        "place-query-as-params",
        "a wrong query has the code of wrong params",
        ("400.code-place",),
        answer(at(400, code="invalid_query"), meta(code="invalid_params")),
    ),
)
