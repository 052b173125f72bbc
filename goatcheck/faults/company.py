"""Faults that show in company alone: of another kind of thing, beside a note or a sign, after a change, to who asks next."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import MISSING, Request, Response
from goatcheck.faults.changes import (
    Whose,
    action,
    cap,
    on,
    refusing,
    ruled,
    stage,
    together,
)
from goatcheck.faults.fault import Fault
from goatcheck.faults.racing import let_others_in
from goatcheck.faults.reading import body_read
from goatcheck.model import answers, creators, listing
from goatcheck.model.call import Answer, BodyReader, Call, Refused
from goatcheck.model.world import Action, Rules, Stage, Step, World

_CREATE = "POST /projects/{projectId}/creators"
_RENAME = "PATCH /creators/{id}"
_EDIT = "PATCH /campaigns/{id}"
_ITEMS = "POST /campaigns/{id}/items"
_CAMPAIGNS = "GET /campaigns"
_REMOVE = "DELETE /payout-methods/{id}"
_METHOD = "GET /payout-methods/{id}"
_NEW_NAME = "PATCH /payout-methods/{id}"
_CREATOR_CAP = "max_creators_per_org"
_BARE = re.compile(r"%(?![0-9a-fA-F]{2})")


def _asks(call: Call) -> dict[str, object]:
    """The members of the body, none where it is no object."""
    value = call.request.document.value
    return value if isinstance(value, dict) else {}


def _note_kept(inner: Stage) -> Stage:
    """Where this refuses to change a campaign, the note that came with it is kept all the same."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        found, note = world.state.campaigns.get(call.path_id), _asks(call).get("readme")
        if refusal is not None and on(operation=_EDIT)(call) and found and isinstance(note, str):
            world.state.campaigns[found.id] = replace(found, readme=note)
        return refusal

    return asked


def _without_nan(inner: Stage) -> Stage:
    """NaN in a body is taken for null."""

    def asked(world: World, call: Call) -> Answer:
        body = call.request.body or b""
        if call.request.document.value is MISSING and b"NaN" in body:
            call.request = replace(call.request, body=body.replace(b"NaN", b"null"))
        return inner(world, call)

    return asked


def _ends_in_a_letter(inner: BodyReader) -> BodyReader:
    """A handle has to end in a letter or digit."""

    def read(value: object) -> dict[str, object]:
        known = inner(value)
        if not all(str(each["tiktok_handle"])[-1].isalnum() for each in known["creators"]):
            raise Refused("has a handle that ends in a sign")
        return known

    return read


def _in_part(inner: Stage) -> Stage:
    """A deletion with a body that is no JSON is refused, and done."""

    def asked(world: World, call: Call) -> Answer:
        found = world.state.payout_methods.get(call.path_id)
        broken = bool(call.request.body) and call.request.document.value is MISSING
        if on(operation=_REMOVE)(call) and broken and found and found.org_id == call.home.id and not found.seeded:
            del world.state.payout_methods[found.id]
            return answers.invalid("body", "The request body must be JSON")
        return inner(world, call)

    return asked


def _of_kind(kind: str) -> Whose:
    """Calls that put such a thing into a campaign."""
    return lambda call: on(operation=_ITEMS)(call) and _asks(call).get("item_type") == kind


def _free(kind: str) -> Callable[[Stage], Stage]:
    """Such things are not held against a campaign's cap."""
    return lambda inner: lambda world, call: None if _of_kind(kind)(call) else inner(world, call)


def _late_for_bulks(world: World) -> World:
    """Bulks look at the creators' cap and act a moment later."""
    mine = threading.local()

    def around(world: World, request: Request, step: Step) -> Response:
        mine.found = None
        key = world.state.keys.get((request.header("authorization") or "").removeprefix("Bearer "))
        if key and request.path.endswith("/creators") and b'"creators"' in (request.body or b""):
            mine.found = len(creators.living(world, key.org_id))
            let_others_in()
        return step(request)

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            most = call.home.plan.caps[_CREATOR_CAP]
            if mine.found is None or mine.found + len(call.body["creators"]) > most:
                return inner(world, call)
            return None

        return asked

    def late(rules: Rules) -> Rules:
        return replace(rules, around=around)

    return together(ruled(late), cap(_CREATE, wrap))(world)


def _cached_for_all(world: World) -> World:
    """What is listed at an address is said again to whoever asks, until campaigns are written."""
    known: dict[str, Response] = {}

    def wrap(inner: Action) -> Action:
        def listed(world: World, call: Call) -> Response:
            address = call.request.target
            known[address] = known.get(address) or inner(world, call)
            return known[address]

        return listed

    def forgetful(_world: World, call: Call, response: Response) -> Response:
        if call.method != "GET" and "/campaigns" in call.request.path:
            known.clear()
        return response

    forget = ruled(lambda rules: rules.with_ending("forget", forgetful))
    return together(action(_CAMPAIGNS, wrap), forget)(world)


