"""Faults of handles: one that is taken is free for some requests, one that was refused stays taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import Response
from goatcheck.faults.changes import action, before, conflict, ruled, together
from goatcheck.faults.counting import CREATE, RENAME, afterwards
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import Creator, Project
from goatcheck.model.world import Action, Stage, World

Free = Callable[[Call, Creator], bool]
"""Whether the handle of a creator that is there is free for a call."""


def _bearers(world: World, call: Call) -> list[Creator]:
    """Who bears a handle that a creation asks for."""
    wanted = {each["tiktok_handle"].lower() for each in call.body["creators"]}
    project = call.the(Project).id
    return [c for c in creators.living(world, call.home.id) if c.project_id == project and c.handle.lower() in wanted]


def _free(free: Free) -> Change:
    """A creation whose handles are taken makes twins where they are free for it."""

    def judged(inner: Stage) -> Stage:
        def refuse(world: World, call: Call) -> Answer:
            there = _bearers(world, call)
            return None if there and all(free(call, creator) for creator in there) else inner(world, call)

        return refuse

    def make(inner: Action) -> Action:
        def act(world: World, call: Call) -> Response:
            there = _bearers(world, call)
            if not there:
                return inner(world, call)
            state = world.state
            twins = [replace(creator, id=state.new_id(), order=state.next_order()) for creator in there]
            state.creators.update({twin.id: twin for twin in twins})
            return answers.success([creators.shown(twin) for twin in twins], status=201)

        return act

    return together(conflict(CREATE, judged), action(CREATE, make))


def _of_another_key(world: World) -> World:
    """A handle is taken for the key alone that made its creator."""
    makers: dict[str, str] = {}

    def note(world: World, call: Call) -> None:
        for creator in _bearers(world, call):
            makers.setdefault(creator.id, call.caller.token)

    free = _free(lambda call, creator: makers.get(creator.id, call.caller.token) != call.caller.token)
    return together(free, afterwards(CREATE, note))(world)


def _in_another_case(inner: Stage) -> Stage:
    """A rename is compared with the handles to the letter."""

    def refuse(world: World, call: Call) -> Answer:
        handles = {creator.handle for creator in world.state.creators.values() if creator.org_id == call.home.id}
        return inner(world, call) if call.body.get("tiktok_handle") in handles else None

    return refuse


def _several(call: Call, response: Response) -> bool:
    return response.status == 409 and len(call.body.get("creators", ())) > 1  # noqa: PLR2004 - conflicts


def _kept_back(status: int, only_bulks: bool = False) -> Change:  # noqa: FBT001, FBT002 - names read well
    """The handles that are asked for in a creation that ends in this status are taken for ever, though nothing bears them."""

    def change(world: World) -> World:
        kept: set[str] = set()

        def ending(world: World, call: Call, response: Response) -> Response:
            body = call.request.document.value
            if response.status == status and call.route and call.route.operation == CREATE and isinstance(body, dict):
                several = body.get("creators", [] if only_bulks else [body])
                there = {creator.handle.lower() for creator in world.state.creators.values()}
                kept.update({str(each["tiktok_handle"]).lower() for each in several} - there)
            return response

        def refuse(_world: World, call: Call) -> Answer:
            asked = call.served.operation == CREATE and call.body["creators"]
            taken = asked and any(each["tiktok_handle"].lower() in kept for each in asked)
            return answers.conflict("This handle is reserved") if taken else None

        return together(ruled(lambda rules: rules.with_ending("kept back", ending)), before("state", refuse))(world)

    return change


FAULTS = (
    Fault(
        "duplicate-under-a-key",
        "under an idempotency key a creator can be there twice",
        ("409.duplicate",),
        _free(lambda call, _creator: call.request.header("idempotency-key") is not None),
        ("409.idempotency.replay", "409.idempotency.route"),
        needs=("requests",),
    ),
    Fault(
        "duplicate-of-another-mode",
        "a creator can be there once for each way of tracking it",
        ("409.duplicate",),
        _free(lambda call, _creator: b'"selective"' in (call.request.body or b"")),
        needs=("requests",),
    ),
    Fault(
        "duplicate-in-a-bulk-of-one",
        "a creator that is there can be made in a bulk of one",
        ("409.duplicate",),
        _free(lambda call, _creator: call.body["bulk"] and len(call.body["creators"]) == 1),
        needs=("requests",),
    ),
    Fault(
        "duplicate-of-another-key",
        "each key of an org can make a creator once",
        ("409.duplicate",),
        _of_another_key,
        needs=("requests",),
    ),
    Fault(
        "duplicate-renamed-in-capitals",
        "a creator can be renamed to a handle that is taken, in capitals",
        ("409.duplicate-case",),
        conflict(RENAME, _in_another_case),
        needs=("creates",),
    ),
    Fault(
        "duplicate-refused-keeps-handles",
        "a bulk creation that is refused for one handle keeps the others back",
        ("409.no-effect",),
        _kept_back(409, only_bulks=True),
        ("402.limit.enforced",),
        ("creates",),
    ),
    Fault(
        "limit-refused-keeps-handle",
        "a create that is refused for the cap keeps its handle back",
        ("402.limit.no-effect",),
        _kept_back(402),
        ("402.limit.enforced",),
    ),
    Fault(
        "window-refused-keeps-handle",
        "a limited create keeps its handle back",
        ("429.window.no-effect",),
        _kept_back(429),
        needs=("creates",),
    ),
)
