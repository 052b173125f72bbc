"""Faults of removed routes: what was removed is served, forgotten, or told of what was not removed."""

from __future__ import annotations

from collections.abc import Callable

from goatcheck.exchange import Response
from goatcheck.faults.changes import (
    everyone,
    instead,
    on,
    refusing,
    stage,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.world import Stage, World

Decides = Callable[[World, Call], bool]
"""Tells the calls that a change is about, by what the world knows."""


def _gone_first(times: int) -> Change:
    """Only the first so many calls of each removed path are told that it is gone."""

    def change(world: World) -> World:
        seen: dict[str, int] = {}

        def wrap(inner: Stage) -> Stage:
            def asked(world: World, call: Call) -> Answer:
                refusal = inner(world, call)
                if refusal is None:
                    return None
                seen[call.request.path] = seen.get(call.request.path, 0) + 1
                return refusal if seen[call.request.path] <= times else answers.not_found("route")

            return asked

        return stage("removed", wrap)(world)

    return change


def _exists(world: World, call: Call) -> bool:
    return call.path_id in world.state.creators or call.path_id in world.state.campaigns


def _gone_if(decides: Decides, otherwise: Response) -> Change:
    """A removed route is told as gone only where this holds."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            return refusal if refusal is None or decides(world, call) else otherwise

        return asked

    return stage("removed", wrap)


FAULTS = (
    Fault(
        "removed-served",
        "removed routes are served still",
        ("410.removed",),
        instead("removed", everyone, answers.success({"views": 0})),
    ),
    Fault(
        "removed-unknown",
        "a removed route is unknown: 404",
        ("410.removed",),
        instead("removed", on(path="/campaigns/"), answers.not_found("route")),
    ),
    Fault(
        "removed-known-id-only",
        "a removed route is gone for ids that exist, and not found for others",
        ("410.removed",),
        _gone_if(_exists, answers.not_found("resource")),
    ),
    Fault(
        "removed-unknown-id-only",
        "a removed route still serves what exists",
        ("410.removed",),
        _gone_if(lambda world, call: not _exists(world, call), answers.success({"views": 0})),
    ),
    Fault("removed-told-once", "a removed route is gone once, then unknown", ("410.removed",), _gone_first(1)),
    Fault(
        "removed-redirects",
        "a removed route redirects to analytics",
        ("410.removed",),
        instead("removed", everyone, Response(301, (("Location", "/api/v1/analytics"),))),
    ),
    Fault(
        "removed-for-writers-only",
        "a removed route is gone for keys that may write, and forbidden for others",
        ("410.removed",),
        _gone_if(lambda _world, call: "write" in call.caller.scopes, answers.insufficient_scope("write", ("read",))),
    ),
    Fault(
        "removed-live-too",
        "the goal compliance is told as removed",
        ("410.only-removed", "404.absent"),
        refusing("path", on(operation="GET /projects/{projectId}/goal-compliance"), answers.gone()),
        ("404.foreign", "400.params", "400.query"),
    ),
)