def _shown_once_renamed(world: World) -> World:
    """What was renamed is shown to every org."""
    renamed: set[str] = set()

    def wrap_action(inner: Action) -> Action:
        def rename(world: World, call: Call) -> Response:
            renamed.add(call.path_id)
            return inner(world, call)

        return rename

    def wrap_stage(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            found = world.state.payout_methods.get(call.path_id)
            if found and found.id in renamed and on(operation=_METHOD)(call):
                call.found = found
                return None
            return inner(world, call)

        return asked

    return together(action(_NEW_NAME, wrap_action), stage("look-up", wrap_stage))(world)


def _unscoped_with_limit(inner: Action) -> Action:
    """A project's creators are listed for every org where a limit is told."""

    def listed(world: World, call: Call) -> Response:
        project = call.query.get("project_id")
        if not project or "limit=" not in call.request.query:
            return inner(world, call)
        of_all = [c for c in world.state.creators.values() if c.project_id == project and not c.removed]
        return listing.page(world, call, of_all, creators.shown)

    return listed


def _taken_there(inner: Stage) -> Stage:
    """Whether a handle is taken is asked before whose the creator is."""

    def asked(world: World, call: Call) -> Answer:
        found = world.state.creators.get(call.path_id)
        asked_for = call.body.get("tiktok_handle", "") if on(operation=_RENAME)(call) else ""
        foreign = found is not None and found.org_id != call.home.id
        if found and foreign and asked_for and creators.named(world, found.project_id, asked_for):
            return answers.conflict("The handle is taken")
        return inner(world, call)

    return asked


FAULTS = (
    Fault(
        "fails-on-bare-percent",
        "a query with a percent sign that encodes nothing makes the server fail",
        ("500.never",),
        refusing("query", lambda call: bool(_BARE.search(call.request.query)), answers.internal_error()),
    ),
    Fault(
        "valid-handle-ends-in-a-letter",
        "a handle that ends in a dot, an underscore or a hyphen is refused",
        ("400.accepts-valid",),
        body_read(_CREATE, _ends_in_a_letter),
        needs=("requests",),
    ),
    Fault(
        "body-nan-for-null",
        "NaN in the body of a campaign's change is taken for null",
        ("400.body",),
        stage("body", _without_nan),
        needs=("requests",),
    ),
    Fault(
        "invalid-change-keeps-note",
        "a campaign's change that is refused as invalid keeps the note beside what is wrong",
        ("400.no-effect",),
        stage("body", _note_kept),
    ),
    Fault(
        "invalid-deletion-done",
        "the deletion of a payout method with a body that is no JSON is refused, and done",
        ("400.no-effect",),
        stage("look-up", _in_part),
        needs=("requests",),
    ),
    Fault(
        "scope-refused-note-kept",
        "a campaign's change without the write scope is refused, and the note in it kept",
        ("403.no-effect",),
        stage("scope", _note_kept),
    ),
    Fault(
        "scope-items-of-campaigns",
        "a key that may only read can put campaigns into campaigns",
        ("403.scope.write",),
        stage("scope", _free("campaign")),
        ("403.scope.first",),
        needs=("requests",),
    ),
    Fault(
        "cap-items-of-campaigns-free",
        "campaigns in a campaign are not held against its cap",
        ("402.limit.enforced",),
        cap(_ITEMS, _free("campaign")),
        needs=("creates",),
    ),
    Fault(
        "cap-items-of-creators-free",
        "creators in a campaign are not held against its cap",
        ("402.limit.enforced",),
        cap(_ITEMS, _free("creator")),
        needs=("creates",),
    ),
    Fault(
        "limit-race-of-bulks",
        "bulks look at the creators' cap and act a moment later",
        ("402.limit.atomic",),
        _late_for_bulks,
        needs=("creates",),
    ),
    Fault(
        "foreign-campaigns-from-a-cache",
        "campaigns that were listed for one org are shown to another that asks next",
        ("404.foreign",),
        _cached_for_all,
        needs=("requests",),
    ),
    Fault(
        "foreign-once-renamed",
        "a payout method that was renamed is shown to every org",
        ("404.foreign",),
        _shown_once_renamed,
        needs=("requests",),
    ),
    Fault(
        "foreign-creators-with-limit",
        "a project's creators are listed for every org where a limit is told",
        ("404.foreign",),
        action("GET /creators", _unscoped_with_limit),
        needs=("requests",),
    ),
    Fault(
        "foreign-handle-taken-first",
        "the rename of another org's creator to a handle that is taken there is a conflict",
        ("404.foreign",),
        stage("look-up", _taken_there),
        needs=("requests",),
    ),
)
"""Faults of all sections that show in company alone."""
