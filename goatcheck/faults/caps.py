"""Faults of the caps beside that of creators, of bulks that just fit, and of ranges whose ends are left to the default."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import Request, Response
from goatcheck.faults.changes import (
    Whose,
    action,
    answer,
    at,
    cap,
    done_all_the_same,
    members,
    meta,
    on,
    refusing,
    ruled,
    together,
)
from goatcheck.faults.counting import afterwards
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.racing import let_others_in
from goatcheck.model import answers, campaigns, creators, payout_methods
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import Count, one
from goatcheck.model.limits import cap as model_cap
from goatcheck.model.world import Action, Stage, Step, World

_CREATORS = "POST /projects/{projectId}/creators"
_CAMPAIGNS = "POST /projects/{projectId}/campaigns"
_METHODS = "POST /payout-methods"
_ITEMS = "POST /campaigns/{id}/items"
_ANALYTICS = "GET /analytics"


def _let_in(operation: str, test: Callable[[World, Call], object]) -> Change:
    """The cap of an operation is not looked at for these calls."""
    return cap(operation, lambda inner: lambda world, call: None if test(world, call) else inner(world, call))


def _has_key(_world: World, call: Call) -> bool:
    return call.request.header("idempotency-key") is not None


def _just_full(world: World, call: Call) -> bool:
    return campaigns.existing_items(world, call) == call.home.plan.caps["max_campaign_items_per_campaign"]


def _counting(operation: str, limit_key: str, existing: Count) -> Change:
    """The cap of an operation with another way of counting what there is."""
    return cap(operation, lambda _inner: model_cap(limit_key, existing, one))


def _removed_methods_count_on(world: World) -> World:
    """Nobody takes what is deleted off the count of payout methods."""
    removed: dict[str, int] = {}

    def note(_world: World, call: Call) -> None:
        removed[call.home.id] = removed.get(call.home.id, 0) + 1

    def existing(world: World, call: Call) -> int:
        return payout_methods.existing(world, call) + removed.get(call.home.id, 0)

    return together(
        afterwards("DELETE /payout-methods/{id}", note), _counting(_METHODS, "max_payout_methods_per_org", existing)
    )(world)


def _side_by_side(operation: str, path: str, part: bytes = b"") -> Change:
    """A create that comes while another of its kind, with this in its body, is under way does not see the cap."""

    def change(world: World) -> World:
        lock, under_way = threading.Lock(), list[Request]()
        met = set[int]()

        def around(_world: World, request: Request, step: Step) -> Response:
            if not (request.method == "POST" and request.path.endswith(path) and part in (request.body or b"")):
                return step(request)
            with lock:
                if under_way:
                    met.add(id(request))
                under_way.append(request)
            try:
                let_others_in()
                return step(request)
            finally:
                with lock:
                    under_way.remove(request)
                    met.discard(id(request))

        unseen = _let_in(operation, lambda _world, call: id(call.request) in met)
        return together(ruled(lambda rules: replace(rules, around=around)), unseen)(world)

    return change


def _must_leave_one(inner: Stage) -> Stage:
    """A bulk has to leave one place free."""

    def refuse(world: World, call: Call) -> Answer:
        count, most = creators.existing(world, call), call.home.plan.caps["max_creators_per_org"]
        if call.body["bulk"] and count + creators.asked(world, call) == most:
            return answers.limit_reached("max_creators_per_org", count, most)
        return inner(world, call)

    return refuse


def _open_ended(*names: str) -> Whose:
    """Requests for figures without these parameters."""
    analytics = on(operation=_ANALYTICS)
    return lambda call: analytics(call) and not any(name in call.query for name in names)


def _nothing_to_export(inner: Action) -> Action:
    """The export of a campaign without anything in it fails."""

    def act(world: World, call: Call) -> Response:
        found = world.state.campaigns.get(call.query["entity_id"])
        fails = call.query.get("format") == "csv" and found is not None and not found.items
        return answers.internal_error() if fails else inner(world, call)

    return act


def _since_ever(inner: Stage) -> Stage:
    """A range without a start is taken to begin with the first day there is."""

    def refuse(world: World, call: Call) -> Answer:
        return inner(world, call) if "from" in call.query else answers.retention_exceeded()

    return refuse


FAULTS = (
    Fault(
        "caps-campaigns-free-under-a-key",
        "campaigns that are created under an idempotency key are not held against the cap",
        ("402.limit.enforced",),
        _let_in(_CAMPAIGNS, _has_key),
        ("402.limit.atomic",),
        needs=("creates",),
    ),
    Fault(
        "caps-campaigns-conflict",
        "a project that is full of campaigns is a conflict",
        ("402.limit.enforced",),
        answer(at(402, operation=_CAMPAIGNS), lambda _call, _response: answers.conflict("The project is full")),
        needs=("creates",),
    ),
    Fault(
        "caps-campaigns-one-less-told",
        "one campaign less is told than there are, and a lower cap",
        ("402.limit.enforced",),
        answer(
            at(402, operation=_CAMPAIGNS),
            lambda call, response: meta(current=response.meta["current"] - 1, max=response.meta["max"] - 1)(
                call, response
            ),
        ),
        needs=("creates",),
    ),
    Fault(
        "caps-campaigns-refused-but-made",
        "the campaign that is refused is made",
        ("402.limit.no-effect", "402.limit.enforced"),
        done_all_the_same("cap", on(operation=_CAMPAIGNS)),
        ("402.limit.atomic",),
        needs=("creates",),
    ),
    Fault(
        "caps-campaigns-side-by-side",
        "campaigns that are created at once do not see the cap",
        ("402.limit.atomic",),
        _side_by_side(_CAMPAIGNS, "/campaigns"),
        needs=("creates",),
    ),
    Fault(
        "caps-methods-deleted-count-on",
        "deleted payout methods count on",
        ("402.limit.no-effect",),
        _removed_methods_count_on,
        needs=("creates",),
    ),
    Fault(
        "caps-methods-told-as-creators",
        "a plan without room for payout methods names the limit of creators",
        ("402.limit.enforced",),
        answer(
            at(402, operation=_METHODS),
            meta(limitKey="max_creators_per_org"),
            members(error="Limit reached: max_creators_per_org"),
        ),
        needs=("creates",),
    ),
    Fault(
        "caps-methods-in-words",
        "the text does not name the cap of payout methods",
        ("402.limit.error-names-key",),
        answer(at(402, operation=_METHODS), members(error="Your plan has no room for more payout methods")),
        needs=("creates",),
    ),
    Fault(
        "caps-methods-side-by-side",
        "payout methods that are created at once do not see the cap",
        ("402.limit.atomic",),
        _side_by_side(_METHODS, "/payout-methods"),
        needs=("creates",),
    ),
    Fault(
        "caps-items-one-more",
        "a full campaign takes one thing more",
        ("402.limit.enforced",),
        _let_in(_ITEMS, _just_full),
        ("402.limit.atomic",),
        needs=("creates",),
    ),
    Fault(
        "caps-items-current-text",
        "how much is in a full campaign is told as a text",
        ("402.limit.meta", "402.limit.enforced"),
        answer(
            at(402, operation=_ITEMS),
            lambda call, response: meta(current=str(response.meta["current"]))(call, response),
        ),
        needs=("creates",),
    ),
    Fault(
        "caps-items-code-own",
        "a full campaign has a code of its own",
        ("402.code", "code.known", "402.limit.enforced"),
        answer(at(402, operation=_ITEMS), meta(code="campaign_full")),
        needs=("creates",),
    ),
    Fault(
        "caps-items-put-in-all-the-same",
        "what is refused for a full campaign is in it all the same",
        ("402.limit.no-effect",),
        done_all_the_same("cap", on(operation=_ITEMS)),
        needs=("creates",),
    ),
    Fault(
        "caps-items-side-by-side",
        "what is put into a campaign at once does not see the cap",
        ("402.limit.atomic",),
        _side_by_side(_ITEMS, "/items"),
        needs=("creates",),
    ),
    Fault(
        "caps-bulks-side-by-side",
        "bulks that come at once do not see the cap of creators",
        ("402.limit.atomic",),
        _side_by_side(_CREATORS, "/creators", b'"creators"'),
        needs=("creates",),
    ),
    Fault(
        "caps-bulk-must-leave-one",
        "a bulk that would just fill the plan is refused",
        ("402.limit.reached", "402.limit.no-effect"),
        cap(_CREATORS, _must_leave_one),
        ("402.limit.enforced",),
        ("creates",),
    ),
    Fault(
        "caps-history-from-alone",
        "without a `to` the end of the history is not looked at",
        ("402.retention",),
        _let_in(_ANALYTICS, lambda _world, call: "to" not in call.query),
        needs=("requests",),
    ),
    Fault(
        "caps-history-default-start",
        "a range without a start is taken to begin before the history",
        ("402.retention",),
        cap(_ANALYTICS, _since_ever),
        needs=("requests",),
    ),
    Fault(
        "caps-history-no-range",
        "figures without a range are an internal error",
        ("500.never",),
        refusing("look-up", _open_ended("from", "to"), answers.internal_error()),
        needs=("requests",),
    ),
    Fault(
        "caps-history-empty-export",
        "the export of a campaign without anything in it is an internal error",
        ("500.never",),
        action(_ANALYTICS, _nothing_to_export),
        needs=("requests",),
    ),
)
