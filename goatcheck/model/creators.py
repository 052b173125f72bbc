"""Creators: listed, created one by one or in bulk, brought back, changed, removed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from goatcheck.exchange import Response
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call, Refused
from goatcheck.model.limits import cap
from goatcheck.model.listing import page
from goatcheck.model.state import Creator, Project, today
from goatcheck.model.validation import date, members, nullable, one_of, text

if TYPE_CHECKING:
    from goatcheck.model.world import World

_BULK = 50
_HANDLE = re.compile(r"[A-Za-z0-9._-]{1,30}")


def handle(value: Any) -> str:
    """A TikTok handle without its leading @."""
    bare = value.removeprefix("@") if isinstance(value, str) else ""
    if not _HANDLE.fullmatch(bare):
        raise Refused("must be 1 to 30 of: letters, digits, '.', '_', '-'")
    return bare


_read_one = members(
    {"tiktok_handle": handle, "tracking_mode": one_of("auto", "selective"), "tracking_start_date": date},
    required=("tiktok_handle",),
)
read_change = members({"readme": nullable(text()), "tiktok_handle": handle}, some=True)


def read_new(value: Any) -> dict[str, Any]:
    """The body of a creation, single or bulk, as {"creators": [members of each], "bulk": whether it was a list}."""
    if not isinstance(value, dict) or "creators" not in value:
        return {"creators": [_read_one(value)], "bulk": False}
    several = value["creators"]
    if not isinstance(several, list) or not 1 <= len(several) <= _BULK:
        raise Refused(f"must name 1 to {_BULK} creators in 'creators'")
    return {"creators": [_read_one(each) for each in several], "bulk": True}


def list_creators(world: World, call: Call) -> Response:
    """The org's creators, of a project and with a word in the handle where the query asks for it."""
    project, word = call.query.get("project_id"), call.query.get("search", "").lower()
    rows = (
        creator
        for creator in living(world, call.home.id)
        if project in (None, creator.project_id) and word in creator.handle.lower()
    )
    return page(world, call, rows, shown)


def create(world: World, call: Call) -> Response:
    """201 with what was created; 200 where all that was asked for had been removed and came back."""
    project = call.the(Project)
    made: list[Creator] = []
    fresh = False
    for wanted in call.body["creators"]:
        old = named(world, project.id, wanted["tiktok_handle"])
        if old:
            creator = replace(old, removed=False)
        else:
            creator, fresh = _new(world, call, project, wanted), True
        world.state.creators[creator.id] = creator
        made.append(creator)
    data = [shown(creator) for creator in made]
    return answers.success(data if call.body["bulk"] else data[0], status=201 if fresh else 200)


def change(world: World, call: Call) -> Response:
    """Change the readme or the handle."""
    creator = call.the(Creator)
    changed = replace(
        creator,
        readme=call.body.get("readme", creator.readme),
        handle=call.body.get("tiktok_handle", creator.handle),
    )
    world.state.creators[creator.id] = changed
    return answers.success(shown(changed))


def remove(world: World, call: Call) -> Response:
    """Take the creator out of every list; its handle can come back."""
    creator = call.the(Creator)
    world.state.creators[creator.id] = replace(creator, removed=True)
    return answers.success({"id": creator.id})


def refuse_duplicates(world: World, call: Call) -> Answer:
    """409 where a handle is in the project already, or twice in one request, in whatever letter case."""
    project, seen = call.the(Project), set[str]()
    for wanted in call.body["creators"]:
        name = wanted["tiktok_handle"].lower()
        old = named(world, project.id, name)
        if name in seen or (old and not old.removed):
            return answers.conflict("A creator with this handle is already in the project")
        seen.add(name)
    return None


def refuse_rename(world: World, call: Call) -> Answer:
    """409 where the new handle is the old one, or another creator's, or a removed one's."""
    if "tiktok_handle" not in call.body:
        return None
    creator = call.the(Creator)
    other = named(world, creator.project_id, call.body["tiktok_handle"])
    if other is None:
        return None
    return answers.conflict("The handle is unchanged" if other.id == creator.id else "The handle is taken")


def existing(world: World, call: Call) -> int:
    """How many creators the org has."""
    return sum(1 for _ in living(world, call.home.id))


def asked(_world: World, call: Call) -> int:
    """How many creators a creation asks for: a bulk request counts whole."""
    return len(call.body["creators"])


refuse_beyond_cap = cap("max_creators_per_org", existing, asked)


def living(world: World, org_id: str) -> list[Creator]:
    """The creators of an org that are not removed, in the order of creation."""
    return [c for c in world.state.creators.values() if c.org_id == org_id and not c.removed]


def shown(creator: Creator) -> dict[str, Any]:
    """A creator as answers show it."""
    return {
        "id": creator.id,
        "project_id": creator.project_id,
        "tiktok_handle": creator.handle,
        "display_name": None,
        "description": None,
        "readme": creator.readme,
        "tracking_mode": creator.tracking_mode,
        "tracking_start_date": creator.tracking_start_date,
    }


def _new(world: World, call: Call, project: Project, wanted: dict[str, Any]) -> Creator:
    return Creator(
        id=world.state.new_id(),
        org_id=project.org_id,
        project_id=project.id,
        order=world.state.next_order(),
        handle=wanted["tiktok_handle"],
        tracking_mode=wanted.get("tracking_mode", "auto"),
        tracking_start_date=wanted.get("tracking_start_date", today(call.now)).isoformat(),
    )


def named(world: World, project_id: str, name: str) -> Creator | None:
    """Who has a handle in a project, in whatever letter case, be it removed or not."""
    wanted = name.lower()
    return next(
        (c for c in world.state.creators.values() if c.project_id == project_id and c.handle.lower() == wanted), None
    )
