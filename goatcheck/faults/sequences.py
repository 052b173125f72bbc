"""Faults that no single request shows: each needs something to have happened before."""

from __future__ import annotations

from dataclasses import replace

from goatcheck.exchange import Response
from goatcheck.faults import counting
from goatcheck.faults.changes import action, before, cap, conflict, numbers, stage, together
from goatcheck.faults.counting import CREATE, DELETE, RENAME, afterwards, beforehand
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import Creator, PayoutMethod, Project
from goatcheck.model.world import Action, Stage, World

_LIST = "GET /creators"


def _gone(operation: str) -> Change:
    """A deletion of what was deleted succeeds once more."""

    def change(world: World) -> World:
        deleted: dict[str, str] = {}

        def note(_world: World, call: Call) -> None:
            deleted[call.path_id] = call.home.id

        def ask(_world: World, call: Call) -> Answer:
            known = call.served.operation == operation and deleted.get(call.path_id) == call.home.id
            return answers.success({"id": call.path_id}) if known else None

        return together(beforehand(operation, note), before("look-up", ask))(world)

    return change


def _editable_grave(world: World) -> World:
    """A deleted payout method can be renamed, which brings it back."""
    graves: dict[str, PayoutMethod] = {}

    def note(_world: World, call: Call) -> None:
        graves[call.path_id] = call.the(PayoutMethod)

    def dig(world: World, call: Call) -> Answer:
        grave = graves.get(call.path_id)
        if call.served.operation == "PATCH /payout-methods/{id}" and grave and grave.org_id == call.home.id:
            world.state.payout_methods[grave.id] = grave
        return None

    return together(beforehand("DELETE /payout-methods/{id}", note), before("look-up", dig))(world)


