"""Faults that one request does not show and another does: of a limited key, of its neighbours, of removed routes, of members."""

from __future__ import annotations

from collections.abc import Callable

from goatcheck.exchange import Response
from goatcheck.faults.changes import Whose, answer, both, done_all_the_same, header, on, refusing, stage
from goatcheck.faults.changes import before as asked_before
from goatcheck.faults.counting import DELETE
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import BUCKET
from goatcheck.model.state import Campaign, Creator
from goatcheck.model.world import Stage, World

_TOO_MANY = 429
_LIST = "GET /creators"
_CAMPAIGN = "POST /projects/{projectId}/campaigns"


def _window(_call: Call, response: Response) -> bool:
    return response.status == _TOO_MANY and "bucket" in response.meta


def _penalty(whom: Callable[[Call], str], seconds: int, whose: Whose) -> Change:
    """Who is limited is limited for so long, in these calls, with everybody whom `whom` takes for the same."""

    def change(world: World) -> World:
        until: dict[str, float] = {}

        def wrap(inner: Stage) -> Stage:
            def asked(world: World, call: Call) -> Answer:
                if call.now < until.get(whom(call), 0) and whose(call):
                    return answers.window_limited(BUCKET, 5)
                refusal = inner(world, call)
                if refusal is not None:
                    until[whom(call)] = call.now + seconds
                return refusal

            return asked

        return stage("window", wrap)(world)

    return change


def _writes(call: Call) -> bool:
    return call.method != "GET"


def _is_gone(call: Call) -> bool:
    return call.route is not None and call.route.gone


def _of_others(world: World, call: Call) -> Answer:
    """A removed route is not found for what is another org's."""
    asked = call.request.path.split("/")[2] if _is_gone(call) else ""
    thing = world.state.creators.get(asked) or world.state.campaigns.get(asked)
    return answers.not_found("resource") if thing and thing.org_id != call.home.id else None


def _other_keys(whose: Whose) -> Change:
    """Once a key of an org has met its used-up quota, these calls of its other keys are let through."""

    def change(world: World) -> World:
        first: dict[str, str] = {}

        def wrap(inner: Stage) -> Stage:
            def asked(world: World, call: Call) -> Answer:
                refusal = inner(world, call)
                other = refusal is not None and first.setdefault(call.home.id, call.caller.token) != call.caller.token
                return None if other and whose(call) else refusal

            return asked

        return stage("quota", wrap)(world)

    return change


def _one_route_back(inner: Stage) -> Stage:
    """After a used-up day the projects alone are served."""

    def asked(world: World, call: Call) -> Answer:
        _, used = world.state.usage.get(call.home.id, (0, 0))
        spent = used >= call.home.plan.daily_requests and not on(operation="GET /projects")(call)
        return answers.daily_limited() if spent else inner(world, call)

    return asked


def _fails_with_members(_world: World, call: Call) -> Answer:
    full = call.served.operation == "DELETE /campaigns/{id}" and call.the(Campaign).items
    return answers.internal_error() if full else None


def _fails_as_member(world: World, call: Call) -> Answer:
    if call.served.operation != DELETE:
        return None
    creator = call.the(Creator).id
    inside = any(item.item_id == creator for each in world.state.campaigns.values() for item in each.items)
    return answers.internal_error() if inside else None


FAULTS = (
    Fault(
        "removed-but-with-query",
        "a removed route is served where it has a query",
        ("410.removed",),
        refusing("removed", lambda call: _is_gone(call) and bool(call.request.query), answers.success([])),
        needs=("requests",),
    ),
    Fault(
        "removed-but-as-csv",
        "a removed route is served as CSV still",
        ("410.removed",),
        refusing(
            "removed",
            lambda call: _is_gone(call) and "csv" in (call.request.header("accept") or ""),
            answers.csv([("day", "views")]),
        ),
        needs=("requests",),
    ),
    Fault(
        "removed-but-of-others",
        "a removed route is not found for what is another org's",
        ("410.removed",),
        asked_before("removed", _of_others),
        needs=("requests",),
    ),
    Fault(
        "window-header-absent-for-renames",
        "there is no Retry-After where a rename is limited",
        ("429.window.header",),
        answer(both(_window, on(method="PATCH")), header("Retry-After")),
        needs=("creates",),
    ),
    Fault(
        "window-refused-but-renamed",
        "a limited rename is done",
        ("429.window.no-effect",),
        done_all_the_same("window", on(method="PATCH")),
        needs=("creates",),
    ),
    Fault(
        "window-refused-but-deleted",
        "a limited deletion is done",
        ("429.window.no-effect",),
        done_all_the_same("window", on(method="DELETE")),
        needs=("creates",),
    ),
    Fault(
        "window-refused-but-campaign-made",
        "a limited create of a campaign is done",
        ("429.window.no-effect",),
        done_all_the_same("window", on(operation=_CAMPAIGN)),
        needs=("creates",),
    ),
    Fault(
        "window-for-the-org-s-writes",
        "a limited key limits the writes of its whole org",
        ("429.window.per-key",),
        _penalty(lambda call: call.home.id, 30, _writes),
        needs=("requests",),
    ),
    Fault(
        "window-for-the-org-s-lists",
        "a limited key limits the lists of creators of its whole org",
        ("429.window.per-key",),
        _penalty(lambda call: call.home.id, 30, on(operation=_LIST)),
        needs=("requests",),
    ),
    Fault(
        "window-lock-of-writes",
        "the writes of a limited key are limited for five minutes, and told less",
        ("429.window.recovers",),
        _penalty(lambda call: call.caller.token, 300, _writes),
        needs=("creates",),
    ),
    Fault(
        "daily-other-keys-write",
        "the other keys of an org whose day is used up may write",
        ("429.daily.org-wide",),
        _other_keys(_writes),
        needs=("requests",),
    ),
    Fault(
        "daily-other-keys-list",
        "the other keys of an org whose day is used up may list creators",
        ("429.daily.org-wide",),
        _other_keys(on(operation=_LIST)),
        needs=("requests",),
    ),
    Fault(
        "daily-one-route-back",
        "after a used-up day the projects alone are served",
        ("429.daily.resets",),
        stage("quota", _one_route_back),
    ),
    Fault(
        "fails-on-members",
        "deleting a campaign with members fails",
        ("500.never",),
        asked_before("state", _fails_with_members),
        needs=("requests",),
    ),
    Fault(
        "fails-on-membership",
        "deleting a creator that is in a campaign fails",
        ("500.never",),
        asked_before("state", _fails_as_member),
        needs=("requests",),
    ),
)
