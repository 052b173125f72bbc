"""Faults of what a state forbids: circles of campaigns, handles that stay what they are, what was deleted and is named elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from goatcheck.exchange import Request, Response
from goatcheck.faults.changes import action, conflict, numbers, ruled, stage, together
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.racing import let_others_in
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.creators import refuse_duplicates
from goatcheck.model.world import Action, Stage, Step, World

T = TypeVar("T")

_CREATE, _RENAME = "POST /projects/{projectId}/creators", "PATCH /creators/{id}"
_ITEM, _ANALYTICS = "POST /campaigns/{id}/items", "GET /analytics"
_COMPLIANCE = "GET /projects/{projectId}/goal-compliance"


def _untold(operation: str, text: str, *, itself: bool = False) -> Change:
    """A conflict whose text holds this is not seen; with `itself` only where a thing is put into itself."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is None or text not in refusal.text or (itself and call.body["item_id"] != call.path_id):
                return refusal
            return None

        return asked

    return conflict(operation, wrap)


def _race(world: World) -> World:
    """What others have made since a request came is not seen while it is carried out."""
    looked = threading.local()

    def around(world: World, request: Request, step: Step) -> Response:
        looked.there = frozenset(world.state.creators)
        if request.method == "POST" and request.path.endswith("/creators"):
            let_others_in()
        return step(request)

    def blind(inner: Callable[[World, Call], T]) -> Callable[[World, Call], T]:
        def asked(world: World, call: Call) -> T:
            creators = world.state.creators
            meanwhile = {name: creators.pop(name) for name in creators.keys() - looked.there}
            try:
                return inner(world, call)
            finally:
                creators.update(meanwhile)

        return asked

    changed = together(conflict(_CREATE, blind), action(_CREATE, blind))
    return ruled(lambda rules: replace(rules, around=around))(changed(world))


def _overwritten(inner: Stage) -> Stage:
    """A refused duplicate leaves its tracking mode on the one that is there."""

    def asked(world: World, call: Call) -> Answer:
        refusal = refuse_duplicates(world, call)
        for wanted in call.body["creators"] if refusal is not None else ():
            for old in [
                c for c in world.state.creators.values() if c.handle.lower() == wanted["tiktok_handle"].lower()
            ]:
                mode = wanted.get("tracking_mode", old.tracking_mode)
                world.state.creators[old.id] = replace(old, tracking_mode=mode)
        return inner(world, call)

    return asked


def _readme_kept(inner: Stage) -> Stage:
    """A refused rename keeps the readme that came with it."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        if refusal is not None and "readme" in call.body:
            old = world.state.creators[call.path_id]
            world.state.creators[old.id] = replace(old, readme=call.body["readme"])
        return refusal

    return asked


def _as_it_is_now(inner: Stage) -> Stage:
    """A repetition shows the campaign by the name that it has by now."""

    def asked(world: World, call: Call) -> Answer:
        again = inner(world, call)
        made = again.member("data") if again is not None and again.status < 300 else None  # noqa: PLR2004 - where successes end
        campaign = world.state.campaigns.get(made["id"]) if isinstance(made, dict) and "name" in made else None
        return answers.success({**made, "name": campaign.name}, status=201) if campaign and made else again

    return asked


def _gone_figures(inner: Stage) -> Stage:
    def asked(world: World, call: Call) -> Answer:
        known = call.query["entity"] == "creator" and call.query["entity_id"] in world.state.creators
        refusal = inner(world, call)
        return answers.gone() if known and refusal is not None and refusal.status == 404 else refusal  # noqa: PLR2004 - as told

    return asked


def _fails_on_removed(inner: Action) -> Action:
    def act(world: World, call: Call) -> Response:
        creator = world.state.creators.get(call.query.get("creator_id", ""))
        return answers.internal_error() if creator and creator.removed else inner(world, call)

    return act


def _foreign_figures(inner: Stage) -> Stage:
    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        return None if call.query["entity"] == "video" and call.query["entity_id"] in world.state.videos else refusal

    return asked


FAULTS = (
    Fault(
        "state-circle-of-one",
        "a campaign can be put into itself",
        ("409.state",),
        _untold(_ITEM, "inside itself", itself=True),
        needs=("requests",),
    ),
    Fault(
        "state-circle-of-two",
        "two campaigns can hold each other",
        ("409.state",),
        _untold(_ITEM, "inside itself"),
        needs=("requests",),
    ),
    Fault(
        "handle-unchanged",
        "a rename to the handle that a creator has is a success",
        ("409.duplicate",),
        _untold(_RENAME, "unchanged"),
        needs=("requests",),
    ),
    Fault(
        "handle-race",
        "creations of one handle at the same moment are all carried out",
        ("409.duplicate",),
        _race,
        ("409.idempotency.replay", "402.limit.atomic"),
        ("requests",),
    ),
    Fault(
        "state-overwritten-by-duplicate",
        "a refused duplicate changes how the creator that is there is tracked",
        ("409.no-effect",),
        conflict(_CREATE, _overwritten),
        needs=("requests",),
    ),
    Fault(
        "state-readme-of-refused-rename",
        "a refused rename keeps the readme that came with it",
        ("409.no-effect",),
        conflict(_RENAME, _readme_kept),
        needs=("requests",),
    ),
    Fault(
        "repetition-as-it-is-now",
        "a repetition shows the campaign by its present name",
        ("409.idempotency.replay",),
        stage("idempotency", _as_it_is_now),
        needs=("requests",),
    ),
    Fault(
        "repetition-half-an-hour-short",
        "an idempotency key is forgotten after 23 hours and a half",
        ("409.idempotency.replay",),
        numbers(idempotency_seconds=84_600),
        needs=("clock",),
    ),
    Fault(
        "deleted-figures-gone",
        "figures of a removed creator are a 410",
        ("410.only-removed",),
        conflict(_ANALYTICS, _gone_figures),
        needs=("requests",),
    ),
    Fault(
        "deleted-creator-fails-compliance",
        "the goal compliance of a removed creator makes the server fail",
        ("500.never",),
        action(_COMPLIANCE, _fails_on_removed),
        needs=("requests",),
    ),
    Fault(
        "foreign-video-figures",
        "figures of another org's videos are told",
        ("404.foreign",),
        conflict(_ANALYTICS, _foreign_figures),
        needs=("requests",),
    ),
)
