"""SHOULDs that a valid server may break, one at a time: each choice says which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from string import ascii_lowercase
from typing import Any

from goatcheck.exchange import Response
from goatcheck.mock.any_valid.changes import Choice, document, is_json, with_document, with_headers
from goatcheck.model import answers, creators
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import BUCKET
from goatcheck.model.state import Creator, Project, today
from goatcheck.model.world import Rules, Stage, World

_PENALTY = 300
_ERRORS = 400


def _worded(name: str, broken: str, change: Callable[[Response, dict[str, Any], Random], None]) -> Choice:
    """A choice that changes the bodies of errors."""

    def changed(rules: Rules, random: Random) -> Rules:
        def ending(_world: World, _call: Call, response: Response) -> Response:
            if response.status < _ERRORS or not is_json(response):
                return response
            body = document(response)
            change(response, body, random)
            return with_document(response, body)

        return rules.with_ending("liberty", ending)

    return Choice(name, changed, (broken,))


def _code(body: dict[str, Any]) -> str:
    meta = body.get("meta")
    return str(meta.get("code", "")) if isinstance(meta, dict) else ""


def _further_member(_response: Response, body: dict[str, Any], random: Random) -> None:
    body[random.choice(("status", "success", "timestamp", "meta2"))] = random.choice((False, "error", 1))


def _any_place(_response: Response, body: dict[str, Any], _random: Random) -> None:
    if _code(body).startswith("invalid_") and _code(body) != "invalid_api_key":
        others = {
            "invalid_query": "invalid_params",
            "invalid_body": "invalid_params",
            "invalid_params": "invalid_query",
        }
        body["meta"]["code"] = others[body["meta"]["code"]]


def _unnamed_limit(_response: Response, body: dict[str, Any], _random: Random) -> None:
    if _code(body) == "limit_reached":
        body["error"] = "Your plan is full"


def _own_limit(_response: Response, body: dict[str, Any], _random: Random) -> None:
    if _code(body) == "limit_reached":
        body["meta"]["limitKey"] = "things"
        body["error"] = "Limit reached: things"


def _unnamed_scope(_response: Response, body: dict[str, Any], _random: Random) -> None:
    if _code(body) == "insufficient_scope":
        body["error"] = "You may not do that"


def _told_apart(response: Response, body: dict[str, Any], random: Random) -> None:
    if response.status == 404:  # noqa: PLR2004 - Not Found
        body["error"] = f"Nothing here, {''.join(random.choices(ascii_lowercase, k=12))}"


def _leaking(_response: Response, body: dict[str, Any], _random: Random) -> None:
    body["error"] += "\n    at refuse (/srv/app/src/errors.ts:12:7)"


def _unchallenged(rules: Rules, _random: Random) -> Rules:
    def ending(_world: World, _call: Call, response: Response) -> Response:
        bare = with_headers(response, ("WWW-Authenticate", ""))
        return replace(bare, headers=bare.headers[:-1])

    return rules.with_ending("liberty", ending)


def _key_last(rules: Rules, _random: Random) -> Rules:
    """To a bad key, what is wrong with the request or not there at all is told before the key."""
    accepted = rules.stages["key"]
    earlier: list[Stage] = [rules.stages["unserved"], *(rules.stages[name] for name in ("path", "query", "body"))]

    def there(world: World, call: Call) -> Answer:
        found = getattr(world.state, call.served.target).get(call.path_id) if call.served.target else call
        return None if found and not getattr(found, "removed", False) else answers.not_found(_kind(call))

    def asked(world: World, call: Call) -> Answer:
        refusal = accepted(world, call)
        if refusal is None or (call.route and call.route.gone):
            return refusal
        other = Call(call.request, call.now, call.method, call.known, call.route, call.path_id)
        return next((no for stage in (*earlier, there) if (no := stage(world, other)) is not None), refusal)

    return rules.with_stage("key", asked)


def _kind(call: Call) -> str:
    return call.served.target.rstrip("s").replace("_", " ")


def _scope_last(rules: Rules, _random: Random) -> Rules:
    """A missing scope is told after validation and look-up; a success is not said again to who lacks it."""
    replay = rules.stages["idempotency"]

    def replayed(world: World, call: Call) -> Answer:
        return replay(world, call) if call.served.scope in call.caller.scopes else None

    last = rules.with_stage_first("scope", next(name for name in rules.stages if name in {"state", "cap"}))
    return last.with_stage("idempotency", replayed)


def _penalty(rules: Rules, _random: Random) -> Rules:
    """Who passes the window waits for five minutes."""
    crowded = rules.stages["window"]
    until: dict[str, float] = {}

    def refuse(world: World, call: Call) -> Answer:
        token = call.caller.token
        if until.get(token, 0) <= call.now:
            if crowded(world, call) is None:
                return None
            until[token] = call.now + _PENALTY
        return answers.window_limited(BUCKET, round(until[token] - call.now))

    return replace(rules.with_stage("window", refuse), endings={n: e for n, e in rules.endings.items() if n != "retry"})


def _by_letter(rules: Rules, _random: Random) -> Rules:
    """Handles that differ in letter case are different."""

    def same(world: World, project: Project, handle: str) -> Creator | None:
        of_project = (c for c in world.state.creators.values() if c.project_id == project.id)
        return next((c for c in of_project if c.handle == handle), None)

    def refuse_duplicates(world: World, call: Call) -> Answer:
        handles = [wanted["tiktok_handle"] for wanted in call.body["creators"]]
        there = [old for handle in handles if (old := same(world, call.the(Project), handle)) and not old.removed]
        return answers.conflict("This handle is there") if there or len(set(handles)) < len(handles) else None

    def refuse_rename(world: World, call: Call) -> Answer:
        creator, handle = call.the(Creator), call.body.get("tiktok_handle")
        taken = handle is not None and same(world, world.state.projects[creator.project_id], handle)
        return answers.conflict("This handle is there") if taken else None

    def create(world: World, call: Call) -> Response:
        project, made = call.the(Project), []
        for wanted in call.body["creators"]:
            handle, start = wanted["tiktok_handle"], wanted.get("tracking_start_date", today(call.now)).isoformat()
            mode, order = wanted.get("tracking_mode", "auto"), world.state.next_order()
            fresh = Creator(world.state.new_id(), project.org_id, project.id, order, handle, mode, start)
            creator = replace(same(world, project, handle) or fresh, removed=False)
            world.state.creators[creator.id] = creator
            made.append(creators.shown(creator))
        return answers.success(made if call.body["bulk"] else made[0], status=201)

    own = {"POST /projects/{projectId}/creators": refuse_duplicates, "PATCH /creators/{id}": refuse_rename}
    rules = replace(rules, conflicts={**rules.conflicts, **own})
    return rules.without_stage("lower").with_action("POST /projects/{projectId}/creators", create)


LIBERTIES: Mapping[str, tuple[Choice, ...]] = {
    "liberty": (
        Choice("none"),
        Choice("no challenge", _unchallenged, ("401.challenge",)),
        Choice("the key is looked at last", _key_last, ("401.first",)),
        Choice("the scope is looked at last", _scope_last, ("403.scope.first",)),
        Choice("handles by letter", _by_letter, ("409.duplicate-case",)),
        Choice("five minutes of penalty", _penalty, ("429.window.bound",)),
        _worded("a further member", "envelope.closed", _further_member),
        _worded("another place", "400.code-place", _any_place),
        _worded("an unnamed limit", "402.limit.error-names-key", _unnamed_limit),
        _worded("an own limit", "402.limit.key-known", _own_limit),
        _worded("an unnamed scope", "403.scope.error-text", _unnamed_scope),
        _worded("not found, each time in other words", "404.indistinguishable", _told_apart),
        _worded("a stack trace", "error.no-leak", _leaking),
    ),
}
