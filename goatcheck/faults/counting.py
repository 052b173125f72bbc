"""How a back end miscounts: what comes, goes and comes back is counted wrongly against the cap of creators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import Response
from goatcheck.faults.changes import action, before, cap, together
from goatcheck.faults.fault import Change
from goatcheck.model import answers, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import Project
from goatcheck.model.world import Action, Stage, World

CREATE = "POST /projects/{projectId}/creators"
RENAME = "PATCH /creators/{id}"
DELETE = "DELETE /creators/{id}"

Then = Callable[[World, Call], None]


def afterwards(operation: str, then: Then) -> Change:
    """Something more is done where an operation is carried out."""

    def wrap(inner: Action) -> Action:
        def act(world: World, call: Call) -> Response:
            response = inner(world, call)
            then(world, call)
            return response

        return act

    return action(operation, wrap)


def beforehand(operation: str, then: Then) -> Change:
    """Something is done just before an operation is carried out."""

    def wrap(inner: Action) -> Action:
        def act(world: World, call: Call) -> Response:
            then(world, call)
            return inner(world, call)

        return act

    return action(operation, wrap)


def free_returns(inner: Stage) -> Stage:
    """Removed handles that come back are not counted against the cap."""

    def refuse(world: World, call: Call) -> Answer:
        project = call.the(Project).id
        removed = {c.handle.lower() for c in world.state.creators.values() if c.project_id == project and c.removed}
        back = all(wanted["tiktok_handle"].lower() in removed for wanted in call.body["creators"])
        return None if back else inner(world, call)

    return refuse


def counted_down(world: World) -> World:
    """The count of an org's creators goes down with every deletion, also of what is deleted already."""
    extra: dict[str, int] = {}

    def again(world: World, call: Call) -> Answer:
        found = world.state.creators.get(call.path_id)
        if call.served.operation == DELETE and found and found.removed and found.org_id == call.home.id:
            extra[found.org_id] = extra.get(found.org_id, 0) + 1
        return None

    def wrap(_inner: Stage) -> Stage:
        def refuse(world: World, call: Call) -> Answer:
            current = creators.existing(world, call) - extra.get(call.home.id, 0)
            maximum = call.home.plan.caps["max_creators_per_org"]
            full = current + creators.asked(world, call) > maximum
            return answers.limit_reached("max_creators_per_org", max(0, current), maximum) if full else None

        return refuse

    return together(before("look-up", again), cap(CREATE, wrap))(world)


def stuck_count(world: World) -> World:
    """Whoever is renamed is counted for ever, even when deleted."""
    renamed: set[str] = set()

    def note(_world: World, call: Call) -> None:
        if "tiktok_handle" in call.body:
            renamed.add(call.path_id)

    def wrap(inner: Stage) -> Stage:
        def refuse(world: World, call: Call) -> Answer:
            ghosts = [c for c in world.state.creators.values() if c.id in renamed and c.removed]
            held = sum(c.org_id == call.home.id for c in ghosts)
            maximum = call.home.plan.caps["max_creators_per_org"]
            current = creators.existing(world, call) + held
            full = held and current + creators.asked(world, call) > maximum
            return answers.limit_reached("max_creators_per_org", current, maximum) if full else inner(world, call)

        return refuse

    return together(afterwards(RENAME, note), cap(CREATE, wrap))(world)


def returns_all_the_same(inner: Stage) -> Stage:
    """What a refused bulk asks for and was removed comes back."""

    def refuse(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        if refusal is not None:
            wanted = {each["tiktok_handle"].lower() for each in call.body["creators"]}
            for creator in list(world.state.creators.values()):
                if creator.project_id == call.the(Project).id and creator.removed and creator.handle.lower() in wanted:
                    world.state.creators[creator.id] = replace(creator, removed=False)
        return refusal

    return refuse
