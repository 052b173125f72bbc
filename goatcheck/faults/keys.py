"""Faults of identity: who is let in without a key that is good, and how the others are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import Response
from goatcheck.faults.changes import (
    Whose,
    answer,
    at,
    before,
    both,
    everyone,
    header,
    instead,
    meta,
    on,
    stage,
    status,
    together,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import ApiKey, State
from goatcheck.model.world import Stage, World
from goatcheck.model.worlds import START

Finder = Callable[[State, str], ApiKey | None]
"""The key that the text of an Authorization header is taken for."""

_TOKEN = re.compile(r"tga_[0-9a-f]{64}")
_DAY = 86_400
_USUAL = 80
"""Characters of an Authorization header that no good key reaches."""


def _sent(call: Call) -> str:
    return call.request.header("authorization") or ""


def _is_missing(call: Call) -> bool:
    return not _sent(call)


def _is_unknown(call: Call) -> bool:
    scheme, _, token = _sent(call).partition(" ")
    return scheme == "Bearer" and _TOKEN.fullmatch(token) is not None


def _is_malformed(call: Call) -> bool:
    return not _is_missing(call) and not _is_unknown(call)


def _both(*tests: Whose) -> Whose:
    return lambda call: all(test(call) for test in tests)


def _let_in(whose: Whose, finder: Finder) -> Change:
    """Where a key is refused to these calls, the one that the finder takes it for is let in."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is None or not whose(call):
                return refusal
            key = finder(world.state, _sent(call))
            if key is None:
                return refusal
            call.key, call.org = key, world.state.orgs[key.org_id]
            return None

        return asked

    return stage("key", wrap)


def _anybody(state: State, _sent: str) -> ApiKey | None:
    """The first key of all that may read and write."""
    return next(key for key in state.keys.values() if key.scopes >= {"read", "write"})


def _without_expiry(state: State, sent: str) -> ApiKey | None:
    scheme, _, token = sent.partition(" ")
    return state.keys.get(token) if scheme == "Bearer" else None


def _of(test: Callable[[str, str], bool]) -> Finder:
    """The key whose token the test takes the header for."""
    return lambda state, sent: next(
        (key for token, key in state.keys.items() if test(sent, token) and key.expires_at is None), None
    )


def _within_grace(key: ApiKey | None) -> ApiKey | None:
    """A key whose time has been over for less than two days on the day when worlds begin."""
    return key if key and key.expires_at is not None and key.expires_at > START - 2 * _DAY else None


def _refused_as(whose: Whose, response: Response) -> Change:
    return instead("key", whose, response)


