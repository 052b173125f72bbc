"""Faults of scopes and bans: what a key may do without them, what it may not with them, and what it is told."""

from __future__ import annotations

from collections.abc import Callable

from goatcheck.exchange import MISSING
from goatcheck.faults.changes import (
    Which,
    Whose,
    answer,
    at,
    done_all_the_same,
    earlier,
    instead,
    members,
    meta,
    on,
    refusing,
    route,
    stage,
    together,
    unasked,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers
from goatcheck.model.call import Call
from goatcheck.model.world import Stage, World

_REFUSED = at(403, code="insufficient_scope")


def _lacking(scope: str) -> Which:
    """Refusals for want of this scope."""
    return lambda call, response: _REFUSED(call, response) and response.meta.get("required") == scope


def _granted(told: Callable[[list[str]], object]) -> Change:
    """What a refusal says of the scopes that the key has."""
    return answer(_REFUSED, lambda call, response: meta(granted=told(response.meta["granted"]))(call, response))


def _has(scope: str) -> Whose:
    return lambda call: call.key is not None and scope in call.key.scopes


def _also(scope: str, whose: Whose) -> Change:
    """These calls need this scope too."""

    def refuse(call: Call) -> bool:
        return whose(call) and not _has(scope)(call)

    return refusing("path", refuse, answers.insufficient_scope(scope, ("read", "write")))


def _bans(holds: Callable[[World, Call], bool]) -> Change:
    """Bans hold where this does."""

    def wrap(inner: Stage) -> Stage:
        return lambda world, call: inner(world, call) if holds(world, call) else None

    return stage("ban", wrap)


FAULTS = (
    Fault(
        "scope-required-plural",
        "the required scope is told in another word",
        ("403.scope.meta", "403.scope.write"),
        answer(_lacking("write"), meta(required="writes")),
        ("403.scope.error-text",),
    ),
    Fault(
        "scope-granted-text",
        "the granted scopes are one text",
        ("403.scope.meta", "403.scope.truthful"),
        _granted(" ".join),
    ),
    Fault(
        "scope-granted-twice",
        "the granted scopes are told twice",
        ("403.scope.meta", "403.scope.truthful"),
        _granted(lambda scopes: scopes * 2),
    ),
    Fault(
        "scope-granted-absent",
        "what is granted is not told",
        ("403.scope.meta", "403.scope.truthful"),
        answer(_REFUSED, meta(granted=MISSING)),
    ),
    Fault(
        "scope-granted-to-user",
        "the scopes of the user are told, not those of the key",
        ("403.scope.missing", "403.scope.truthful"),
        _granted(lambda _scopes: ["read", "write", "admin"]),
    ),
    Fault(
        "scope-granted-defaults",
        "the scopes of a new key are told, whatever the key has",
        ("403.scope.missing", "403.scope.truthful"),
        _granted(lambda _scopes: ["read", "write"]),
    ),
    Fault(
        "scope-granted-nothing", "no scope is told as granted", ("403.scope.truthful",), _granted(lambda _scopes: [])
    ),
    Fault(
        "scope-granted-own-words",
        "scopes are told by the names that they have inside",
        ("403.scope.truthful",),
        _granted(lambda scopes: [f"api:{scope}" for scope in scopes]),
    ),
    Fault(
        "scope-granted-more",
        "a scope that nobody knows is told as granted beside the others",
        ("403.scope.truthful",),
        _granted(lambda scopes: [*scopes, "profile"]),
    ),
    Fault(
        "scope-text-silent",
        "the text does not say which scope is missing",
        ("403.scope.error-text",),
        answer(_REFUSED, members(error="Forbidden")),
    ),
    Fault(
        "scope-text-of-another",
        "the text names another scope than the one that is missing",
        ("403.scope.error-text",),
        answer(_lacking("admin"), members(error="This needs the 'write' scope")),
    ),
    Fault(
        "scope-text-glued",
        "the text names the scope only inside of another word",
        ("403.scope.error-text",),
        answer(_lacking("write"), members(error="This key is not readwrite")),
    ),
    Fault(
        "scope-write-patch-free",
        "PATCH needs no scope",
        ("403.scope.write",),
        unasked("scope", on(method="PATCH")),
        ("403.scope.first",),
    ),
    Fault(
        "scope-write-one-route",
        "adding to a campaign needs no scope",
        ("403.scope.write",),
        unasked("scope", on(operation="POST /campaigns/{id}/items")),
        ("403.scope.first",),
    ),
    Fault(
        "scope-write-read-is-enough",
        "deleting a payout method needs the scope read",
        ("403.scope.write",),
        route("DELETE /payout-methods/{id}", scope="read"),
        ("403.scope.first", "403.scope.allows"),
    ),
    Fault(
        "scope-write-says-admin",
        "creating needs the scope admin, says the refusal",
        ("403.scope.write",),
        answer(
            lambda call, response: _lacking("write")(call, response) and call.method == "POST",
            meta(required="admin"),
            members(error="This needs the 'admin' scope"),
        ),
    ),
    Fault(
        "scope-write-unauthorized",
        "a missing scope is a 401",
        ("403.scope.write",),
        instead("scope", on(method="DELETE"), answers.unauthorized()),
    ),
    Fault(
        "scope-write-without-code",
        "a missing scope has no code",
        ("403.scope.write", "403.scope.read", "403.scope.admin"),
        answer(_REFUSED, meta(code=MISSING)),
    ),
    Fault(
        "scope-read-by-write",
        "the scope write includes read",
        ("403.scope.read",),
        unasked("scope", lambda call: call.method == "GET" and _has("write")(call)),
    ),
    Fault(
        "scope-read-one-route",
        "analytics need no scope",
        ("403.scope.read",),
        unasked("scope", on(operation="GET /analytics")),
    ),
    Fault(
        "scope-read-says-write",
        "a GET says that it needs the scope write",
        ("403.scope.read",),
        answer(_lacking("read"), meta(required="write", granted=[]), members(error="This needs the 'write' scope")),
        ("403.scope.truthful",),
    ),
    Fault(
        "scope-read-not-found",
        "who may not read is told that there is nothing",
        ("403.scope.read",),
        instead("scope", on(method="GET", operation="GET /payout-methods/{id}"), answers.not_found("payout method")),
    ),
    Fault(
        "scope-admin-free",
        "the admin area needs no scope",
        ("403.scope.admin",),
        together(unasked("admin"), unasked("scope", on(path="/admin/"))),
    ),
    Fault(
        "scope-admin-by-write",
        "the scope write opens the admin area",
        ("403.scope.admin",),
        together(
            unasked("admin", _has("write")),
            unasked("scope", lambda call: "/admin/" in call.request.path and _has("write")(call)),
        ),
    ),
    Fault(
        "scope-admin-hidden",
        "the admin area is not found without its scope",
        ("403.scope.admin",),
        instead("admin", on(), answers.not_found("route")),
    ),
    Fault(
        "scope-admin-says-write",
        "the admin area says that it needs the scope write",
        ("403.scope.admin",),
        answer(_lacking("admin"), meta(required="write"), members(error="This needs the 'write' scope")),
        ("403.scope.missing",),
    ),
    Fault(
        "scope-allows-not-analytics",
        "analytics need the scope admin",
        ("403.scope.allows",),
        _also("admin", on(operation="GET /analytics")),
        ("402.retention", "400.query"),
    ),
    Fault(
        "scope-allows-not-delete",
        "deleting a campaign needs the scope admin",
        ("403.scope.allows",),
        _also("admin", on(operation="DELETE /campaigns/{id}")),
        ("404.absent", "404.foreign", "400.params"),
    ),
    Fault(
        "scope-allows-not-write-alone",
        "changing needs the scope read beside write",
        ("403.scope.allows",),
        _also("read", lambda call: call.method == "PATCH"),
        ("403.scope.missing",),
    ),
    Fault(
        "scope-allows-not-without-name",
        "a search is forbidden for keys that can't write",
        ("403.scope.allows",),
        refusing("path", lambda call: not _has("write")(call) and "search=" in call.request.query, answers.banned()),
    ),
    Fault(
        "scope-allows-no-videos",
        "good keys are told to be none where videos are listed",
        ("403.scope.allows",),
        refusing("path", on(operation="GET /videos"), answers.unauthorized()),
        ("400.query", "400.accepts-valid"),
    ),
    Fault(
        "scope-first-validation",
        "bodies are validated before the scope is looked at",
        ("403.scope.first",),
        together(earlier("path", "scope"), earlier("body", "scope")),
    ),
    Fault(
        "scope-first-look-up",
        "ids are looked up before the scope",
        ("403.scope.first",),
        together(earlier("path", "scope"), earlier("look-up", "scope")),
    ),
    Fault(
        "scope-first-path",
        "ids in the path are validated before the scope",
        ("403.scope.first",),
        earlier("path", "scope"),
    ),
    Fault(
        "scope-refused-but-changed",
        "a PATCH without the scope is refused, and done",
        ("403.no-effect",),
        done_all_the_same("scope", on(method="PATCH")),
    ),
    Fault(
        "scope-refused-but-deleted",
        "a DELETE without the scope is refused, and done",
        ("403.no-effect",),
        done_all_the_same("scope", on(method="DELETE")),
    ),
    Fault(
        "scope-refused-but-created",
        "a POST without the scope is refused, and done",
        ("403.no-effect",),
        done_all_the_same("scope", on(method="POST")),
    ),
    Fault(
        "scope-refused-but-removed-creator",
        "only the creator that a key without the scope may not delete is deleted",
        ("403.no-effect",),
        done_all_the_same("scope", on(operation="DELETE /creators/{id}")),
    ),
    Fault("ban-none", "bans are not looked at", ("403.banned",), unasked("ban")),
    Fault(
        "ban-of-org-only",
        "a banned user is served",
        ("403.banned",),
        _bans(lambda _world, call: call.home.banned),
    ),
    Fault(
        "ban-of-user-only",
        "a banned org is served",
        ("403.banned",),
        _bans(lambda world, call: world.state.users[call.caller.user_id].banned),
    ),
    Fault(
        "ban-one-route",
        "whoever is banned may still see the payout methods",
        ("403.banned",),
        unasked("ban", on(operation="GET /payout-methods")),
    ),
    Fault(
        "ban-reads",
        "whoever is banned may still read",
        ("403.banned",),
        unasked("ban", on(method="GET")),
    ),
    Fault(
        "ban-as-scope",
        "a ban is told as a missing scope",
        ("403.banned",),
        instead("ban", on(), answers.insufficient_scope("write", ())),
    ),
    Fault(
        "ban-unauthorized",
        "a ban is told as a bad key",
        ("403.banned",),
        instead("ban", on(), answers.unauthorized()),
    ),
)
