"""Faults of look-up: what is not there, and what belongs to others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from goatcheck.exchange import Response
from goatcheck.faults.changes import (
    Whose,
    action,
    conflict,
    everyone,
    on,
    stage,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers, campaigns, creators, payout_methods
from goatcheck.model.call import Answer, Call
from goatcheck.model.listing import page
from goatcheck.model.world import Stage, World

_SHOW = "GET /payout-methods/{id}"
_DATABASE = 'insert or update on table "creators" violates foreign key constraint "creators_project_id_fkey"'


def _found(world: World, call: Call) -> Any:
    """What the path's id means in any org, or None."""
    target = call.served.target
    return getattr(world.state, target).get(call.path_id) if target else None


def _is_foreign(world: World, call: Call) -> bool:
    found = _found(world, call)
    return found is not None and found.org_id != call.home.id


def _is_removed(world: World, call: Call) -> bool:
    found = _found(world, call)
    return found is not None and bool(getattr(found, "removed", False))


Decides = Callable[[World, Call], bool]


def _absent(world: World, call: Call) -> bool:
    return _found(world, call) is None


def _told(decides: Decides, whose: Whose, response: Response) -> Change:
    """What a look-up refuses is told otherwise."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            return response if refusal is not None and whose(call) and decides(world, call) else refusal

        return asked

    return stage("look-up", wrap)


def _across(whose: Whose) -> Change:
    """The look-up of these calls does not mind whose a thing is."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            if whose(call) and _is_foreign(world, call) and not _is_removed(world, call):
                call.found = _found(world, call)
                return None
            return inner(world, call)

        return asked

    return stage("look-up", wrap)


