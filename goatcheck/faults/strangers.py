"""Faults that let one org see or use what is another's, by ways that are seldom walked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goatcheck.exchange import Response
from goatcheck.faults.changes import action, conflict, stage
from goatcheck.faults.fault import Fault
from goatcheck.model import answers, campaigns, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.listing import page, show_video
from goatcheck.model.world import Action, Stage, World

_ITEMS = "POST /campaigns/{id}/items"


def _behind(table: str, shown: Callable[[Any], object]) -> Callable[[Action], Action]:
    """A list whose further pages are those of all orgs."""

    def wrap(inner: Action) -> Action:
        def listed(world: World, call: Call) -> Response:
            rows = [row for row in getattr(world.state, table).values() if not getattr(row, "removed", False)]
            return page(world, call, rows, shown) if "cursor" in call.query else inner(world, call)

        return listed

    return wrap


def _by_creator_alone(inner: Action) -> Action:
    """With a project and a creator in the query, the videos of that creator, whoever asks."""

    def listed(world: World, call: Call) -> Response:
        if not call.query.keys() >= {"project_id", "creator_id"}:
            return inner(world, call)
        rows = [video for video in world.state.videos.values() if video.creator_id == call.query["creator_id"]]
        return page(world, call, rows, show_video)

    return listed


def _compliance_of_any(inner: Action) -> Action:
    """The goal compliance of a creator, whoever it belongs to."""

    def listed(world: World, call: Call) -> Response:
        creator = world.state.creators.get(call.query.get("creator_id", ""))
        if creator is None or creator.org_id == call.home.id:
            return inner(world, call)
        return answers.success([{"creator_id": creator.id, "goal": 1, "posted": 1, "compliant": True}])

    return listed


def _any_item(inner: Stage) -> Stage:
    """A campaign takes whatever is there, whoever it belongs to."""

    def asked(world: World, call: Call) -> Answer:
        found = getattr(world.state, f"{call.body['item_type']}s").get(call.body["item_id"])
        return None if found is not None and found.org_id != call.home.id else inner(world, call)

    return asked


def _keys_of_all(inner: Stage) -> Stage:
    """An idempotency key brings the first answer that anybody got under it on that route."""

    def asked(world: World, call: Call) -> Answer:
        sent = call.request.header("idempotency-key")
        first = next((kept for (_, key), kept in world.state.remembered.items() if key == sent), None)
        same = first is not None and call.served.creates and first.template == call.served.template
        return first.response if first is not None and same else inner(world, call)

    return asked


FAULTS = (
    Fault(
        "foreign-creators-behind-first-page",
        "the second page of creators shows those of every org",
        ("404.foreign",),
        action("GET /creators", _behind("creators", creators.shown)),
    ),
    Fault(
        "foreign-campaigns-behind-first-page",
        "the second page of campaigns shows those of every org",
        ("404.foreign",),
        action("GET /campaigns", _behind("campaigns", campaigns.shown)),
    ),
    Fault(
        "foreign-videos-beside-own-project",
        "a creator in a query of videos is not held against the org where a project stands beside it",
        ("404.foreign",),
        action("GET /videos", _by_creator_alone),
    ),
    Fault(
        "foreign-compliance-by-creator",
        "the goal compliance of a creator is told whoever it belongs to",
        ("404.foreign",),
        action("GET /projects/{projectId}/goal-compliance", _compliance_of_any),
    ),
    Fault(
        "foreign-items",
        "a campaign takes creators of another org",
        ("404.foreign",),
        conflict(_ITEMS, _any_item),
    ),
    Fault(
        "foreign-idempotency",
        "idempotency keys are everybody's: one of another org brings that org's answer",
        ("404.foreign",),
        stage("idempotency", _keys_of_all),
        ("409.idempotency.replay",),
    ),
)
