"""The changes that faults are made of: other answers, other stages, other actions of a world."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from goatcheck.exchange import MISSING, Response
from goatcheck.faults.fault import Change
from goatcheck.model.call import Answer, Call
from goatcheck.model.world import Action, Rules, Stage, World

Which = Callable[[Call, Response], bool]
"""Tells the answers that a change is about."""

Whose = Callable[[Call], bool]
"""Tells the calls that a change is about."""

Edit = Callable[[Call, Response], Response]
"""Another answer in place of the right one."""

Names = str | Collection[str]


def ruled(change: Callable[[Rules], Rules]) -> Change:
    """A change of the rules alone."""
    return lambda world: replace(world, rules=change(world.rules))


def together(*changes: Change) -> Change:
    """Several changes, one after another."""

    def apply(world: World) -> World:
        for change in changes:
            world = change(world)
        return world

    return apply


# Which calls and answers


def on(*, operation: Names = (), method: Names = (), path: str = "") -> Whose:
    """Calls of one of these operations and methods, and with this text in the path; what is left out does not matter."""

    def whose(call: Call) -> bool:
        known = call.route.operation if call.route else ""
        return (
            (not operation or known in _several(operation))
            and (not method or call.method in _several(method))
            and path in call.request.path
        )

    return whose


def at(status: int, *, code: Any = MISSING, operation: Names = (), method: Names = (), path: str = "") -> Which:
    """Answers of one status, with one `meta.code` if given, to one of these operations and methods."""
    whose = on(operation=operation, method=method, path=path)
    return lambda call, response: (
        response.status == status and whose(call) and (code is MISSING or response.meta.get("code") == code)
    )


def successes(*, operation: Names = (), method: Names = ()) -> Which:
    """Answers of 2xx to one of these operations and methods."""
    whose = on(operation=operation, method=method)
    return lambda call, response: response.status < 300 and whose(call)  # noqa: PLR2004 - where redirects begin


def both(which: Which, whose: Whose) -> Which:
    """Answers that the one tells, to calls that the other tells."""
    return lambda call, response: which(call, response) and whose(call)


def everyone(_call: Call) -> bool:
    """Every call."""
    return True


# Other answers


def answer(which: Which, *edits: Edit) -> Change:
    """Answers that `which` tells get these edits, in order."""

    def ending(_world: World, call: Call, response: Response) -> Response:
        if which(call, response):
            for edit in edits:
                response = edit(call, response)
        return response

    return ruled(lambda rules: rules.with_ending(f"fault {len(rules.endings)}", ending))


def members(**values: Any) -> Edit:
    """The body with these members; MISSING takes one away."""
    return lambda _call, response: with_json(response, _changed(response.document.value, values))


def meta(**values: Any) -> Edit:
    """The body with these members in `meta`; MISSING takes one away."""

    def edit(_call: Call, response: Response) -> Response:
        body = response.document.value
        return with_json(response, {**body, "meta": _changed(body.get("meta") or {}, values)})

    return edit


def status(number: int) -> Edit:
    """The same answer under another status."""
    return lambda _call, response: replace(response, status=number)


def header(name: str, *values: str) -> Edit:
    """The answer with these values in a header field; without any, without the field."""

    def edit(_call: Call, response: Response) -> Response:
        kept = tuple(field for field in response.headers if field[0].lower() != name.lower())
        return replace(response, headers=(*kept, *((name, value) for value in values)))

    return edit


def body(content: bytes, media_type: str = "application/json; charset=utf-8") -> Edit:
    """The answer with other bytes in its body."""
    return lambda call, response: header("Content-Type", media_type)(call, replace(response, body=content))


def html(title: str, text: str = "") -> Edit:
    """The answer as a web page of a framework or server."""
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>{text}</body></html>"
    return body(page.encode(), "text/html; charset=utf-8")


def with_json(response: Response, value: Any) -> Response:
    """The response with another JSON body."""
    return replace(response, body=json.dumps(value, ensure_ascii=False).encode())


# Other stages and actions


def stage(name: str, wrap: Callable[[Stage], Stage]) -> Change:
    """The stage of that name replaced by what `wrap` makes of it."""
    return ruled(lambda rules: rules.with_stage(name, wrap(rules.stages[name])))


def unasked(name: str, whose: Whose = everyone) -> Change:
    """The stage of that name is left out for these calls."""
    return stage(name, lambda inner: lambda world, call: None if whose(call) else inner(world, call))


def before(place: str, question: Stage) -> Change:
    """A new stage, asked just before the stage `place`."""

    def change(rules: Rules) -> Rules:
        name = f"fault {len(rules.stages)}"
        return rules.with_stage(name, question).with_stage_first(name, place)

    return ruled(change)


def earlier(name: str, place: str) -> Change:
    """The stage of that name is asked just before the stage `place`."""
    return ruled(lambda rules: rules.with_stage_first(name, place))


def refusing(place: str, whose: Whose, response: Response) -> Change:
    """Just before the stage `place` these calls are answered with this response."""
    return before(place, lambda _world, call: response if whose(call) else None)


def instead(name: str, whose: Whose, response: Response) -> Change:
    """Where the stage of that name refuses one of these calls, this response comes in place of its own."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            return response if refusal is not None and whose(call) else refusal

        return asked

    return stage(name, wrap)


