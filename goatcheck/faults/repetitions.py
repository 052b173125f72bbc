"""Faults of idempotency keys that time, other keys, a race or a deletion bring to light."""

from __future__ import annotations

import threading
from dataclasses import replace

from goatcheck.exchange import Request, Response
from goatcheck.faults.changes import Whose, numbers, ruled, stage, together
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.racing import let_others_in
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import DAY, Remembered
from goatcheck.model.world import Stage, Step, World

_REPLAY, _ROUTE = "409.idempotency.replay", "409.idempotency.route"
_CAMPAIGN = "POST /projects/{projectId}/campaigns"


def _first(world: World, call: Call) -> Remembered | None:
    """What was first asked for under the call's key."""
    return world.state.remembered.get((call.home.id, call.request.header("idempotency-key") or ""))


def _forgotten(inner: Stage) -> Stage:
    """At midnight (UTC) keys are forgotten."""

    def asked(world: World, call: Call) -> Answer:
        first = _first(world, call)
        yesterday = first is not None and first.at // DAY != call.now // DAY
        return None if yesterday else inner(world, call)

    return asked


def _last(size: int) -> Change:
    """Only the last keys are remembered, so many of them."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            remembered = world.state.remembered
            for name in list(remembered)[:-size]:
                del remembered[name]
            return inner(world, call)

        return asked

    return stage("idempotency", wrap)


def _late(whose: Whose) -> Change:
    """A key is looked for when a request comes, and not again when it is carried out: of two at once both are."""

    def change(world: World) -> World:
        mine = threading.local()

        def around(world: World, request: Request, step: Step) -> Response:
            key = request.header("idempotency-key")
            mine.fresh = key is not None and all(key != other for _, other in world.state.remembered)
            if mine.fresh:
                let_others_in()
            return step(request)

        def wrap(inner: Stage) -> Stage:
            return lambda world, call: None if mine.fresh and whose(call) else inner(world, call)

        return together(ruled(lambda rules: replace(rules, around=around)), stage("idempotency", wrap))(world)

    return change


def _bulk_keys(inner: Stage) -> Stage:
    """A key under which several things were made may be used on another route."""

    def asked(world: World, call: Call) -> Answer:
        first = _first(world, call)
        elsewhere = first is not None and first.template != call.served.template and b'"creators"' in first.body
        return None if elsewhere else inner(world, call)

    return asked


def _looked_up(inner: Stage) -> Stage:
    """The first answer comes again while the campaign that it tells of is there."""

    def asked(world: World, call: Call) -> Answer:
        first = inner(world, call)
        if first is None or first.status >= 300 or call.served.operation != _CAMPAIGN:  # noqa: PLR2004 - where refusals begin
            return first
        return first if first.member("data")["id"] in world.state.campaigns else answers.not_found("campaign")

    return asked


FAULTS = (
    Fault(
        "idempotency-forgotten-in-20-hours",
        "an idempotency key is forgotten after 20 hours",
        (_REPLAY,),
        numbers(idempotency_seconds=20 * 3600),
        needs=("clock",),
    ),
    Fault(
        "idempotency-forgotten-at-midnight",
        "idempotency keys are forgotten at midnight",
        (_REPLAY,),
        stage("idempotency", _forgotten),
        needs=("clock",),
    ),
    Fault(
        "idempotency-last-keys-only",
        "only the last eight idempotency keys are remembered",
        (_REPLAY,),
        _last(8),
        (_ROUTE,),
        needs=("creates",),
    ),
    Fault(
        "idempotency-race",
        "two campaigns are made by two requests at once under one idempotency key",
        (_REPLAY,),
        _late(lambda call: call.served.operation == _CAMPAIGN),
        needs=("creates",),
    ),
    Fault(
        "idempotency-reuse-after-bulk",
        "the key of a bulk creation may be used on another route",
        (_ROUTE,),
        stage("idempotency", _bulk_keys),
        needs=("creates",),
    ),
    Fault(
        "idempotency-not-found-after-deletion",
        "a repetition is a 404 when the campaign that it made is deleted",
        (_REPLAY,),
        stage("idempotency", _looked_up),
        needs=("requests",),
    ),
)
