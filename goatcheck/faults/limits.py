"""Faults of plan limits: caps that are passed, miscounted, or told wrongly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from goatcheck.exchange import MISSING, Request, Response
from goatcheck.faults.changes import (
    action,
    answer,
    at,
    cap,
    members,
    meta,
    on,
    refusing,
    ruled,
    together,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.racing import let_others_in
from goatcheck.faults.reading import is_bulk
from goatcheck.model import answers, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import Count
from goatcheck.model.limits import cap as model_cap
from goatcheck.model.state import Project
from goatcheck.model.world import Action, Rules, Stage, Step, World

_CREATE = "POST /projects/{projectId}/creators"
_REMOVE = "DELETE /creators/{id}"
_KEY = "max_creators_per_org"
_LIMIT = at(402, code="limit_reached")


def _count(existing: Count = creators.existing, asked: Count = creators.asked) -> Change:
    """The cap of creators with other ways of counting."""
    return cap(_CREATE, lambda _inner: model_cap(_KEY, existing, asked))


def _only(test: Callable[[Call], bool]) -> Change:
    """The cap of creators holds for these calls only."""
    return cap(_CREATE, lambda inner: lambda world, call: inner(world, call) if test(call) else None)


def _is_bulk(call: Call) -> bool:
    return bool(call.body.get("bulk"))


def _ever(world: World, call: Call) -> int:
    """Creators that ever were: those removed count on."""
    return sum(1 for creator in world.state.creators.values() if creator.org_id == call.home.id)


def _one_less(world: World, call: Call) -> int:
    return max(0, creators.existing(world, call) - 1)


def _one_more(world: World, call: Call) -> int:
    return creators.existing(world, call) + 1


def _bulk_as_one(_world: World, _call: Call) -> int:
    return 1


def _figures(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    return answer(_LIMIT, lambda call, response: meta(**change(response.meta))(call, response))


def _made_all_the_same(how_many: Callable[[World, Call], int], whose: Callable[[Call], bool]) -> Change:
    """The first so many of what the cap refuses these calls are made before the refusal is told."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            number = how_many(world, call)
            if refusal is not None and whose(call) and number > 0:
                part = replace(call, body={**call.body, "creators": call.body["creators"][:number]})
                creators.create(world, part)
            return refusal

        return asked

    return cap(_CREATE, wrap)


def _room(world: World, call: Call) -> int:
    return call.home.plan.caps[_KEY] - creators.existing(world, call)


def _room_kept() -> Change:
    """Each deletion makes room for two: the count of what exists is kept apart and falls twice."""
    spare: dict[str, int] = {}

    def wrap(inner: Action) -> Action:
        def act(world: World, call: Call) -> Response:
            spare[call.home.id] = spare.get(call.home.id, 0) + 1
            return inner(world, call)

        return act

    def less(world: World, call: Call) -> int:
        return max(0, creators.existing(world, call) - spare.get(call.home.id, 0))

    return together(action(_REMOVE, wrap), _count(less))


def _lazily(change: Callable[[], Change]) -> Change:
    """A change that remembers things of its own, made anew for each world."""

    def apply(world: World) -> World:
        return change()(world)

    return apply


def _looked_before(lost: Callable[[World, Call], Response | None]) -> Change:
    """Creates look at the cap first and act later, without a lock in between.

    `lost` says what a create that finds the org full by then is answered; None lets it pass.
    """
    room = threading.local()

    def around(world: World, request: Request, step: Step) -> Response:
        if request.method == "POST" and request.path.endswith("/creators"):
            key = world.state.keys.get((request.header("authorization") or "").removeprefix("Bearer "))
            with world.state.lock:
                now = [c for c in world.state.creators.values() if key and c.org_id == key.org_id and not c.removed]
                room.seen = key is not None and len(now) < world.state.orgs[key.org_id].plan.caps[_KEY]
            let_others_in()
        else:
            room.seen = False
        return step(request)

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            passes = refusal is not None and getattr(room, "seen", False) and not _is_bulk(call)
            return lost(world, call) if passes else refusal

        return asked

    def change(rules: Rules) -> Rules:
        return replace(rules, around=around)

    return together(ruled(change), cap(_CREATE, wrap))


def _lost_creation(_world: World, call: Call) -> Response:
    """The success of a creation that nobody will find."""
    wanted = call.body["creators"][0]
    row = {"id": "00000000-0000-4000-8000-000000000000", "project_id": call.the(Project).id, **wanted}
    return answers.success({**row, "tracking_start_date": None}, status=201)


def _left_behind(world: World, call: Call) -> Response:
    """A refusal whose creation is not rolled back."""
    count = creators.existing(world, call)
    creators.create(world, call)
    return answers.limit_reached(_KEY, count, call.home.plan.caps[_KEY])


