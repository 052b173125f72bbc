"""Faults that rare requests show alone: of what was removed or made among several, in the last second, for one digit, to browsers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import Response
from goatcheck.faults.admission import let_in, token_by
from goatcheck.faults.changes import (
    action,
    answer,
    at,
    conflict,
    done_all_the_same,
    header,
    html,
    instead,
    members,
    meta,
    on,
    stage,
    together,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.reading import is_bulk
from goatcheck.model import answers, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import Creator
from goatcheck.model.world import Action, Stage, World

_CREATE = "POST /projects/{projectId}/creators"
_RENAME = "PATCH /creators/{id}"
_REMOVE = "DELETE /payout-methods/{id}"
_NEW_NAME = "PATCH /payout-methods/{id}"


def _handle(call: Call) -> str:
    """The handle that a creation of one creator asks for, as it is taken."""
    return "" if is_bulk(call) else str(call.body["creators"][0]["tiktok_handle"])


def _taken_by(world: World, call: Call) -> Creator | None:
    """Whose the handle is that a creation of one creator asks for."""
    return creators.named(world, call.path_id, _handle(call)) if _handle(call) else None


def _made_twice(whose: Callable[[World, Call], bool]) -> Change:
    """A creation of one creator is no duplicate for these calls: another is made."""

    def unchecked(inner: Stage) -> Stage:
        return lambda world, call: None if _taken_by(world, call) and whose(world, call) else inner(world, call)

    def made(inner: Action) -> Action:
        def create(world: World, call: Call) -> Response:
            taken = _taken_by(world, call)
            if taken is None or taken.removed:
                return inner(world, call)
            twin = replace(taken, id=world.state.new_id(), order=world.state.next_order(), handle=_handle(call))
            world.state.creators[twin.id] = twin
            return answers.success(creators.shown(twin), status=201)

        return create

    return together(conflict(_CREATE, unchecked), action(_CREATE, made))


def _made_in_bulk(world: World) -> World:
    """What was made in bulk is in nobody's way."""
    several: set[str] = set()

    def wrap(inner: Action) -> Action:
        def create(world: World, call: Call) -> Response:
            response = inner(world, call)
            if is_bulk(call) and response.status < 300:  # noqa: PLR2004 - where redirects begin
                several.update(each["id"] for each in response.member("data"))
            return response

        return create

    def is_one(world: World, call: Call) -> bool:
        taken = _taken_by(world, call)
        return taken is not None and taken.id in several

    return together(action(_CREATE, wrap), _made_twice(is_one))(world)


def _in_the_middle(world: World, call: Call) -> bool:
    """Capitals in the middle of a handle alone."""
    asked, taken = _handle(call), _taken_by(world, call)
    return taken is not None and asked not in {taken.handle, asked.upper(), asked.lower()}


def _stored_in_capitals(world: World, call: Call) -> bool:
    taken = _taken_by(world, call)
    return taken is not None and taken.handle not in {taken.handle.lower(), _handle(call)}


def _revived(inner: Stage) -> Stage:
    """A refused bulk brings back what it names that was removed."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        if refusal is not None and is_bulk(call):
            for each in call.body["creators"]:
                gone = creators.named(world, call.path_id, each["tiktok_handle"])
                if gone and gone.removed:
                    world.state.creators[gone.id] = replace(gone, removed=False)
        return refusal

    return asked


def _archived(inner: Stage) -> Stage:
    """What can't be deleted gets another name."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        found = world.state.payout_methods[call.path_id]
        if refusal is not None and not found.name.endswith(")"):
            world.state.payout_methods[found.id] = replace(found, name=f"{found.name} (archived)")
        return refusal

    return asked


def _writes_cost_two(inner: Stage) -> Stage:
    """A write takes two places in a minute."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        burst = world.profile.key("burst")
        if refusal is None and call.method != "GET" and burst and call.caller.token == burst.token:
            inner(world, call)
        return refusal

    return asked


def _told_of_the_restored(inner: Action) -> Action:
    """A bulk that brings something back says so as its error."""

    def create(world: World, call: Call) -> Response:
        asked = [each["tiktok_handle"] for each in call.body["creators"]]
        back = [creators.named(world, call.path_id, handle) for handle in asked]
        response = inner(world, call)
        return members(error="1 creator was restored")(call, response) if any(back) and is_bulk(call) else response

    return create


def _gone_for_good(inner: Stage) -> Stage:
    """A removed creator can't be changed any more."""

    def asked(world: World, call: Call) -> Answer:
        found = world.state.creators.get(call.path_id)
        removed = found is not None and found.removed and found.org_id == call.home.id
        return answers.gone() if removed and on(operation=_RENAME)(call) else inner(world, call)

    return asked


