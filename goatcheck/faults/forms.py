"""Faults that show in one form of a request alone: beside a search, under an idempotency key, in bulk, in capitals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import Response
from goatcheck.faults.admission import all_of, anybody, is_missing, let_in, sent_by
from goatcheck.faults.changes import action, before, refusing, stage, unasked
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.reading import is_bulk, reads
from goatcheck.model import answers, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.listing import page
from goatcheck.model.world import Action, Stage, World

_UUID = 36
"""Characters of a uuid."""


def _searches(call: Call) -> bool:
    return "search=" in call.request.query


def _has_key(call: Call) -> bool:
    return call.request.header("idempotency-key") is not None


def _found_for_strangers(whose: Callable[[Call], bool]) -> Change:
    """What the path's id means is found for these calls, whoever it belongs to."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            found = getattr(world.state, call.served.target).get(call.path_id) if call.served.target else None
            if refusal is None or found is None or getattr(found, "removed", False) or not whose(call):
                return refusal
            call.found = found
            return None

        return asked

    return stage("look-up", wrap)


def _nothing_made_in_nothing(inner: Stage) -> Stage:
    """A bulk creation in a project that is not there is a success, and makes nothing."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        absent = refusal is not None and call.path_id not in getattr(world.state, call.served.target or "projects")
        return answers.success([], status=201) if absent and is_bulk(call) else refusal

    return asked


def _everybody_s(inner: Action) -> Action:
    """An empty search finds the creators of all orgs."""

    def listed(world: World, call: Call) -> Response:
        if call.query.get("search") != "":
            return inner(world, call)
        return page(world, call, [c for c in world.state.creators.values() if not c.removed], creators.shown)

    return listed


def _unread_beside(name: str) -> Change:
    """Beside this parameter nothing else of a query is validated."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, replace(call, query={}))
            if refusal is None:
                return inner(world, call)
            sent, read = dict(call.request.parameters), call.served.query.get(name)
            if read is None or name not in sent or not reads(read, sent[name]):
                return refusal
            call.query[name] = read(sent[name])
            return None

        return asked

    return stage("query", wrap)


def _cut_off(_world: World, call: Call) -> Answer:
    """Of an id in the path only as much is read as a uuid has characters."""
    call.path_id = call.path_id[:_UUID]
    return None


def _in_percent_encoding(call: Call) -> bool:
    return "%" in call.request.path


def _names_utf_8(call: Call) -> bool:
    return "charset=utf-8" in (call.request.header("content-type") or "")


def _of_the_expired(call: Call) -> bool:
    return bool(sent_by(call)) and _searches(call)


FAULTS = (
    Fault(
        "form-missing-search",
        "a search needs no key",
        ("401.missing",),
        let_in(all_of(is_missing, _searches), anybody),
        needs=("requests",),
    ),
    Fault(
        "form-expired-search",
        "an expired key may search",
        ("401.expired",),
        let_in(_of_the_expired, lambda state, sent: state.keys.get(sent.removeprefix("Bearer "))),
        needs=("requests",),
    ),
    Fault(
        "form-banned-search",
        "a search does not mind a ban",
        ("403.banned",),
        unasked("ban", _searches),
        needs=("requests",),
    ),
    Fault(
        "form-spent-search",
        "a search does not mind the quota",
        ("429.daily.enforced",),
        unasked("quota", _searches),
        needs=("requests",),
    ),
    Fault(
        "form-search-without-scope",
        "a search needs no scope",
        ("403.scope.read",),
        unasked("scope", _searches),
        needs=("requests",),
    ),
    Fault(
        "form-absent-bulk",
        "a bulk creation in a project that is not there is a success",
        ("404.absent",),
        stage("look-up", _nothing_made_in_nothing),
        ("404.foreign",),
        needs=("requests",),
    ),
    Fault(
        "form-foreign-under-key",
        "under an idempotency key things are made in another org's project",
        ("404.foreign",),
        _found_for_strangers(lambda call: call.served.creates and _has_key(call)),
        ("404.foreign-no-effect",),
        needs=("requests",),
    ),
    Fault(
        "form-foreign-capitals",
        "an id in capitals is looked up without regard to the org",
        ("404.foreign",),
        _found_for_strangers(lambda call: call.request.path != call.request.path.lower()),
        ("404.foreign-no-effect",),
        needs=("requests",),
    ),
    Fault(
        "form-foreign-in-percent-encoding",
        "an id with a letter in percent-encoding is looked up without regard to the org",
        ("404.foreign",),
        _found_for_strangers(_in_percent_encoding),
        ("404.foreign-no-effect",),
        needs=("requests",),
    ),
    Fault(
        "form-foreign-empty-search",
        "an empty search shows the creators of every org",
        ("404.foreign",),
        action("GET /creators", _everybody_s),
        needs=("requests",),
    ),
    Fault(
        "form-unchecked-beside-search",
        "beside a search nothing else of a query is validated",
        ("400.query",),
        _unread_beside("search"),
        needs=("requests",),
    ),
    Fault(
        "form-unchecked-beside-cursor",
        "beside a cursor nothing else of a query is validated",
        ("400.query",),
        _unread_beside("cursor"),
        needs=("requests",),
    ),
    Fault(
        "form-charset-refused",
        "a body that is told to be in UTF-8 is refused as none",
        ("status.documented",),
        refusing("body", _names_utf_8, answers.unsupported_type()),
        ("400.accepts-valid",),
        needs=("requests",),
    ),
    Fault(
        "form-path-cut-off",
        "what follows a uuid in a path is cut off",
        ("400.params",),
        before("path", _cut_off),
        needs=("requests",),
    ),
)
