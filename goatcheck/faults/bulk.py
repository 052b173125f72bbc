"""Faults of creations in bulk, and of other ways to create: what holds for the plain one does not hold for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from goatcheck.exchange import Response
from goatcheck.faults.changes import Whose, action, before, cap, conflict, everyone, stage, together, unasked
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.reading import body_read, is_bulk, reads, refuses
from goatcheck.model import answers
from goatcheck.model.call import Answer, BodyReader, Call
from goatcheck.model.creators import refuse_duplicates
from goatcheck.model.state import Creator, Project
from goatcheck.model.world import Action, Stage, World

_CREATE = "POST /projects/{projectId}/creators"
_MOST = 50


def _has_key(call: Call) -> bool:
    return call.request.header("idempotency-key") is not None


def _is_bare(call: Call) -> bool:
    return call.request.header("authorization") is None


def _is_selective(call: Call) -> bool:
    return b'"selective"' in (call.request.body or b"")


def _uncapped(whose: Whose) -> Change:
    """The cap of creators does not hold for these calls."""
    return cap(_CREATE, lambda inner: lambda world, call: None if whose(call) else inner(world, call))


def _size(value: Any) -> int:
    several = value.get("creators") if isinstance(value, dict) else None
    return len(several) if isinstance(several, list) else 0


def _of_any_size(reader: BodyReader) -> BodyReader:
    """A bulk creation is read in parts, however long it is."""

    def read(value: Any) -> dict[str, Any]:
        if _size(value) <= _MOST:
            return reader(value)
        several = value["creators"]
        parts = [reader({"creators": several[at : at + _MOST]}) for at in range(0, len(several), _MOST)]
        return {"creators": [each for part in parts for each in part["creators"]], "bulk": True}

    return read


def _as_far_as_it_goes(inner: Stage) -> Stage:
    """Of a bulk creation that is too long as much is made as may be, and then it is refused."""

    def asked(world: World, call: Call) -> Answer:
        refusal, value = inner(world, call), call.request.document.value
        reader = call.served.body
        longer = refusal is not None and _size(value) > _MOST
        if longer and reader is not None and reads(_of_any_size(reader), value):
            part = replace(call, body=_of_any_size(reader)(value))
            part.body["creators"] = part.body["creators"][:_MOST]
            if world.rules.stages["look-up"](world, part) is None:
                world.rules.actions[_CREATE](world, part)
        return refusal

    return asked


def _distinct(call: Call) -> Call:
    """The call with each handle once, in whatever letter case."""
    wanted = {each["tiktok_handle"].lower(): each for each in call.body["creators"]}
    return replace(call, body={**call.body, "creators": list(wanted.values())})


def _twins(test: Whose) -> Change:
    """Where the test tells a request in which a handle comes twice, that is made twice."""

    def make(inner: Action) -> Action:
        def act(world: World, call: Call) -> Response:
            once = _distinct(call)
            response = inner(world, once)
            project, state = call.the(Project), world.state
            for wanted in call.body["creators"][len(once.body["creators"]) :]:
                place, handle = state.next_order(), wanted["tiktok_handle"]
                twin = Creator(state.new_id(), project.org_id, project.id, place, handle, "auto", "2026-06-15")
                state.creators[twin.id] = twin
            return response

        return act

    def judged(inner: Stage) -> Stage:
        return lambda world, call: inner(world, _distinct(call) if test(call) else call)

    return together(conflict(_CREATE, judged), action(_CREATE, make))


def _differs_in_case(call: Call) -> bool:
    handles = {wanted["tiktok_handle"] for wanted in call.body["creators"]}
    return len(handles) == len(call.body["creators"])


def _made_but_for_what_is_there(inner: Stage) -> Stage:
    """Of a bulk creation that is refused for one handle the others are made."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        if refusal is not None and call.body["bulk"]:
            for wanted in call.body["creators"]:
                one = replace(call, body={"creators": [wanted], "bulk": False})
                if refuse_duplicates(world, one) is None:
                    world.rules.actions[_CREATE](world, one)
        return refusal

    return asked