def _to_the_login(_call: Call, _response: Response) -> Response:
    """A redirect to a page for people."""
    return Response(302, (("Location", "/login"),))


def _in_the_last_second(call: Call, response: Response) -> Response:
    """The wait rounded down, as the member and as the header."""
    less = response.meta["retryAfter"] - 1
    return header("Retry-After", f"{less}")(call, meta(retryAfter=less)(call, response))


FAULTS = (
    Fault(
        "duplicate-of-bulk",
        "what was made in bulk is in no later creation's way",
        ("409.duplicate",),
        _made_in_bulk,
        ("409.duplicate-case", "409.idempotency.replay"),
        needs=("creates",),
    ),
    Fault(
        "duplicate-capitals-in-the-middle",
        "capitals in the middle make another handle, all of them do not",
        ("409.duplicate-case",),
        _made_twice(_in_the_middle),
        needs=("creates",),
    ),
    Fault(
        "duplicate-stored-in-capitals",
        "a handle that has capitals is not found in small letters",
        ("409.duplicate-case",),
        _made_twice(_stored_in_capitals),
        needs=("creates",),
    ),
    Fault(
        "bulk-refused-revives",
        "a bulk creation that is refused brings back the removed creators that it names",
        ("409.no-effect",),
        conflict(_CREATE, _revived),
        needs=("creates",),
    ),
    Fault(
        "state-seeded-archived",
        "the seeded payout method is renamed by the deletion that is refused",
        ("409.no-effect",),
        conflict(_REMOVE, _archived),
        needs=("requests",),
    ),
    Fault(
        "removed-creator-gone",
        "the change of a removed creator is answered with 410",
        ("410.only-removed",),
        stage("look-up", _gone_for_good),
        needs=("creates",),
    ),
    Fault(
        "window-writes-cost-two",
        "a write takes two places in a key's minute",
        ("429.window.allowance",),
        stage("window", _writes_cost_two),
        needs=("requests",),
    ),
    Fault(
        "window-nothing-in-the-last-second",
        "the wait is rounded down, to nothing in the last second",
        ("429.window.bound",),
        answer(lambda _call, response: "bucket" in response.meta, _in_the_last_second),
        needs=("clock",),
    ),
    Fault(
        "window-refused-but-bulk-made",
        "a limited bulk creation is done",
        ("429.window.no-effect",),
        done_all_the_same("window", is_bulk),
        needs=("creates",),
    ),
    Fault(
        "daily-as-a-limit-on-changes",
        "a spent quota is told to whoever renames a payout method as a limit of the plan",
        ("429.daily.enforced",),
        instead("quota", on(operation=_NEW_NAME), answers.limit_reached("max_members_per_org", 1, 1)),
    ),
    Fault(
        "negotiation-page-for-absent-changes",
        "a change of nothing gets a web page where HTML is preferred",
        ("envelope.negotiation",),
        answer(
            lambda call, response: (
                at(404, method="PATCH")(call, response) and "text/html" in (call.request.header("accept") or "")
            ),
            html("Not Found"),
        ),
        ("envelope.json",),
        needs=("requests",),
    ),
    Fault(
        "negotiation-login-for-browsers",
        "whoever has no key and prefers HTML is sent to the login where projects are listed",
        ("envelope.negotiation", "success.no-redirect"),
        answer(
            lambda call, response: (
                at(401, operation="GET /projects")(call, response)
                and "text/html" in (call.request.header("accept") or "")
            ),
            _to_the_login,
        ),
    ),
    Fault(
        "daily-as-a-limit-on-creations",
        "a spent quota is told to whoever creates as a limit of the plan",
        ("429.daily.enforced", "402.limit.key-known"),
        instead("quota", on(method="POST"), answers.limit_reached("max_api_requests_per_day", 1, 1)),
    ),
    Fault(
        "malformed-last-digit-unread",
        "the last digit of a key is not looked at where campaigns are deleted",
        ("401.malformed",),
        let_in(
            on(operation="DELETE /campaigns/{id}"), token_by(lambda sent, token: sent[:-1] == f"Bearer {token[:-1]}")
        ),
        ("401.invalid",),
        needs=("requests",),
    ),
    Fault(
        "leak-upstream-in-header",
        "a 404 tells in a header which host it is from",
        ("error.no-leak",),
        answer(at(404, operation=_REMOVE), header("X-Upstream", "http://api-7f9c.internal.svc.cluster.local:8080")),
    ),
    Fault(
        "success-restored-as-error",
        "a bulk creation that brings something back says so in the success's error",
        ("success.envelope", "success.no-error"),
        action(_CREATE, _told_of_the_restored),
        needs=("creates",),
    ),
)
"""Faults of all sections that rare requests show alone."""
