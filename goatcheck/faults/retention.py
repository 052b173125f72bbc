"""Faults of retention: history that has no end, ends too early, or is told of in other ways."""

from __future__ import annotations

from dataclasses import replace

from goatcheck.faults.changes import (
    answer,
    at,
    cap,
)
from goatcheck.faults.fault import Fault
from goatcheck.model import answers
from goatcheck.model.world import World

_ANALYTICS = "GET /analytics"


def _with_retention(world: World, days: int) -> World:
    """The same world, whose orgs keep so many days of history."""
    for org in list(world.state.orgs.values()):
        world.state.orgs[org.id] = replace(org, plan=replace(org.plan, retention_days=days))
    return world


FAULTS = (
    Fault(
        "retention-none",
        "history has no end",
        ("402.retention",),
        cap(_ANALYTICS, lambda _inner: lambda _world, _call: None),
    ),
    Fault(
        "retention-empty",
        "before the history there is nothing, and no error",
        ("402.retention",),
        cap(_ANALYTICS, lambda inner: lambda world, call: answers.success([]) if inner(world, call) else None),
    ),
    Fault(
        "retention-three-days",
        "history ends after three days",
        ("402.retention",),
        lambda world: _with_retention(world, 3),
    ),
    Fault(
        "retention-bad-request",
        "a range before the history is a bad request",
        ("402.retention",),
        answer(at(402, code="retention_exceeded"), lambda _call, _response: answers.invalid("query", "Too old")),
    ),
    Fault(
        "retention-as-limit",
        "a range before the history is told as a reached limit",
        ("402.retention", "402.limit.writes-only"),
        answer(
            at(402, code="retention_exceeded"), lambda _call, _response: answers.limit_reached("max_history", 365, 365)
        ),
        ("402.limit.key-known",),
    ),
    Fault(
        "retention-not-for-exports",
        "exports as CSV do not mind the end of the history",
        ("402.retention",),
        cap(
            _ANALYTICS,
            lambda inner: lambda world, call: None if call.query.get("format") == "csv" else inner(world, call),
        ),
    ),
    Fault(
        "retention-campaigns-only",
        "the end of the history is looked at for campaigns only",
        ("402.retention",),
        cap(
            _ANALYTICS,
            lambda inner: lambda world, call: inner(world, call) if call.query["entity"] == "campaign" else None,
        ),
    ),
)
