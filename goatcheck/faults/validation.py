"""Faults of validation: what is invalid passes, what is valid does not, what was refused is done, the place is wrong."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from goatcheck.exchange import MISSING, Request
from goatcheck.faults.changes import (
    Change,
    Whose,
    answer,
    at,
    before,
    instead,
    meta,
    on,
    refusing,
    route,
    stage,
    status,
)
from goatcheck.faults.fault import Fault
from goatcheck.model import answers
from goatcheck.model.call import Answer, BodyReader, Call, Reader, Refused
from goatcheck.model.creators import read_new
from goatcheck.model.world import Stage, World

_CREATE = "POST /projects/{projectId}/creators"
_CAMPAIGN = "POST /projects/{projectId}/campaigns"
_METHOD = "POST /payout-methods"
_EDIT = "PATCH /campaigns/{id}"
_EDIT_CREATOR = "PATCH /creators/{id}"
_ANALYTICS = "GET /analytics"
_BULK_WORD = "creators"


def _query(operation: str, name: str, wrap: Callable[[Reader], Reader]) -> Change:
    """A query parameter of one operation is read otherwise."""

    def change(world: World) -> World:
        known = world.rules.routes[operation].query
        return route(operation, query={**known, name: wrap(known[name])})(world)

    return change


def _body(operation: str, wrap: Callable[[BodyReader], BodyReader]) -> Change:
    """The body of one operation is read otherwise."""

    def change(world: World) -> World:
        reader = world.rules.routes[operation].body
        if reader is None:
            raise AssertionError(f"{operation} reads no body")
        return route(operation, body=wrap(reader))(world)

    return change


def _ignored(operation: str, name: str) -> Change:
    """A query parameter of one operation is left out where it can't be read."""

    def tidy(world: World, call: Call) -> Answer:
        known = world.rules.routes[operation].query
        if call.route is not None and call.route.operation == operation:
            kept = [(n, v) for n, v in parse_qsl(call.request.query, True) if n != name or _reads(known[n], v)]
            call.request = replace(call.request, query=urlencode(kept))
        return None

    return before("query", tidy)


def _reads(reader: Reader, value: Any) -> bool:
    try:
        reader(value)
    except Refused:
        return False
    return True


def _refuses(test: Callable[[Any], bool], text: str) -> Callable[[Reader], Reader]:
    """The same reader, which also refuses what the test tells."""

    def wrap(reader: Reader) -> Reader:
        def read(value: Any) -> Any:
            if test(value):
                raise Refused(text)
            return reader(value)

        return read

    return wrap


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
    good = [item for item in several if _reads(read_new, item)]
    return {_BULK_WORD: good} if good and good[0] is several[0] else dict(value)


def _lenient(whose: Whose, mend: Callable[[bytes], bytes]) -> Change:
    """Bodies of these calls are mended before they are read as JSON."""

    def tidy(_world: World, call: Call) -> Answer:
        if whose(call) and call.request.body:
            call.request = _with_body(call.request, mend(call.request.body))
        return None

    return before("body", tidy)


def _with_body(request: Request, body: bytes) -> Request:
    return Request(request.method, request.path, request.query, request.headers, body)


def _first_document(body: bytes) -> bytes:
    try:
        text = body.decode()
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return body
    return text[:end].encode()


