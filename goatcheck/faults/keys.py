"""Faults of identity: who is let in without a key that is good, and how the others are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import Response
from goatcheck.faults.admission import (
    all_of,
    anybody,
    is_missing,
    is_unknown,
    let_in,
    refused_as,
    sent_by,
)
from goatcheck.faults.changes import (
    Whose,
    answer,
    at,
    before,
    both,
    everyone,
    header,
    meta,
    on,
    refusing,
    status,
    together,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import ApiKey, State
from goatcheck.model.world import World
from goatcheck.model.worlds import START

_DAY = 86_400


def _without_expiry(state: State, sent: str) -> ApiKey | None:
    scheme, _, token = sent.partition(" ")
    return state.keys.get(token) if scheme == "Bearer" else None


def _within_grace(key: ApiKey | None) -> ApiKey | None:
    """A key whose time has been over for less than two days on the day when worlds begin."""
    return key if key and key.expires_at is not None and key.expires_at > START - 2 * _DAY else None


def _is_expired(state: State, call: Call) -> bool:
    key = state.keys.get(sent_by(call).removeprefix("Bearer "))
    return key is not None and key.expires_at is not None and key.expires_at <= call.now


def _expired_as(*edits: Callable[[Call, Response], Response]) -> Change:
    """A refusal of an expired key, edited."""

    def change(world: World) -> World:
        return answer(both(at(401), lambda call: _is_expired(world.state, call)), *edits)(world)

    return change


def _validated_first(*names: str) -> Change:
    """These stages are asked of calls that mean a route before their key is looked at."""

    def question(name: str) -> Callable[[World, Call], Answer]:
        return lambda world, call: (
            world.rules.stages[name](world, replace(call, query={}, body={}))
            if call.route and not call.route.gone
            else None
        )

    return together(*(before("key", question(name)) for name in names))


def _look_up_first(world: World, call: Call) -> Answer:
    target = call.route.target if call.route else ""
    missing = target and call.path_id not in getattr(world.state, target)
    return answers.not_found(target.rstrip("s").replace("_", " ")) if missing else None


_LIST = "GET /videos"
_EDIT = "PATCH /campaigns/{id}"


def _served_as(meant: Callable[[str], str]) -> Change:
    """Whoever has no key gets the list that another spelling of its path is taken for."""

    def serve(world: World, call: Call) -> Answer:
        path = call.request.path
        bare = is_missing(call) and meant(path) != path and f"{call.method} {meant(path)}" in world.rules.routes
        return answers.success([]) if bare else None

    return before("key", serve)


def _seen_before(world: World) -> World:
    """A key of the right form that was refused once is taken for one that was looked up."""
    seen: set[str] = set()

    def again(call: Call) -> bool:
        known = sent_by(call) in seen
        if is_unknown(call) and sent_by(call).removeprefix("Bearer ") not in world.state.keys:
            seen.add(sent_by(call))
        return known

    return let_in(again, anybody)(world)


def _admin_open_to(whose: Whose) -> Change:
    return refusing("key", all_of(whose, lambda call: call.request.path.startswith("/admin/")), answers.success({}))


FAULTS = (
    Fault(
        "key-code-absent",
        "a 401 has no code",
        ("401.code",),
        answer(at(401), meta(code=None)),
        ("code.string",),
    ),
    Fault(
        "key-code-unauthorized",
        "a 401 has a code of its own",
        ("401.code", "code.known"),
        answer(at(401), meta(code="unauthorized")),
    ),
    Fault(
        "missing-public-list",
        "a list is public",
        ("401.missing",),
        let_in(all_of(is_missing, on(operation=_LIST)), anybody),
        ("401.first",),
    ),
    Fault(
        "missing-delete-unguarded",
        "DELETE needs no key",
        ("401.missing", "401.first"),
        let_in(all_of(is_missing, on(method="DELETE")), anybody),
    ),
    Fault(
        "missing-export-unguarded",
        "analytics as CSV need no key",
        ("401.missing",),
        let_in(all_of(is_missing, lambda call: "format=csv" in call.request.query), anybody),
    ),
    Fault(
        "missing-behind-slash",
        "a path with a slash at its end is served without a key",
        ("401.missing",),
        _served_as(lambda path: path.rstrip("/")),
    ),
    Fault(
        "missing-between-slashes",
        "a path with a slash too many is served without a key",
        ("401.missing",),
        _served_as(lambda path: path.replace("//", "/")),
    ),
    Fault(
        "missing-behind-suffix",
        "a path that ends with .json is served without a key",
        ("401.missing",),
        _served_as(lambda path: path.removesuffix(".json")),
        needs=("requests",),
    ),
    Fault(
        "missing-behind-slash-of-write",
        "a creation with a slash at the end of its path needs no key",
        ("401.missing",),
        refusing(
            "key",
            all_of(is_missing, lambda call: call.method == "POST" and call.request.path == "/payout-methods/"),
            answers.success({}, status=201),
        ),
        needs=("requests",),
    ),
    Fault(
        "missing-from-within",
        "who says to come from the own host needs no key",
        ("401.missing",),
        let_in(all_of(is_missing, lambda call: (call.request.header("X-Forwarded-For") or "") == "127.0.0.1"), anybody),
        ("401.first",),
        needs=("requests",),
    ),
    Fault(
        "missing-opens-admin",
        "the admin area needs no key",
        ("401.missing",),
        _admin_open_to(is_missing),
        needs=("requests",),
    ),
    Fault(
        "missing-forbidden",
        "without a key writes are forbidden: 403",
        ("401.missing", "401.first"),
        refused_as(all_of(is_missing, on(method="POST")), answers.banned()),
    ),
    Fault(
        "missing-as-bad-request",
        "a missing header is a bad request",
        ("401.missing", "401.first"),
        refused_as(is_missing, answers.invalid("params", "The Authorization header is required")),
    ),
    Fault(
        "missing-redirected",
        "without a key reads redirect to the login page",
        ("401.missing", "success.no-redirect"),
        refused_as(all_of(is_missing, on(method="GET")), Response(302, (("Location", "/login"),))),
        ("401.first",),
    ),
    Fault(
        "invalid-any-well-formed",
        "a key is good when its form is",
        ("401.invalid", "401.first"),
        let_in(is_unknown, anybody),
        ("401.expired", "401.malformed"),
    ),
    Fault(
        "invalid-on-one-route",
        "one route does not look the key up",
        ("401.invalid",),
        let_in(all_of(is_unknown, on(operation=_EDIT)), anybody),
        ("401.first", "401.expired", "401.malformed"),
    ),
    Fault(
        "invalid-seen-before",
        "an unknown key is refused once only",
        ("401.invalid",),
        _seen_before,
        ("401.malformed",),
        needs=("requests",),
    ),
    Fault(
        "invalid-forbidden",
        "an unknown key is forbidden: 403",
        ("401.invalid",),
        refused_as(is_unknown, answers.banned()),
        ("401.expired", "401.malformed"),
    ),
    Fault(
        "invalid-not-found",
        "an unknown key is not found: 404",
        ("401.invalid", "401.first"),
        refused_as(all_of(is_unknown, on(method="GET")), answers.not_found("key")),
        ("401.expired", "401.malformed"),
    ),
    Fault(
        "expired-not-checked",
        "keys never expire",
        ("401.expired",),
        let_in(everyone, _without_expiry),
    ),
    Fault(
        "expired-reads",
        "an expired key may still read",
        ("401.expired",),
        let_in(on(method="GET"), _without_expiry),
    ),
    Fault(
        "expired-on-one-route",
        "one route does not look at the expiry",
        ("401.expired",),
        let_in(on(operation="DELETE /payout-methods/{id}"), _without_expiry),
    ),
    Fault(
        "expired-grace",
        "a key lives two days longer than it should",
        ("401.expired",),
        let_in(
            everyone,
            lambda state, sent: _within_grace(_without_expiry(state, sent)),
        ),
    ),
    Fault(
        "expired-forbidden",
        "an expired key is forbidden: 403",
        ("401.expired",),
        _expired_as(status(403)),
        ("code.matches-status",),
    ),
    Fault(
        "expired-told-apart",
        "an expired key has a code of its own",
        ("401.uniform", "401.code", "code.known"),
        _expired_as(meta(code="api_key_expired")),
    ),
    Fault(
        "missing-told-apart",
        "a missing key has a code of its own",
        ("401.uniform", "401.code", "code.known"),
        answer(both(at(401), is_missing), meta(code="missing_api_key")),
    ),
    Fault(
        "first-validation",
        "bodies are validated before the key is looked at",
        ("401.first",),
        _validated_first("body"),
        ("403.scope.first",),
    ),
    Fault(
        "first-query",
        "queries are validated before the key is looked at",
        ("401.first",),
        _validated_first("query"),
        ("403.scope.first",),
    ),
    Fault(
        "first-look-up",
        "the path's id is looked up before the key",
        ("401.first",),
        before("key", _look_up_first),
        ("403.scope.first", "403.banned", "429.daily.enforced", "429.daily.org-wide"),
    ),
    Fault(
        "challenge-absent",
        "no 401 carries a challenge",
        ("401.challenge",),
        answer(at(401), header("WWW-Authenticate")),
    ),
    Fault(
        "challenge-empty", "the challenge is empty", ("401.challenge",), answer(at(401), header("WWW-Authenticate", ""))
    ),
    Fault(
        "challenge-missing-key-only",
        "only a missing key is answered with a challenge",
        ("401.challenge",),
        answer(both(at(401), lambda call: not is_missing(call)), header("WWW-Authenticate")),
    ),
)
