"""Faults of what comes before the key or the scope is looked at: other refusals, answers from memory, and the deed itself."""

from __future__ import annotations

from goatcheck.exchange import Response
from goatcheck.faults.admission import all_of, is_missing, let_in, sent_by
from goatcheck.faults.changes import (
    Whose,
    before,
    done_all_the_same,
    earlier,
    on,
    refusing,
    ruled,
    stage,
    together,
    unasked,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.reading import is_bulk
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import ApiKey, State
from goatcheck.model.world import Stage, World


def _asks(name: str, *values: str) -> Whose:
    """Calls with a parameter of that name in their query: with another value than these, if any are given."""

    def whose(call: Call) -> bool:
        sent = dict(call.request.parameters).get(name)
        return sent is not None and (not values or sent not in values)

    return whose


def _lacks(name: str) -> Whose:
    return lambda call: name not in dict(call.request.parameters)


def _of_letters(name: str) -> Whose:
    """Calls with a parameter of that name that is no number."""
    return lambda call: not dict(call.request.parameters).get(name, "0").isdigit()


def _bodiless(call: Call) -> bool:
    return not call.request.body


def _keyed(call: Call) -> bool:
    return call.request.header("idempotency-key") is not None


def _writes_alone(call: Call) -> bool:
    return call.caller.scopes == {"write"}


def _in_capitals_or_not(state: State, sent: str) -> ApiKey | None:
    """The key that stands behind the scheme, whatever its letter case."""
    scheme, _, token = sent.partition(" ")
    return state.keys.get(token) if scheme.lower() == "bearer" else None


def _expired_may(whose: Whose) -> Change:
    """An expired key is let in for these calls."""
    return let_in(whose, _in_capitals_or_not)


def _expired_told(whose: Whose, response: Response) -> Change:
    """What an expired key gets for these calls instead of its refusal."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            known = _in_capitals_or_not(world.state, sent_by(call)) is not None
            return response if refusal is not None and known and whose(call) else refusal

        return asked

    return stage("key", wrap)


def _absent_payout_method(world: World) -> World:
    """Whether there is a payout method of that id is told to expired keys before all else."""

    def absent(call: Call) -> bool:
        return call.path_id not in world.state.payout_methods

    return _expired_told(all_of(on(operation="GET /payout-methods/{id}"), absent), answers.not_found("payout method"))(
        world
    )


def _replayed_to_all(world: World, call: Call) -> Answer:
    """The answer that an idempotency key remembers, whoever asks."""
    used, asked = call.request.header("idempotency-key"), (call.request.path, call.request.body or b"")
    kept = world.state.remembered.items() if used and call.route and call.route.creates else ()
    return next((first.response for (_, key), first in kept if key == used and (first.path, first.body) == asked), None)


def _shown_from_a_cache(world: World) -> World:
    """Until the next write, a payout method that was shown to somebody is shown to whoever has no key."""
    cache: dict[str, Response] = {}

    def cached(_world: World, call: Call) -> Answer:
        return cache.get(call.request.target) if is_missing(call) and call.method == "GET" else None

    def keep(_world: World, call: Call, response: Response) -> Response:
        if call.method != "GET":
            cache.clear()
        elif response.status == answers.success({}).status and call.request.path.startswith("/payout-methods/"):
            cache[call.request.target] = response
        return response

    return together(before("key", cached), ruled(lambda rules: rules.with_ending("cache", keep)))(world)


FAULTS = (
    Fault(
        "precedence-format",
        "a format that there is none of is told before the key is looked at",
        ("401.first",),
        refusing("key", _asks("format", "csv"), answers.invalid("query", "There is no such format")),
        ("403.scope.first",),
        needs=("requests",),
    ),
    Fault(
        "precedence-absent-to-expired",
        "an expired key is told first that there is no such payout method",
        ("401.first",),
        _absent_payout_method,
        needs=("requests",),
    ),
    Fault(
        "precedence-limit",
        "a limit of videos that is no number is told before the scope",
        ("403.scope.first",),
        refusing(
            "scope", all_of(on(operation="GET /videos"), _of_letters("limit")), answers.invalid("query", "Bad limit")
        ),
        needs=("requests",),
    ),
    Fault(
        "precedence-required",
        "analytics without an entity are refused before the scope is looked at",
        ("403.scope.first",),
        refusing(
            "scope",
            all_of(on(operation="GET /analytics"), _lacks("entity")),
            answers.invalid("query", "The entity is required"),
        ),
        needs=("requests",),
    ),
    Fault(
        "precedence-bodiless",
        "a PATCH without a body is refused for that before the scope is looked at",
        ("403.scope.first",),
        refusing("scope", all_of(on(method="PATCH"), _bodiless), answers.invalid("body", "There is no body")),
        needs=("requests",),
    ),
    Fault(
        "precedence-bodiless-to-expired",
        "an expired key is told first that its PATCH has no body",
        ("401.first",),
        _expired_told(all_of(on(method="PATCH"), _bodiless), answers.invalid("body", "There is no body")),
        needs=("requests",),
    ),
    Fault(
        "precedence-replay-to-anybody",
        "what an idempotency key remembers is answered before the API key is looked at",
        ("401.missing",),
        before("key", _replayed_to_all),
        ("403.scope.write",),
        needs=("requests",),
    ),
    Fault(
        "precedence-replay-to-readers",
        "what an idempotency key remembers is answered before the scope is looked at",
        ("403.scope.write",),
        earlier("idempotency", "scope"),
        needs=("requests",),
    ),
    Fault(
        "precedence-cache",
        "a payout method that was just shown is shown again from a cache, without a key",
        ("401.missing",),
        _shown_from_a_cache,
        needs=("requests",),
    ),
    Fault(
        "precedence-page-to-expired",
        "an expired key may go on paging",
        ("401.expired",),
        _expired_may(_asks("cursor")),
        needs=("requests",),
    ),
    Fault(
        "precedence-expired-lower-case",
        "behind a scheme in lower case an expired key is good",
        ("401.expired",),
        _expired_may(lambda call: sent_by(call).startswith("bearer ")),
        needs=("requests",),
    ),
    Fault(
        "precedence-page-without-scope",
        "further pages need no scope",
        ("403.scope.read",),
        unasked("scope", _asks("cursor")),
        needs=("requests",),
    ),
    Fault(
        "precedence-admin-to-writers",
        "a key that may only write sees the admin area",
        ("403.scope.admin",),
        together(
            unasked("admin", _writes_alone),
            unasked("scope", all_of(lambda call: "/admin/" in call.request.path, _writes_alone)),
        ),
        needs=("requests",),
    ),
    Fault(
        "precedence-bulk-made",
        "creators that are asked for together without the scope are refused, and made",
        ("403.no-effect",),
        done_all_the_same("scope", is_bulk),
        needs=("requests",),
    ),
    Fault(
        "precedence-keyed-made",
        "a campaign under an idempotency key that is asked for without the scope is refused, and made",
        ("403.no-effect",),
        done_all_the_same("scope", all_of(on(operation="POST /projects/{projectId}/campaigns"), _keyed)),
        needs=("requests",),
    ),
    Fault(
        "precedence-item-added",
        "an item without the scope is refused, and added",
        ("403.no-effect",),
        done_all_the_same("scope", on(operation="POST /campaigns/{id}/items")),
        needs=("requests",),
    ),
)
