"""Faults of what was refused as invalid and is done all the same, and of what is valid and is refused."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from goatcheck.faults.changes import (
    Whose,
    before,
    on,
    refusing,
    stage,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.reading import body_read, is_bulk, query_read, reads, refuses, with_body
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call, Refused
from goatcheck.model.creators import read_new
from goatcheck.model.world import Stage, World

_CREATE = "POST /projects/{projectId}/creators"
_CAMPAIGN = "POST /projects/{projectId}/campaigns"
_METHOD = "POST /payout-methods"
_EDIT = "PATCH /campaigns/{id}"
_EDIT_CREATOR = "PATCH /creators/{id}"
_ANALYTICS = "GET /analytics"
_BULK_WORD = "creators"
_LONG = 10
"""Letters that a search may have."""


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
    again = replace(call, request=with_body(call.request, json.dumps(value).encode()), body={})
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
    good = [item for item in several if reads(read_new, item)] if isinstance(several, list) else []
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


def _has(member: str, length: int) -> Callable[[Any], bool]:
    """Tells the bodies that have a text of this length in a member."""
    return lambda value: isinstance(value, dict) and len(str(value.get(member))) == length


FAULTS = (
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
        body_read(_CREATE, refuses(lambda value: "." in str(value), "has a dot")),
    ),
    Fault(
        "valid-long-handle-refused",
        "a handle of 30 characters is invalid",
        ("400.accepts-valid",),
        body_read(
            _CREATE,
            refuses(_has("tiktok_handle", 30), "is long"),
        ),
    ),
    Fault(
        "valid-long-name-refused",
        "a campaign's name of 200 characters is invalid",
        ("400.accepts-valid",),
        body_read(
            _CAMPAIGN,
            refuses(_has("name", 200), "is long"),
        ),
    ),
    Fault(
        "valid-limit-100-refused",
        "a limit of 100 is invalid for videos",
        ("400.accepts-valid",),
        query_read("GET /videos", "limit", refuses(lambda value: value == "100", "must be below 100")),
    ),
    Fault(
        "valid-selective-refused",
        "the tracking mode selective is invalid",
        ("400.accepts-valid",),
        body_read(_CREATE, refuses(lambda value: "selective" in str(value), "has no such mode")),
        ("402.limit.enforced", "409.duplicate"),
    ),
    Fault(
        "valid-null-readme-refused",
        "a readme can't be taken away",
        ("400.accepts-valid",),
        body_read(
            _EDIT_CREATOR,
            refuses(lambda value: value == {"readme": None}, "must be a text"),
        ),
    ),
    Fault(
        "valid-search-word-refused",
        "a search of more than ten letters is invalid",
        ("400.accepts-valid",),
        query_read("GET /creators", "search", refuses(lambda value: len(value) > _LONG, "must be shorter")),
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
            lambda call: call.method == "POST" and is_bulk(call),
            answers.invalid("body", "The request body must hold a handle"),
        ),
        ("404.absent", "404.foreign"),
    ),
)
