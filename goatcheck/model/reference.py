"""The rules of the API as its documentation has them: routes, stages, and what each operation does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from goatcheck.model import (
    analytics,
    auth,
    campaigns,
    creators,
    endings,
    forced,
    idempotency,
    limits,
    listing,
    payout_methods,
    routing,
    validation,
)
from goatcheck.model.call import Answer, Call, Reader, Route
from goatcheck.model.validation import date, one_of, text, uuid_text
from goatcheck.model.world import Rules, World, plain

_PAGE: Mapping[str, Reader] = {"limit": validation.whole(1, 100), "cursor": listing.read_cursor}
_ANALYTICS: Mapping[str, Reader] = {
    "entity": one_of("creator", "campaign", "video"),
    "entity_id": uuid_text,
    "metric": one_of(*analytics.METRICS),
    "from": date,
    "to": date,
    "format": one_of("csv"),
}
_COMPLIANCE: Mapping[str, Reader] = {
    "creator_id": uuid_text,
    "period": one_of(*analytics.PERIODS),
    "reference_date": date,
}
_IN_PROJECT: Mapping[str, Reader] = {"project_id": uuid_text, **_PAGE}


def _read(template: str, query: Mapping[str, Reader], target: str = "", required: tuple[str, ...] = ()) -> Route:
    return Route("GET", template, "read", target, query, required)


_ROUTES = (
    _read("/projects", {}),
    _read("/creators", {**_IN_PROJECT, "search": text()}),
    Route("POST", "/projects/{projectId}/creators", "write", "projects", body=creators.read_new, creates=True),
    Route("PATCH", "/creators/{id}", "write", "creators", body=creators.read_change),
    Route("DELETE", "/creators/{id}", "write", "creators"),
    _read("/videos", {**_IN_PROJECT, "creator_id": uuid_text}),
    _read("/campaigns", _IN_PROJECT),
    Route("POST", "/projects/{projectId}/campaigns", "write", "projects", body=campaigns.read_new, creates=True),
    Route("PATCH", "/campaigns/{id}", "write", "campaigns", body=campaigns.read_change),
    Route("DELETE", "/campaigns/{id}", "write", "campaigns"),
    Route("POST", "/campaigns/{id}/items", "write", "campaigns", body=campaigns.read_item, creates=True),
    _read("/analytics", _ANALYTICS, required=("entity", "entity_id", "metric")),
    _read("/payout-methods", {}),
    Route("POST", "/payout-methods", "write", body=payout_methods.read_named, creates=True),
    _read("/payout-methods/{id}", {}, "payout_methods"),
    Route("PATCH", "/payout-methods/{id}", "write", "payout_methods", body=payout_methods.read_named),
    Route("DELETE", "/payout-methods/{id}", "write", "payout_methods"),
    _read("/projects/{projectId}/goal-compliance", _COMPLIANCE, "projects"),
    Route("GET", "/creators/{id}/stats", "read", gone=True),
    Route("GET", "/campaigns/{id}/stats", "read", gone=True),
)


def _state(world: World, call: Call) -> Answer:
    """What the operation's own conflicts say."""
    conflict = world.rules.conflicts.get(call.served.operation)
    return conflict(world, call) if conflict else None


def _cap(world: World, call: Call) -> Answer:
    """What the operation's own cap says."""
    cap = world.rules.caps.get(call.served.operation)
    return cap(world, call) if cap else None


def with_admin(rules: Rules, path: str) -> Rules:
    """The same rules, with a plain success on an admin path (relative to the base URL)."""
    route = Route("GET", path, "admin")
    served = replace(rules, routes={**rules.routes, route.operation: route})
    return served.with_action(route.operation, listing.show_health)


REFERENCE = Rules(
    routes=MappingProxyType({route.operation: route for route in _ROUTES}),
    stages=MappingProxyType(
        {
            "forced": forced.answer_as_told,
            "match": routing.match,
            "options": routing.answer_options,
            "key": auth.refuse_bad_key,
            "ban": auth.refuse_banned,
            "quota": limits.refuse_spent,
            "window": limits.refuse_crowded,
            "meter": limits.meter,
            "removed": routing.refuse_removed,
            "admin": auth.refuse_admin_area,
            "unserved": routing.refuse_unserved,
            "scope": auth.refuse_scope,
            "path": validation.read_path,
            "query": validation.read_query,
            "body": validation.read_body,
            "idempotency": idempotency.replay,
            "look-up": listing.look_up,
            "state": _state,
            "cap": _cap,
        }
    ),
    conflicts=MappingProxyType(
        {
            "POST /projects/{projectId}/creators": creators.refuse_duplicates,
            "PATCH /creators/{id}": creators.refuse_rename,
            "POST /campaigns/{id}/items": campaigns.refuse_item,
            "DELETE /payout-methods/{id}": payout_methods.refuse_seeded,
            "GET /analytics": analytics.refuse_backwards,
        }
    ),
    caps=MappingProxyType(
        {
            "POST /projects/{projectId}/creators": creators.refuse_beyond_cap,
            "POST /projects/{projectId}/campaigns": campaigns.refuse_beyond_cap,
            "POST /campaigns/{id}/items": campaigns.refuse_items_beyond_cap,
            "POST /payout-methods": payout_methods.refuse_beyond_cap,
            "GET /analytics": analytics.refuse_beyond_retention,
        }
    ),
    actions=MappingProxyType(
        {
            "GET /projects": listing.list_projects,
            "GET /creators": creators.list_creators,
            "POST /projects/{projectId}/creators": creators.create,
            "PATCH /creators/{id}": creators.change,
            "DELETE /creators/{id}": creators.remove,
            "GET /videos": listing.list_videos,
            "GET /campaigns": campaigns.list_campaigns,
            "POST /projects/{projectId}/campaigns": campaigns.create,
            "PATCH /campaigns/{id}": campaigns.change,
            "DELETE /campaigns/{id}": campaigns.remove,
            "POST /campaigns/{id}/items": campaigns.add_item,
            "GET /analytics": analytics.show,
            "GET /payout-methods": payout_methods.list_methods,
            "POST /payout-methods": payout_methods.create,
            "GET /payout-methods/{id}": payout_methods.show,
            "PATCH /payout-methods/{id}": payout_methods.change,
            "DELETE /payout-methods/{id}": payout_methods.remove,
            "GET /projects/{projectId}/goal-compliance": analytics.list_compliance,
        }
    ),
    endings=MappingProxyType({"remember": idempotency.remember, "date": endings.date, "head": endings.head}),
    forced=forced.FORCED,
    around=plain,
)
"""The documented API. A fault is this value with one part exchanged."""
