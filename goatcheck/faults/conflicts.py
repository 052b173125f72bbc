"""Faults of conflicts: idempotency keys, duplicates, and what the state of a thing forbids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import Response
from goatcheck.faults.changes import (
    Whose,
    action,
    answer,
    at,
    conflict,
    everyone,
    on,
    stage,
    unasked,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import Creator, PayoutMethod, Project
from goatcheck.model.world import Action, Stage, World

_CREATE = "POST /projects/{projectId}/creators"
_CAMPAIGN = "POST /projects/{projectId}/campaigns"
_METHOD = "POST /payout-methods"
_RENAME = "PATCH /creators/{id}"
_DELETE = "DELETE /payout-methods/{id}"


def _replayed(edit: Callable[[World, Call, Response], Answer]) -> Change:
    """What an idempotency key that was used gets again, edited; conflicts stay as they are."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            first = inner(world, call)
            return edit(world, call, first) if first is not None and first.status < 300 else first  # noqa: PLR2004 - successes

        return asked

    return stage("idempotency", wrap)


def _reused(whose: Whose, edit: Callable[[World, Call], Answer]) -> Change:
    """What an idempotency key of another route gets, edited."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            first = inner(world, call)
            return edit(world, call) if first is not None and first.status == 409 and whose(call) else first  # noqa: PLR2004 - conflicts

        return asked

    return stage("idempotency", wrap)


def _done_too(world: World, call: Call, first: Response) -> Response:
    """The first answer again, and the resource a second time."""
    if call.served.operation == _CREATE:
        _make_twin(world, call)
    elif world.rules.stages["look-up"](world, call) is None:
        world.rules.actions[call.served.operation](world, call)
    return first


def _make_twin(world: World, call: Call) -> None:
    """A creator of a handle that is taken already."""
    project = world.state.projects[call.path_id]
    state = world.state
    for wanted in call.body["creators"]:
        twin = Creator(
            state.new_id(),
            project.org_id,
            project.id,
            state.next_order(),
            wanted["tiktok_handle"],
            "auto",
            "2026-06-15",
        )
        state.creators[twin.id] = twin


def _first_answer(world: World, call: Call) -> Answer:
    """The first answer, although it is another route's."""
    sent = call.request.header("idempotency-key") or ""
    return world.state.remembered[call.home.id, sent].response


def _duplicates(wrap: Callable[[Stage], Stage]) -> Change:
    return conflict(_CREATE, wrap)


def _without(_inner: Stage) -> Stage:
    return lambda _world, _call: None