def action(operation: str, wrap: Callable[[Action], Action]) -> Change:
    """The action of an operation replaced by what `wrap` makes of it."""
    return ruled(lambda rules: rules.with_action(operation, wrap(rules.actions[operation])))


def cap(operation: str, wrap: Callable[[Stage], Stage]) -> Change:
    """The cap of an operation replaced by what `wrap` makes of it."""
    return ruled(lambda rules: replace(rules, caps={**rules.caps, operation: wrap(rules.caps[operation])}))


def conflict(operation: str, wrap: Callable[[Stage], Stage]) -> Change:
    """The conflicts of an operation replaced by what `wrap` makes of them."""
    return ruled(
        lambda rules: replace(rules, conflicts={**rules.conflicts, operation: wrap(rules.conflicts[operation])})
    )


def route(operation: str, **parts: Any) -> Change:
    """The route of an operation with other parts."""
    return ruled(
        lambda rules: replace(rules, routes={**rules.routes, operation: replace(rules.routes[operation], **parts)})
    )


def numbers(**values: Any) -> Change:
    """Other numbers of the API."""
    return ruled(lambda rules: replace(rules, numbers=replace(rules.numbers, **values)))


def forced(variant: str, *edits: Edit) -> Change:
    """What is answered on demand for a variant, edited."""

    def change(rules: Rules) -> Rules:
        response = rules.forced[variant]
        for edit in edits:
            response = edit(_NO_CALL, response)
        return replace(rules, forced={**rules.forced, variant: response})

    return ruled(change)


def done_all_the_same(name: str, whose: Whose = everyone) -> Change:
    """What the stage of that name refuses these calls is carried out before the refusal is told."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is not None and call.route is not None and whose(call):
                carry_out(world, call)
            return refusal

        return asked

    return stage(name, wrap)


def carry_out(world: World, call: Call) -> None:
    """Do what a call asks for, as far as it can be read and found."""
    attempt = replace(call, query={}, body={})
    for name in ("path", "query", "body", "look-up"):
        if world.rules.stages[name](world, attempt) is not None:
            return
    world.rules.actions[attempt.served.operation](world, attempt)


_NO_CALL: Any = None


def _several(names: Names) -> Collection[str]:
    return (names,) if isinstance(names, str) else names


def _changed(value: Any, changes: dict[str, Any]) -> dict[str, Any]:
    kept = {**(value if isinstance(value, dict) else {}), **changes}
    return {name: member for name, member in kept.items() if member is not MISSING}