FAULTS = (
    Fault(
        "limit-code-own",
        "a reached cap has a code of its own",
        ("402.code", "code.known", "402.limit.enforced"),
        answer(_LIMIT, meta(code="plan_limit")),
        ("402.limit.no-effect",),
    ),
    Fault(
        "limit-key-absent", "a reached cap is not named", ("402.limit.meta",), answer(_LIMIT, meta(limitKey=MISSING))
    ),
    Fault(
        "limit-current-text",
        "the figures of a reached cap are texts",
        ("402.limit.meta", "402.limit.enforced"),
        answer(_LIMIT, meta(current="5", max="5")),
    ),
    Fault(
        "limit-max-null",
        "the figure of the cap is null",
        ("402.limit.meta", "402.limit.enforced"),
        answer(_LIMIT, meta(max=None)),
    ),
    Fault(
        "limit-current-fraction",
        "the current figure is a fraction",
        ("402.limit.meta", "402.limit.enforced"),
        answer(_LIMIT, meta(current=5.5)),
    ),
    Fault(
        "limit-max-unlimited",
        "the cap is told as -1",
        ("402.limit.meta", "402.limit.enforced"),
        answer(_LIMIT, meta(max=-1)),
    ),
    Fault(
        "limit-figures-of-another-plan",
        "the refusal tells the cap of a larger plan",
        ("402.limit.reached", "402.limit.enforced"),
        _figures(lambda told: {"max": told["max"] + 45}),
    ),
    Fault(
        "limit-bulk-told-early",
        "the refusal of a bulk tells how many there would be room for",
        ("402.limit.reached", "402.limit.enforced"),
        answer(
            lambda call, response: _LIMIT(call, response) and is_bulk(call),
            lambda call, response: meta(current=response.meta["current"] - 2)(call, response),
        ),
    ),
    Fault(
        "limit-on-read",
        "a list of a full org is refused for its cap",
        ("402.limit.writes-only",),
        refusing(
            "look-up", on(operation="GET /payout-methods"), answers.limit_reached("max_payout_methods_per_org", 5, 5)
        ),
    ),
    Fault(
        "limit-key-unknown",
        "the cap has a name that is not documented",
        ("402.limit.key-known",),
        answer(_LIMIT, meta(limitKey="creators"), members(error="Limit reached: creators")),
    ),
    Fault(
        "limit-text-in-words",
        "the text does not name the cap",
        ("402.limit.error-names-key",),
        answer(_LIMIT, members(error="You have reached your plan's limit of creators")),
    ),
    Fault(
        "limit-text-for-bulk",
        "the text does not name the cap to a bulk creation",
        ("402.limit.error-names-key",),
        answer(
            lambda call, response: _LIMIT(call, response) and is_bulk(call),
            members(error="Limit reached"),
        ),
    ),
    Fault(
        "limit-one-more",
        "one more than the cap is let in",
        ("402.limit.enforced",),
        _count(_one_less),
    ),
    Fault(
        "limit-one-less",
        "the last place below the cap can't be taken, and the count is told too high",
        ("402.limit.enforced",),
        _count(_one_more),
    ),
    Fault(
        "limit-none",
        "creators are not limited",
        ("402.limit.enforced",),
        _only(lambda _call: False),
        ("402.limit.no-effect", "402.limit.atomic"),
        ("creates",),
    ),
    Fault(
        "limit-bulk-free",
        "a bulk creation is not limited",
        ("402.limit.enforced",),
        _only(lambda call: not _is_bulk(call)),
        ("402.limit.no-effect", "402.limit.atomic"),
    ),
    Fault(
        "limit-bulk-as-one",
        "a bulk creation counts as one",
        ("402.limit.no-effect",),
        _count(asked=_bulk_as_one),
        ("402.limit.enforced",),
    ),
    Fault(
        "limit-forbidden",
        "a reached cap is a 403",
        ("402.limit.enforced",),
        cap(_CREATE, lambda inner: lambda world, call: answers.banned() if inner(world, call) else None),
        ("403.scope.allows", "402.limit.no-effect"),
    ),
    Fault(
        "limit-conflict",
        "a reached cap is a 409",
        ("402.limit.enforced",),
        answer(_LIMIT, lambda _call, _response: answers.conflict("The plan is full")),
        ("402.limit.no-effect",),
    ),
    Fault(
        "limit-removed-count-on",
        "removed creators count on",
        ("402.limit.no-effect",),
        _count(_ever),
    ),
    Fault(
        "limit-refused-but-made",
        "the creator that is refused is made",
        ("402.limit.no-effect", "402.limit.enforced"),
        _made_all_the_same(lambda _world, _call: 1, lambda call: not _is_bulk(call)),
        ("402.limit.atomic",),
    ),
    Fault(
        "limit-bulk-fills-up",
        "of a refused bulk as many are made as there is room for",
        ("402.limit.no-effect",),
        _made_all_the_same(_room, _is_bulk),
    ),
    Fault(
        "limit-bulk-refused-but-made",
        "a refused bulk is made whole",
        ("402.limit.no-effect",),
        _made_all_the_same(lambda _world, _call: 2, _is_bulk),
        ("402.limit.atomic", "402.limit.enforced"),
    ),
    Fault(
        "limit-room-for-two",
        "a deletion makes room for two",
        ("402.limit.no-effect",),
        _lazily(_room_kept),
        ("402.limit.atomic", "402.limit.enforced"),
    ),
    Fault(
        "limit-race",
        "creates look at the cap and act a moment later",
        ("402.limit.atomic",),
        _lazily(lambda: _looked_before(lambda _world, _call: None)),
    ),
    Fault(
        "limit-race-lost-creation",
        "of concurrent creates all are told to have passed, and one has",
        ("402.limit.atomic",),
        _lazily(lambda: _looked_before(_lost_creation)),
    ),
    Fault(
        "limit-race-left-behind",
        "a create that loses the race is refused, and stays",
        ("402.limit.atomic",),
        _lazily(lambda: _looked_before(_left_behind)),
    ),
)
