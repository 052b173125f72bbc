"""Lists, page by page, and the resources that are only listed: projects and videos."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from goatcheck.exchange import Response
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call, Refused
from goatcheck.model.state import Project, Video

if TYPE_CHECKING:
    from goatcheck.model.world import World


class Listed(Protocol):
    """What a list is made of: `order` is its place in the order of creation."""

    @property
    def order(self) -> int:
        """The place."""
        ...


Row = TypeVar("Row", bound=Listed)


def look_up(world: World, call: Call) -> Answer:
    """Find what the path's id means; 404 where it means nothing, or nothing of the key's org."""
    target = call.served.target
    if not target:
        return None
    found = getattr(world.state, target).get(call.path_id)
    if found is None or found.org_id != call.home.id or getattr(found, "removed", False):
        return answers.not_found(target.rstrip("s").replace("_", " "))
    call.found = found
    return None


def page(world: World, call: Call, rows: Iterable[Row], shown: Callable[[Row], Any]) -> Response:
    """The rows after the query's cursor, at most its limit; `meta.nextCursor` leads to the next page, null at the end."""
    limit, after = call.query.get("limit", world.rules.numbers.default_page), call.query.get("cursor", 0)
    rest = [row for row in rows if row.order > after]
    told = rest[:limit]
    following = write_cursor(told[-1].order) if len(rest) > limit else None
    return answers.success([shown(row) for row in told], {"limit": limit, "nextCursor": following})


def write_cursor(order: int) -> str:
    """The cursor that leads to what comes after the place `order`."""
    return base64.urlsafe_b64encode(f"after:{order}".encode()).decode().rstrip("=")


def read_cursor(value: Any) -> int:
    """The place that a cursor tells of; raises Refused for what is no cursor of ours."""
    try:
        plain = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        plain = b""
    place = re.fullmatch(rb"after:([0-9]{1,15})", plain)
    if place is None:
        raise Refused("must be a cursor from an earlier answer")
    return int(place[1])


def list_projects(world: World, call: Call) -> Response:
    """The org's projects, all of them."""
    return answers.success([_project(p) for p in world.state.projects.values() if p.org_id == call.home.id])


def list_videos(world: World, call: Call) -> Response:
    """The org's videos, of a project or creator where the query names one."""
    project, creator = call.query.get("project_id"), call.query.get("creator_id")
    rows = (
        video
        for video in world.state.videos.values()
        if video.org_id == call.home.id and project in (None, video.project_id) and creator in (None, video.creator_id)
    )
    return page(world, call, rows, show_video)


def show_health(_world: World, _call: Call) -> Response:
    """The plain success of the admin area."""
    return answers.success({"status": "ok"})


def _project(project: Project) -> dict[str, Any]:
    return {"id": project.id, "name": project.name}


def show_video(video: Video) -> dict[str, Any]:
    """A video as lists show it."""
    return {
        "id": video.id,
        "project_id": video.project_id,
        "creator_id": video.creator_id,
        "views": video.views,
    }