def _done_across(whose: Whose) -> Change:
    """What these calls ask of foreign things is done, and refused."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is not None and whose(call) and _is_foreign(world, call):
                attempt = replace(call, found=_found(world, call))
                world.rules.actions[call.served.operation](world, attempt)
            return refusal

        return asked

    return stage("look-up", wrap)


def _list_creators(world: World, call: Call) -> Response:
    """With a project in the query, the creators of that project, whoever asks."""
    project = call.query.get("project_id")
    rows = [
        creator
        for creator in world.state.creators.values()
        if not creator.removed and (creator.project_id == project if project else creator.org_id == call.home.id)
    ]
    return page(world, call, rows, creators.shown)


def _search_creators(world: World, call: Call) -> Response:
    """A search finds the creators of every org."""
    word = call.query.get("search", "").lower()
    rows = [
        creator
        for creator in world.state.creators.values()
        if not creator.removed and (word in creator.handle.lower() if word else creator.org_id == call.home.id)
    ]
    return page(world, call, rows, creators.shown)


def _list_methods(world: World, _call: Call) -> Response:
    return answers.success([payout_methods.shown(method) for method in world.state.payout_methods.values()])


def _list_campaigns(world: World, call: Call) -> Response:
    """The campaigns of every org stand behind the own ones."""
    own = [c for c in world.state.campaigns.values() if c.org_id == call.home.id]
    others = [c for c in world.state.campaigns.values() if c.org_id != call.home.id]
    return page(world, call, [*own, *others], campaigns.shown)


def _list_projects(world: World, _call: Call) -> Response:
    return answers.success([{"id": p.id, "name": p.name} for p in world.state.projects.values()])


def _list_videos(world: World, call: Call) -> Response:
    """With a creator in the query, the videos of that creator, whoever asks."""
    creator = call.query.get("creator_id")
    rows = [
        video
        for video in world.state.videos.values()
        if (video.creator_id == creator if creator else video.org_id == call.home.id)
    ]
    return page(world, call, rows, lambda video: {"id": video.id, "creator_id": video.creator_id, "views": video.views})


def _show_analytics(_inner: Stage) -> Stage:
    """Figures of anything, whoever it belongs to."""

    def refuse(world: World, call: Call) -> Answer:
        found = getattr(world.state, call.query["entity"] + "s").get(call.query["entity_id"])
        return answers.not_found(call.query["entity"]) if found is None else None

    return refuse


FAULTS = (
    Fault(
        "absent-patch-upserts",
        "changing what is not there succeeds",
        ("404.absent",),
        _told(_absent, on(method="PATCH"), answers.success({})),
        ("404.foreign",),
    ),
    Fault(
        "absent-delete-succeeds",
        "deleting what is not there succeeds",
        ("404.absent",),
        _told(_absent, on(operation="DELETE /campaigns/{id}"), Response(204)),
    ),
    Fault(
        "absent-read-null",
        "an absent payout method is a success without data",
        ("404.absent",),
        _told(_absent, on(operation=_SHOW), answers.success(None)),
    ),
    Fault(
        "absent-list-empty",
        "the goal compliance of an absent project is empty",
        ("404.absent",),
        _told(_absent, on(operation="GET /projects/{projectId}/goal-compliance"), answers.success([])),
    ),
    Fault(
        "absent-bad-request",
        "an absent project is invalid",
        ("404.absent",),
        _told(
            _absent, on(operation="POST /projects/{projectId}/campaigns"), answers.invalid("params", "No such project")
        ),
        ("400.code-place",),
    ),
    Fault(
        "absent-forbidden",
        "what is absent is forbidden",
        ("404.absent", "403.scope.allows"),
        _told(_absent, on(operation="PATCH /creators/{id}"), answers.banned()),
    ),
    Fault(
        "absent-foreign-key-fails",
        "creating in an absent project fails in the database",
        ("404.absent", "500.never", "error.no-leak"),
        _told(
            _absent,
            on(operation="POST /projects/{projectId}/creators"),
            answers.failure(500, _DATABASE, {"code": "internal_error"}),
        ),
    ),
    Fault(
        "absent-gone",
        "an absent payout method is gone: 410",
        ("404.absent", "410.only-removed"),
        _told(_absent, on(operation="DELETE /payout-methods/{id}"), answers.gone()),
        ("404.foreign",),
    ),
    Fault(
        "deleted-gone",
        "a creator that was deleted is gone: 410",
        ("410.only-removed",),
        _told(_is_removed, on(), answers.gone()),
        ("404.foreign",),
    ),
    Fault(
        "foreign-forbidden",
        "what belongs to another org is forbidden: 403",
        ("404.foreign", "404.indistinguishable", "403.scope.allows"),
        _told(_is_foreign, everyone, answers.banned()),
    ),
    Fault(
        "foreign-method-readable",
        "payout methods of another org can be read",
        ("404.foreign",),
        _across(on(operation=_SHOW)),
        ("404.indistinguishable",),
    ),
    Fault(
        "foreign-campaign-changeable",
        "campaigns of another org can be changed",
        ("404.foreign", "404.foreign-no-effect"),
        _across(on(operation="PATCH /campaigns/{id}")),
        ("404.indistinguishable",),
    ),
    Fault(
        "foreign-creator-deletable",
        "creators of another org can be deleted",
        ("404.foreign", "404.foreign-no-effect"),
        _across(on(operation="DELETE /creators/{id}")),
        ("404.indistinguishable",),
    ),
    Fault(
        "foreign-project-writable",
        "creators can be made in a project of another org",
        ("404.foreign", "404.foreign-no-effect"),
        _across(on(operation="POST /projects/{projectId}/creators")),
        ("404.indistinguishable",),
    ),
    Fault(
        "foreign-compliance-readable",
        "the goal compliance of another org's project can be read",
        ("404.foreign",),
        _across(on(operation="GET /projects/{projectId}/goal-compliance")),
        ("404.indistinguishable",),
    ),
    Fault(
        "foreign-creators-by-project",
        "the project in a query is not held against the org",
        ("404.foreign",),
        action("GET /creators", lambda _inner: _list_creators),
    ),
    Fault(
        "foreign-creators-by-search",
        "a search finds creators of every org",
        ("404.foreign",),
        action("GET /creators", lambda _inner: _search_creators),
    ),
    Fault(
        "foreign-methods-listed",
        "the list of payout methods shows those of every org",
        ("404.foreign",),
        action("GET /payout-methods", lambda _inner: _list_methods),
    ),
    Fault(
        "foreign-campaigns-listed",
        "the list of campaigns shows those of every org",
        ("404.foreign",),
        action("GET /campaigns", lambda _inner: _list_campaigns),
    ),
    Fault(
        "foreign-projects-listed",
        "the list of projects shows those of every org",
        ("404.foreign",),
        action("GET /projects", lambda _inner: _list_projects),
    ),
    Fault(
        "foreign-videos-by-creator",
        "the creator in a query of videos is not held against the org",
        ("404.foreign",),
        action("GET /videos", lambda _inner: _list_videos),
    ),
    Fault(
        "foreign-figures",
        "analytics tell the figures of any creator, whoever it belongs to",
        ("404.foreign",),
        conflict("GET /analytics", _show_analytics),
    ),
    Fault(
        "foreign-text",
        "what belongs to another org is told in other words",
        ("404.indistinguishable",),
        _told(_is_foreign, everyone, answers.failure(404, "This resource belongs to another organisation")),
    ),
    Fault(
        "foreign-code",
        "what belongs to another org has a code",
        ("404.indistinguishable",),
        _told(_is_foreign, on(method="GET"), answers.failure(404, "No such payout method", {"code": "foreign"})),
    ),
    Fault(
        "foreign-told-by-method",
        "deleting what belongs to another org is told in other words",
        ("404.indistinguishable",),
        _told(_is_foreign, on(method="DELETE"), answers.not_found("resource of yours")),
    ),
    Fault(
        "foreign-refused-but-changed",
        "a change of another org's payout method is refused, and done",
        ("404.foreign-no-effect",),
        _done_across(on(operation="PATCH /payout-methods/{id}")),
    ),
    Fault(
        "foreign-refused-but-deleted",
        "the deletion of another org's campaign is refused, and done",
        ("404.foreign-no-effect",),
        _done_across(on(operation="DELETE /campaigns/{id}")),
    ),
    Fault(
        "foreign-refused-but-created",
        "creating in another org's project is refused, and done",
        ("404.foreign-no-effect",),
        _done_across(on(operation="POST /projects/{projectId}/campaigns")),
    ),
)
