"""Scenes that look at what there is on a target; the api plays each once for a key."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from goatcheck.conduct.resources import KINDS, id_of, items_of
from goatcheck.errors import Inconclusive, NotExercised

if TYPE_CHECKING:
    from goatcheck.conduct.api import Api
    from goatcheck.profile.parts import Key


def first_project(api: Api, key: Key) -> str:
    """The id of the first project that a key sees, which is made things in from now on; Inconclusive where it sees none."""
    answer = api.send(api.endpoint("GET /projects").valid(), key, cause="look")
    found = next(filter(None, map(id_of, items_of(answer))), "")
    if not found:
        raise Inconclusive(f"the key {key.name} sees no project (GET /projects: {answer.summary})")
    api.workshop.homes.add(found.lower())
    return found


def known_ids(api: Api, key: Key) -> dict[str, str]:
    """Ids by kind of what a key sees: its project, and one thing of each kind that this run did not make. Where there is
    none, one is made if that is allowed.
    """
    ids = {"project": api.fixture("project")} if "project" in api.profile.fixtures and key.org == "main" else {}
    for kind, about in KINDS.items():
        answer = api.send(api.endpoint(about.lists).valid(), key, cause="look")
        items = list(filter(id_of, items_of(answer)))
        # what this run made for something else may be gone when it is asked for
        first = next((item for item in items if not api.workshop.is_ours(kind, item)), {})
        if first:
            ids[kind] = first["id"]
        if isinstance(first.get("project_id"), str):
            ids.setdefault("project", first["project_id"])
    if "project" not in ids:
        projects = items_of(api.send(api.endpoint("GET /projects").valid(), key, cause="look"))
        if projects and id_of(projects[0]):
            ids["project"] = id_of(projects[0])
    owner = api.key("full")
    if owner is not None and owner.org == key.org and api.profile.writes and "project" in ids:
        for kind in [kind for kind in KINDS if kind not in ids]:
            with suppress(NotExercised, Inconclusive):
                ids[kind] = api.workshop.own(kind, owner).id
    seeded = api.profile.fixtures.get("default_payout_method")
    return {"payout_method": seeded.id, **ids} if seeded and key.org == "main" else ids