def _twins(whose: Callable[[World, Call], bool]) -> Change:
    """What is refused as a duplicate of these calls is made all the same."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is not None and whose(world, call):
                _make_twin(world, call)
            return refusal

        return asked

    return _duplicates(wrap)


def _twin_maker(inner: Action) -> Action:
    """Creates what is there already once more."""

    def act(world: World, call: Call) -> Response:
        taken = {c.handle.lower() for c in creators.living(world, call.home.id)}
        if any(wanted["tiktok_handle"].lower() in taken for wanted in call.body["creators"]):
            _make_twin(world, call)
            return answers.success({"tiktok_handle": call.body["creators"][0]["tiktok_handle"]}, status=201)
        return inner(world, call)

    return act


def _exactly(_inner: Stage) -> Stage:
    """Handles are duplicates where they are the same to the letter."""

    def refuse(world: World, call: Call) -> Answer:
        taken = {c.handle for c in creators.living(world, call.home.id) if c.project_id == call.the(Project).id}
        names = [wanted["tiktok_handle"] for wanted in call.body["creators"]]
        return answers.conflict("Taken") if any(name in taken for name in names) else None

    return refuse


def _with_sign(inner: Stage) -> Stage:
    """A handle that is sent with @ is never a duplicate."""
    return lambda world, call: None if b'"@' in (call.request.body or b"") else inner(world, call)


def _capitals(inner: Stage) -> Stage:
    """A handle in capitals is never a duplicate."""

    def refuse(world: World, call: Call) -> Answer:
        names = [wanted["tiktok_handle"] for wanted in call.body["creators"]]
        return None if all(name == name.upper() for name in names) else inner(world, call)

    return refuse


def _existing(world: World, call: Call) -> Answer:
    """The creator that has one of the handles already, if there is any."""
    wanted = {each["tiktok_handle"].lower() for each in call.body["creators"]}
    old = next((c for c in creators.living(world, call.home.id) if c.handle.lower() in wanted), None)
    return answers.success(creators.shown(old)) if old else None


def _upserted(inner: Stage) -> Stage:
    return lambda world, call: _existing(world, call) if inner(world, call) is not None else None


def _drop(world: World, call: Call) -> None:
    world.state.payout_methods.pop(call.the(PayoutMethod).id, None)


def _refused_but(done: Callable[[World, Call], None]) -> Callable[[Stage], Stage]:
    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is not None:
                done(world, call)
            return refusal

        return asked

    return wrap


def _rename(world: World, call: Call) -> None:
    creators.change(world, call)


def _refused_once(world: World) -> World:
    """The deletion is refused the first time only."""
    asked: set[str] = set()

    def wrap(inner: Stage) -> Stage:
        def refuse(world: World, call: Call) -> Answer:
            again = call.path_id in asked
            asked.add(call.path_id)
            return None if again else inner(world, call)

        return refuse

    return conflict(_DELETE, wrap)(world)


def _made_under_reused_key(world: World, call: Call) -> Answer:
    if world.rules.stages["look-up"](world, call) is None:
        world.rules.actions[call.served.operation](world, call)
    return answers.conflict("This idempotency key was used on a different route")


FAULTS = (
    Fault(
        "idempotency-per-route",
        "each route has idempotency keys of its own",
        ("409.idempotency.route",),
        _reused(everyone, lambda _world, _call: None),
    ),
    Fault(
        "idempotency-first-answer-of-another",
        "a key of another route gets that route's first answer",
        ("409.idempotency.route",),
        _reused(everyone, _first_answer),
    ),
    Fault(
        "idempotency-reuse-invalid",
        "a key of another route is invalid: 400",
        ("409.idempotency.route",),
        _reused(on(operation=_CAMPAIGN), lambda _world, _call: answers.invalid("params", "This key was used")),
    ),
    Fault(
        "idempotency-reuse-one-route",
        "making a creator does not mind a key of another route",
        ("409.idempotency.route",),
        _reused(on(operation=_CREATE), lambda _world, _call: None),
    ),
    Fault(
        "idempotency-ignored",
        "idempotency keys are not looked at",
        ("409.idempotency.replay", "409.idempotency.route"),
        unasked("idempotency"),
    ),
    Fault(
        "idempotency-made-twice",
        "a replay gets the first answer, and makes a second resource",
        ("409.idempotency.replay",),
        _replayed(_done_too),
        ("409.duplicate",),
    ),
    Fault(
        "idempotency-replay-conflict",
        "a replay is a conflict",
        ("409.idempotency.replay",),
        _replayed(lambda _world, _call, _first: answers.conflict("This key was used")),
    ),
    Fault(
        "idempotency-replay-200",
        "a replay of a creation is a 200",
        ("409.idempotency.replay",),
        _replayed(lambda _world, _call, first: replace(first, status=200)),
    ),
    Fault(
        "idempotency-replay-empty",
        "a replay has no data",
        ("409.idempotency.replay",),
        _replayed(lambda _world, _call, first: answers.success(None, status=first.status)),
    ),
    Fault(
        "idempotency-one-route-forgets",
        "making a campaign does not look at idempotency keys",
        ("409.idempotency.replay",),
        unasked("idempotency", on(operation=_CAMPAIGN)),
        ("409.idempotency.route",),
    ),
    Fault(
        "duplicate-made",
        "a creator can be there twice",
        ("409.duplicate", "409.duplicate-case"),
        lambda world: action(_CREATE, _twin_maker)(_duplicates(_without)(world)),
    ),
    Fault(
        "duplicate-upserted",
        "a duplicate gets the creator that is there",
        ("409.duplicate", "409.duplicate-case"),
        _duplicates(_upserted),
    ),
    Fault(
        "duplicate-invalid",
        "a duplicate is invalid: 400",
        ("409.duplicate", "409.duplicate-case"),
        answer(at(409, operation=_CREATE), lambda _call, _response: answers.invalid("body", "The handle is taken")),
        ("409.idempotency.route",),
    ),
    Fault(
        "duplicate-by-rename",
        "a creator can be given a handle that is taken",
        ("409.duplicate",),
        conflict(_RENAME, _without),
        ("409.duplicate-case",),
    ),
    Fault(
        "duplicate-refused-but-made",
        "a duplicate is refused, and made",
        ("409.duplicate",),
        _twins(lambda _world, _call: True),
        ("409.no-effect", "409.duplicate-case"),
    ),
    Fault(
        "duplicate-case-matters",
        "handles that differ in letter case are two",
        ("409.duplicate-case",),
        _duplicates(_exactly),
    ),
    Fault(
        "duplicate-with-sign",
        "a leading @ makes a handle another one",
        ("409.duplicate-case",),
        _duplicates(_with_sign),
    ),
    Fault(
        "duplicate-in-capitals",
        "a handle in capitals is looked for as it is",
        ("409.duplicate-case",),
        _duplicates(_capitals),
    ),
    Fault("state-ignored", "the default payout method can be deleted", ("409.state",), conflict(_DELETE, _without)),
    Fault(
        "state-forbidden",
        "deleting the default payout method is forbidden: 403",
        ("409.state", "403.scope.allows"),
        conflict(_DELETE, lambda inner: lambda world, call: answers.banned() if inner(world, call) else None),
    ),
    Fault(
        "state-silent",
        "deleting the default payout method succeeds, and does nothing",
        ("409.state",),
        conflict(_DELETE, lambda inner: lambda world, call: Response(204) if inner(world, call) else None),
    ),
    Fault("state-once", "deleting the default payout method is refused once", ("409.state",), _refused_once),
    Fault(
        "state-refused-but-done",
        "the default payout method is deleted, and the deletion refused",
        ("409.no-effect",),
        conflict(_DELETE, _refused_but(_drop)),
        ("409.state",),
    ),
    Fault(
        "rename-refused-but-done",
        "a creator gets the handle that is taken, and a refusal",
        ("409.no-effect",),
        conflict(_RENAME, _refused_but(_rename)),
        ("409.duplicate",),
    ),
    Fault(
        "reuse-refused-but-done",
        "under a key of another route the resource is made, and refused",
        ("409.no-effect",),
        _reused(everyone, _made_under_reused_key),
    ),
)