def _first_handles(world: World) -> World:
    """A handle is taken for as long as a creator was made with it: renamed ones are looked for under their first one."""
    names: dict[str, str] = {}

    def note(world: World, _call: Call) -> None:
        for creator in world.state.creators.values():
            names.setdefault(creator.id, creator.handle.lower())

    def wrap(inner: Stage) -> Stage:
        def refuse(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            taken = {names.get(c.id) for c in creators.living(world, call.home.id)}
            wanted = {each["tiktok_handle"].lower() for each in call.body["creators"]}
            return refusal if wanted & taken or len(wanted) < len(call.body["creators"]) else None

        return refuse

    def make(inner: Action) -> Action:
        def act(world: World, call: Call) -> Response:
            living = {c.handle.lower(): c for c in creators.living(world, call.home.id)}
            for wanted in call.body["creators"]:
                there = living.get(wanted["tiktok_handle"].lower())
                if there and names.get(there.id) != there.handle.lower():
                    _twin(world, there)
                    return answers.success(creators.shown(there), status=201)
            response = inner(world, call)
            note(world, call)
            return response

        return act

    return together(conflict(CREATE, wrap), action(CREATE, make))(world)


def _twin(world: World, creator: Creator) -> None:
    twin = replace(creator, id=world.state.new_id(), order=world.state.next_order())
    world.state.creators[twin.id] = twin


def _freed_by_refusal(world: World) -> World:
    """A rename that is refused has given the creator's own handle free."""
    free: set[tuple[str, str]] = set()

    def wrap(inner: Stage) -> Stage:
        def refuse(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is not None:
                creator = call.the(Creator)
                free.add((creator.project_id, creator.handle.lower()))
            return refusal

        return refuse

    def taken(inner: Stage) -> Stage:
        def refuse(world: World, call: Call) -> Answer:
            project = call.the(Project).id
            wanted = [each["tiktok_handle"].lower() for each in call.body["creators"]]
            return None if all((project, name) in free for name in wanted) else inner(world, call)

        return refuse

    return together(conflict(RENAME, wrap), conflict(CREATE, taken))(world)


def _tombstone(world: World) -> World:
    """What comes back is a new creator, and the removed one is seen again beside it."""

    def make(inner: Action) -> Action:
        def act(world: World, call: Call) -> Response:
            wanted = {each["tiktok_handle"].lower() for each in call.body["creators"]}
            project = call.the(Project).id
            old = [c for c in world.state.creators.values() if c.project_id == project and c.removed]
            back = [creator for creator in old if creator.handle.lower() in wanted]
            response = inner(world, call)
            for creator in back:
                _twin(world, world.state.creators[creator.id])
            return response

        return act

    return action(CREATE, make)(world)


def _forgets(world: World, call: Call) -> None:
    """The idempotency keys under which what is aimed at was made are forgotten."""
    remembered = world.state.remembered
    for name, first in list(remembered.items()):
        if call.path_id.encode() in first.response.body:
            del remembered[name]


def _made_anew(inner: Stage) -> Stage:
    """A repetition gets the first answer, and what it made comes back if it was deleted."""

    def asked(world: World, call: Call) -> Answer:
        first = inner(world, call)
        if first is not None and first.status < 300 and call.served.operation == CREATE:  # noqa: PLR2004 - a success
            wanted = {each["tiktok_handle"].lower() for each in call.body["creators"]}
            for creator in list(world.state.creators.values()):
                if creator.removed and creator.project_id == call.path_id and creator.handle.lower() in wanted:
                    world.state.creators[creator.id] = replace(creator, removed=False)
        return first

    return asked


def _strangers_after(operation: str) -> Change:
    """Once an org has deleted something, it is looked up without regard to whose it is."""

    def change(world: World) -> World:
        careless: set[str] = set()

        def note(_world: World, call: Call) -> None:
            careless.add(call.home.id)

        def wrap(inner: Action) -> Action:
            def act(world: World, call: Call) -> Response:
                if call.home.id not in careless:
                    return inner(world, call)
                everyone = [creators.shown(c) for c in world.state.creators.values() if not c.removed]
                return answers.success(everyone, {"limit": 100, "nextCursor": None})

            return act

        return together(afterwards(operation, note), action(_LIST, wrap))(world)

    return change


def _renamed_for_all(world: World) -> World:
    """What was renamed is found by other orgs too."""
    renamed: set[str] = set()

    def wrap(inner: Stage) -> Stage:
        def look_up(world: World, call: Call) -> Answer:
            creator = world.state.creators.get(call.path_id)
            if call.served.target == "creators" and creator and creator.id in renamed and not creator.removed:
                call.found = creator
                return None
            return inner(world, call)

        return look_up

    return together(afterwards(RENAME, lambda _world, call: renamed.add(call.path_id)), stage("look-up", wrap))(world)


def _graves_for_all(world: World) -> World:
    """What was deleted is gone for its own org only: others are told that it was theirs to delete."""

    def ask(world: World, call: Call) -> Answer:
        creator = world.state.creators.get(call.path_id) if call.served.operation == DELETE else None
        stranger = creator is not None and creator.removed and creator.org_id != call.home.id
        return answers.success({"id": call.path_id}) if stranger else None

    return before("look-up", ask)(world)


def _alive_for_new(world: World) -> World:
    """A removed route still serves what was made since it was removed."""
    old = {**world.state.creators, **world.state.campaigns}.keys()

    def ask(world: World, call: Call) -> Answer:
        new = {**world.state.creators, **world.state.campaigns}.keys() - old
        asked = call.request.path.split("/")[2] if call.route and call.route.gone else ""
        return answers.success({"views": 0}) if asked in new else None

    return before("removed", ask)(world)


FAULTS = (
    Fault(
        "cap-forgets-removed",
        "a removed creator that comes back is not counted against the cap",
        ("402.limit.enforced",),
        cap(CREATE, counting.free_returns),
    ),
    Fault(
        "cap-counts-deletions-twice",
        "deleting what is deleted makes room for one more",
        ("402.limit.enforced",),
        counting.counted_down,
    ),
    Fault(
        "cap-keeps-renamed",
        "a renamed creator takes its place for ever, even when deleted",
        ("402.limit.enforced",),
        counting.stuck_count,
    ),
    Fault(
        "cap-refused-but-returned",
        "a refused bulk brings removed creators back",
        ("402.limit.no-effect",),
        cap(CREATE, counting.returns_all_the_same),
    ),
    Fault("deleted-twice", "a campaign can be deleted twice", ("404.absent",), _gone("DELETE /campaigns/{id}")),
    Fault("deleted-renamed", "a deleted payout method can be renamed", ("404.absent",), _editable_grave),
    Fault(
        "foreign-after-deletion",
        "an org that has deleted a creator sees those of everybody",
        ("404.foreign",),
        _strangers_after(DELETE),
        ("402.limit.atomic", "402.limit.enforced", "402.limit.no-effect"),
    ),
    Fault(
        "foreign-renamed",
        "a renamed creator is found by other orgs",
        ("404.foreign", "404.foreign-no-effect"),
        _renamed_for_all,
    ),
    Fault("foreign-deleted", "other orgs can delete a deleted creator", ("404.foreign",), _graves_for_all),
    Fault(
        "duplicate-forgets-renamed",
        "a handle that a creator was renamed to is free",
        ("409.duplicate",),
        _first_handles,
    ),
    Fault(
        "duplicate-after-refused-rename",
        "a refused rename leaves the creator's own handle free",
        ("409.duplicate",),
        _freed_by_refusal,
        ("409.duplicate-case",),
    ),
    Fault(
        "duplicate-tombstone",
        "a creator that comes back is there twice",
        ("409.duplicate",),
        _tombstone,
        ("402.limit.enforced",),
    ),
    Fault(
        "idempotency-forgotten-with-deletion",
        "an idempotency key is forgotten when what it made is deleted",
        ("409.idempotency.replay",),
        beforehand(DELETE, _forgets),
        ("409.idempotency.route",),
    ),
    Fault(
        "idempotency-forgotten-with-rename",
        "an idempotency key is forgotten when what it made is renamed",
        ("409.idempotency.replay",),
        beforehand(RENAME, _forgets),
        ("409.idempotency.route",),
    ),
    Fault(
        "idempotency-forgotten-in-hours",
        "an idempotency key is forgotten after five hours",
        ("409.idempotency.replay",),
        numbers(idempotency_seconds=5 * 3600),
        ("409.idempotency.route",),
        needs=("clock",),
    ),
    Fault(
        "idempotency-brings-back",
        "a repetition brings back what was deleted",
        ("409.idempotency.replay",),
        stage("idempotency", _made_anew),
    ),
    Fault(
        "gone-but-for-new",
        "a removed route still serves what was made since",
        ("410.removed",),
        _alive_for_new,
    ),
)