def _once(world: World) -> World:
    """The first answer under an idempotency key comes again once; after that the request is carried out."""
    told: set[tuple[str, str]] = set()

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            again = inner(world, call)
            if again is None or again.status >= 300:  # noqa: PLR2004 - where refusals begin
                return again
            name = (call.home.id, call.request.header("idempotency-key") or "")
            if name in told:
                return None
            told.add(name)
            return again

        return asked

    return stage("idempotency", wrap)(world)


FAULTS = (
    Fault(
        "bulk-of-any-size",
        "more creators than 50 are made in one request",
        ("400.body",),
        body_read(_CREATE, _of_any_size),
        ("400.no-effect",),
        needs=("creates",),
    ),
    Fault(
        "bulk-too-long-in-part",
        "a bulk creation of more than 50 is refused, and the first 50 are made",
        ("400.no-effect",),
        stage("body", _as_far_as_it_goes),
        needs=("creates",),
    ),
    Fault(
        "bulk-of-50-refused",
        "a bulk creation of 50 is invalid",
        ("400.accepts-valid",),
        body_read(_CREATE, refuses(lambda value: _size(value) == _MOST, "must name fewer creators")),
        needs=("creates",),
    ),
    Fault(
        "bulk-repeated-is-made-twice",
        "a handle that comes twice in one request is made twice",
        ("409.duplicate",),
        _twins(everyone),
        ("409.duplicate-case",),
    ),
    Fault(
        "bulk-repeated-in-capitals",
        "a handle that comes in small letters and in capitals in one request is made twice",
        ("409.duplicate-case",),
        _twins(_differs_in_case),
    ),
    Fault(
        "bulk-refused-but-for-one",
        "of a bulk creation that is refused for one handle the others are made",
        ("409.no-effect",),
        conflict(_CREATE, _made_but_for_what_is_there),
        ("409.duplicate",),
    ),
    Fault(
        "bulk-not-idempotent",
        "a bulk creation ignores its idempotency key",
        ("409.idempotency.replay",),
        unasked("idempotency", is_bulk),
    ),
    Fault(
        "bulk-without-scope",
        "a bulk creation needs no scope",
        ("403.scope.write",),
        unasked("scope", is_bulk),
        ("403.scope.first",),
    ),
    Fault(
        "bulk-without-key",
        "a bulk creation needs no key",
        ("401.missing",),
        before(
            "key", lambda _world, call: answers.success([], status=201) if is_bulk(call) and _is_bare(call) else None
        ),
        needs=("requests",),
    ),
    Fault(
        "bulk-of-the-banned",
        "a bulk creation does not mind a ban",
        ("403.banned",),
        unasked("ban", is_bulk),
        needs=("requests",),
    ),
    Fault(
        "bulk-past-the-quota",
        "a bulk creation does not mind the quota",
        ("429.daily.enforced",),
        unasked("quota", is_bulk),
        needs=("requests",),
    ),
    Fault(
        "keyed-without-scope",
        "a creation under an idempotency key needs no scope",
        ("403.scope.write",),
        unasked("scope", _has_key),
    ),
    Fault(
        "idempotency-once",
        "the first answer under an idempotency key comes again once, and then the request is carried out",
        ("409.idempotency.replay",),
        _once,
        ("409.duplicate",),
    ),
    Fault(
        "limit-not-under-a-key",
        "creating under an idempotency key is not limited",
        ("402.limit.enforced",),
        _uncapped(_has_key),
        ("402.limit.no-effect", "402.limit.atomic"),
    ),
    Fault(
        "limit-not-for-selective",
        "creators that are tracked selectively are not limited",
        ("402.limit.enforced",),
        _uncapped(_is_selective),
        ("402.limit.no-effect", "402.limit.atomic"),
    ),
)