def _is_expired(state: State, call: Call) -> bool:
    key = state.keys.get(_sent(call).removeprefix("Bearer "))
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
        bare = _is_missing(call) and meant(path) != path and f"{call.method} {meant(path)}" in world.rules.routes
        return answers.success([]) if bare else None

    return before("key", serve)


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
        _let_in(_both(_is_missing, on(operation=_LIST)), _anybody),
        ("401.first",),
    ),
    Fault(
        "missing-delete-unguarded",
        "DELETE needs no key",
        ("401.missing", "401.first"),
        _let_in(_both(_is_missing, on(method="DELETE")), _anybody),
    ),
    Fault(
        "missing-export-unguarded",
        "analytics as CSV need no key",
        ("401.missing",),
        _let_in(_both(_is_missing, lambda call: "format=csv" in call.request.query), _anybody),
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
        "missing-forbidden",
        "without a key writes are forbidden: 403",
        ("401.missing", "401.first"),
        _refused_as(_both(_is_missing, on(method="POST")), answers.banned()),
    ),
    Fault(
        "missing-as-bad-request",
        "a missing header is a bad request",
        ("401.missing", "401.first"),
        _refused_as(_is_missing, answers.invalid("params", "The Authorization header is required")),
    ),
    Fault(
        "missing-redirected",
        "without a key reads redirect to the login page",
        ("401.missing", "success.no-redirect"),
        _refused_as(_both(_is_missing, on(method="GET")), Response(302, (("Location", "/login"),))),
        ("401.first",),
    ),
    Fault(
        "invalid-any-well-formed",
        "a key is good when its form is",
        ("401.invalid", "401.first"),
        _let_in(_is_unknown, _anybody),
        ("401.expired",),
    ),
    Fault(
        "invalid-on-one-route",
        "one route does not look the key up",
        ("401.invalid",),
        _let_in(_both(_is_unknown, on(operation=_EDIT)), _anybody),
        ("401.first", "401.expired"),
    ),
    Fault(
        "invalid-forbidden",
        "an unknown key is forbidden: 403",
        ("401.invalid",),
        _refused_as(_is_unknown, answers.banned()),
        ("401.expired",),
    ),
    Fault(
        "invalid-not-found",
        "an unknown key is not found: 404",
        ("401.invalid", "401.first"),
        _refused_as(_both(_is_unknown, on(method="GET")), answers.not_found("key")),
        ("401.expired",),
    ),
    Fault(
        "malformed-letter-case",
        "the letter case of a key does not matter",
        ("401.malformed",),
        _let_in(everyone, _of(lambda sent, token: sent.lower() == f"bearer {token}")),
    ),
    Fault(
        "malformed-start-is-enough",
        "a key is found by how it starts",
        ("401.malformed",),
        _let_in(everyone, _of(lambda sent, token: sent.startswith(f"Bearer {token[:-1]}"))),
    ),
    Fault(
        "malformed-more-is-fine",
        "what follows a key is cut off",
        ("401.malformed",),
        _let_in(everyone, _of(lambda sent, token: sent.startswith(f"Bearer {token}"))),
    ),
    Fault(
        "malformed-any-scheme",
        "the scheme does not matter",
        ("401.malformed",),
        _let_in(everyone, _of(lambda sent, token: sent.split(" ")[-1] == token)),
    ),
    Fault(
        "malformed-token-scheme",
        "the scheme Token is taken too",
        ("401.malformed",),
        _let_in(everyone, _of(lambda sent, token: sent == f"Token {token}")),
    ),
    Fault(
        "malformed-word-after-key",
        "what follows the key in the header does not matter",
        ("401.malformed",),
        _let_in(_is_malformed, _of(lambda sent, token: sent.split()[:2] == ["Bearer", token])),
    ),
    Fault(
        "malformed-comma-after-key",
        "of several credentials in a header the first counts",
        ("401.malformed",),
        _let_in(_is_malformed, _of(lambda sent, token: sent.split(",")[0] == f"Bearer {token}")),
    ),
    Fault(
        "malformed-without-prefix",
        "a key needs no prefix",
        ("401.malformed",),
        _let_in(everyone, _of(lambda sent, token: sent == f"Bearer {token.removeprefix('tga_')}")),
    ),
    Fault(
        "malformed-key-alone",
        "the key needs no scheme",
        ("401.malformed",),
        _let_in(everyone, _of(lambda sent, token: sent == token)),
    ),
    Fault(
        "malformed-in-quotes",
        "quotes around a key are taken off",
        ("401.malformed",),
        _let_in(everyone, _of(lambda sent, token: sent == f'Bearer "{token}"')),
    ),
    Fault(
        "malformed-bad-request",
        "a key of the wrong length is a bad request",
        ("401.malformed",),
        _refused_as(_both(_is_malformed, lambda call: len(_sent(call)) > _USUAL), answers.invalid("params", "Bad key")),
    ),
    Fault(
        "malformed-empty-token-fails",
        "a header without a token makes the server fail",
        ("401.malformed", "500.never"),
        _refused_as(lambda call: _sent(call).strip() == "Bearer", answers.internal_error()),
    ),
    Fault(
        "malformed-too-long-431",
        "a key that is much too long is answered with 431",
        ("401.malformed", "status.documented"),
        _refused_as(lambda call: len(_sent(call)) > 10 * _USUAL, answers.failure(431, "Header too large")),
    ),
    Fault(
        "expired-not-checked",
        "keys never expire",
        ("401.expired",),
        _let_in(everyone, _without_expiry),
    ),
    Fault(
        "expired-reads",
        "an expired key may still read",
        ("401.expired",),
        _let_in(on(method="GET"), _without_expiry),
    ),
    Fault(
        "expired-on-one-route",
        "one route does not look at the expiry",
        ("401.expired",),
        _let_in(on(operation="DELETE /payout-methods/{id}"), _without_expiry),
    ),
    Fault(
        "expired-grace",
        "a key lives two days longer than it should",
        ("401.expired",),
        _let_in(
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
        answer(both(at(401), _is_missing), meta(code="missing_api_key")),
    ),
    Fault(
        "first-validation",
        "bodies are validated before the key is looked at",
        ("401.first",),
        _validated_first("body"),
        ("403.scope.first",),
    ),
    Fault(
        "first-query", "queries are validated before the key is looked at", ("401.first",), _validated_first("query")
    ),
    Fault(
        "first-look-up",
        "the path's id is looked up before the key",
        ("401.first",),
        before("key", _look_up_first),
        ("403.scope.first", "403.banned", "429.daily.enforced"),
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
        answer(both(at(401), lambda call: not _is_missing(call)), header("WWW-Authenticate")),
    ),
)
