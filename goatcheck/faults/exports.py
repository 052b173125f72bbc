"""Faults of exports: the one answer that is no JSON goes a way of its own, past what holds for all others."""

from __future__ import annotations

from goatcheck.faults.changes import conflict, stage, unasked
from goatcheck.faults.fault import Fault
from goatcheck.model.call import Answer, Call
from goatcheck.model.world import Stage, World


def _is_export(call: Call) -> bool:
    return ("format", "csv") in call.request.parameters


def _expired_let_in(inner: Stage) -> Stage:
    """Exports are given to expired keys."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        key = world.state.keys.get((call.request.header("authorization") or "").removeprefix("Bearer "))
        if refusal is None or key is None or not _is_export(call):
            return refusal
        call.key, call.org = key, world.state.orgs[key.org_id]
        return None

    return asked


def _of_anything(inner: Stage) -> Stage:
    """Exports tell the figures of anything that is there, whoever it belongs to."""

    def asked(world: World, call: Call) -> Answer:
        found = getattr(world.state, f"{call.query['entity']}s").get(call.query["entity_id"])
        return None if found is not None and _is_export(call) else inner(world, call)

    return asked


FAULTS = (
    Fault(
        "export-for-expired-keys",
        "analytics as CSV are given to expired keys",
        ("401.expired",),
        stage("key", _expired_let_in),
    ),
    Fault(
        "export-for-banned",
        "analytics as CSV are given to whoever is banned",
        ("403.banned",),
        unasked("ban", _is_export),
    ),
    Fault(
        "export-without-scope",
        "analytics as CSV need no scope",
        ("403.scope.read",),
        unasked("scope", _is_export),
    ),
    Fault(
        "export-free",
        "analytics as CSV are given when the day is used up",
        ("429.daily.enforced",),
        unasked("quota", _is_export),
    ),
    Fault(
        "export-of-another-org",
        "analytics as CSV tell the figures of any creator, whoever it belongs to",
        ("404.foreign",),
        conflict("GET /analytics", _of_anything),
    ),
)