def _created_before_refused(whose: Whose, wanted: Callable[[Any], Any]) -> Change:
    """A refused body of these calls is stored all the same, as far as `wanted` makes something of it."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is not None and whose(call):
                _store(world, call, wanted(call.request.document.value))
            return refusal

        return asked

    return stage("body", wrap)


def _store(world: World, call: Call, value: Any) -> None:
    if value is None:
        return
    again = replace(call, request=_with_body(call.request, json.dumps(value).encode()), body={})
    for name in ("look-up", "state", "cap"):
        if again.body == {} and again.served.body is not None:
            try:
                again.body = again.served.body(value)
            except Refused:
                return
        if world.rules.stages[name](world, again) is not None:
            return
    world.rules.actions[again.served.operation](world, again)


def _good_items(value: Any) -> Any:
    several = value.get(_BULK_WORD) if isinstance(value, dict) else None
    good = [item for item in several if _reads(read_new, item)] if isinstance(several, list) else []
    return {_BULK_WORD: good} if good else None


def _good_handle(value: Any) -> Any:
    handle = value.get("tiktok_handle") if isinstance(value, dict) else None
    return {"tiktok_handle": handle} if isinstance(handle, str) and len(value) > 1 else None


def _good_name(value: Any) -> Any:
    name = value.get("name") if isinstance(value, dict) else None
    return None if name is None or isinstance(name, str) else {"name": json.dumps(name)}


def _salvaging(inner: Stage) -> Stage:
    """Of a campaign whose body breaks off, the name is stored."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        found = re.search(rb'"name": "([^"]+)', call.request.body or b"")
        if refusal is not None and found and call.served.operation == _CAMPAIGN:
            _store(world, call, {"name": found[1].decode("latin-1")})
        return refusal

    return asked


def _refuse_yesterday(_world: World, call: Call) -> Answer:
    yesterday = dt.datetime.fromtimestamp(call.now, dt.UTC).date() - dt.timedelta(days=1)
    return answers.invalid("query", "'to' is too near") if call.query.get("to") == yesterday else None


FAULTS = (
    Fault(
        "query-project-id-any-text",
        "a list of videos takes any text as project_id and is empty",
        ("400.query",),
        _query("GET /videos", "project_id", lambda _reader: str),
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
        answer(lambda call, r: r.status == 400 and ("limit", "101") in call.request.parameters, status(422)),  # noqa: PLR2004 - HTTP's number
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
            lambda call, r: r.status == 400 and "entity_id" in str(r.member("error")),  # noqa: PLR2004 - HTTP's number
            lambda _call, _response: answers.not_found("entity"),
        ),
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
        _body(_CAMPAIGN, _mended(_named)),
    ),
    Fault(
        "body-texts-coerced",
        "a number or null as the name of a payout method is taken for a text",
        ("400.body",),
        _body(_METHOD, _mended(_texts)),
    ),
    Fault(
        "body-numbers-coerced",
        "a text of digits or a boolean as target_views is taken for a number",
        ("400.body",),
        _body(_EDIT, _mended(_numbers)),
    ),
    Fault(
        "body-list-of-one",
        "a list in place of an object is taken for its first element, or for nothing",
        ("400.body",),
        _body(_EDIT, lambda reader: lambda value: {} if value == [] else reader(value)),
    ),
    Fault(
        "body-nothing-to-change",
        "a change of nothing succeeds",
        ("400.body",),
        _body(_EDIT_CREATOR, lambda reader: lambda value: {} if value == {} else reader(value)),
    ),
    Fault(
        "body-bulk-first-only",
        "of a bulk creation only the first item has to be valid",
        ("400.body",),
        _body(_CREATE, _mended(_first_only)),
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
    Fault(
        "refused-bulk-in-part",
        "of an invalid bulk creation the valid items are made",
        ("400.no-effect",),
        _created_before_refused(on(operation=_CREATE), _good_items),
    ),
    Fault(
        "refused-creator-made",
        "a creator is made before its tracking mode is looked at",
        ("400.no-effect",),
        _created_before_refused(on(operation=_CREATE), _good_handle),
    ),
    Fault(
        "refused-change-made",
        "a name of a wrong type is stored, then refused",
        ("400.no-effect",),
        _created_before_refused(on(operation=_EDIT), _good_name),
    ),
    Fault(
        "refused-campaign-made",
        "a campaign is made from the part of a cut body that could be read",
        ("400.no-effect",),
        stage("body", _salvaging),
    ),
    Fault(
        "valid-dot-refused",
        "a handle with a dot is invalid",
        ("400.accepts-valid",),
        _body(_CREATE, lambda reader: _refuses(lambda value: "." in str(value), "has a dot")(reader)),
    ),
    Fault(
        "valid-long-handle-refused",
        "a handle of 30 characters is invalid",
        ("400.accepts-valid",),
        _body(
            _CREATE,
            lambda reader: _refuses(
                lambda value: isinstance(value, dict) and len(str(value.get("tiktok_handle"))) == 30, "is long"
            )(reader),
        ),
    ),
    Fault(
        "valid-long-name-refused",
        "a campaign's name of 200 characters is invalid",
        ("400.accepts-valid",),
        _body(
            _CAMPAIGN,
            lambda reader: _refuses(
                lambda value: isinstance(value, dict) and len(str(value.get("name"))) == 200, "is long"
            )(reader),
        ),
    ),
    Fault(
        "valid-limit-100-refused",
        "a limit of 100 is invalid for videos",
        ("400.accepts-valid",),
        _query("GET /videos", "limit", _refuses(lambda value: value == "100", "must be below 100")),
    ),
    Fault(
        "valid-selective-refused",
        "the tracking mode selective is invalid",
        ("400.accepts-valid",),
        _body(_CREATE, lambda reader: _refuses(lambda value: "selective" in str(value), "has no such mode")(reader)),
    ),
    Fault(
        "valid-null-readme-refused",
        "a readme can't be taken away",
        ("400.accepts-valid",),
        _body(
            _EDIT_CREATOR,
            lambda reader: _refuses(lambda value: value == {"readme": None}, "must be a text")(reader),
        ),
    ),
    Fault(
        "valid-search-letter-refused",
        "a search of one letter is invalid",
        ("400.accepts-valid",),
        _query("GET /creators", "search", _refuses(lambda value: len(value) == 1, "must be longer")),
    ),
    Fault(
        "valid-yesterday-refused",
        "a range that ends yesterday is invalid",
        ("400.accepts-valid",),
        before("state", _refuse_yesterday),
        ("402.retention",),
    ),
    Fault(
        "valid-bulk-refused",
        "a bulk creation is invalid",
        ("400.accepts-valid", "402.limit.enforced"),
        refusing(
            "body",
            lambda call: call.method == "POST" and b'"creators"' in (call.request.body or b""),
            answers.invalid("body", "The request body must hold a handle"),
        ),
    ),
)
