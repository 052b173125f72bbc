"""What is refused and what is let pass where the documents leave it open, and with which answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from goatcheck.exchange import Response
from goatcheck.mock.any_valid.bodies import contract
from goatcheck.mock.any_valid.changes import Choice, with_stage_after, with_stage_before
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call, Reader, Refused
from goatcheck.model.state import Campaign, PayoutMethod
from goatcheck.model.world import Rules, Stage, World

_FOUND_BY = {"project_id": "projects", "creator_id": "creators", "entity_id": "", "item_id": ""}
_LONG_TARGET = 1000
_BODY = 8 * 1024


# Readers


def _with_reader(rules: Rules, name: str, around: Callable[[Reader], Reader]) -> Rules:
    """The rules with the reader of one query parameter changed, on every route that has it."""
    routes = {
        operation: replace(route, query={**route.query, name: around(route.query[name])})
        if name in route.query
        else route
        for operation, route in rules.routes.items()
    }
    return replace(rules, routes=routes)


def _clamped(_reader: Reader) -> Reader:
    def read(value: Any) -> int:
        try:
            return min(max(int(value), 1), 100)
        except ValueError:
            raise Refused("must be a number") from None

    return read


def _forgiving(reader: Reader) -> Reader:
    """The same reader, to which what it can't read means the start."""

    def read(value: Any) -> Any:
        try:
            return reader(value)
        except Refused:
            return 0

    return read


# Stages


def _instead(rules: Rules, name: str, other: Callable[[World, Call, Response], Answer]) -> Rules:
    """The rules with another word where one stage refuses."""
    stage = rules.stages[name]

    def asked(world: World, call: Call) -> Answer:
        refusal = stage(world, call)
        return None if refusal is None else other(world, call, refusal)

    return rules.with_stage(name, asked)


def _gone_for_every_method(_world: World, call: Call) -> Answer:
    return answers.gone() if not call.route and any(route.gone for route in call.known) else None


def _refuse_unknown_parameters(_world: World, call: Call) -> Answer:
    known = {name for route in call.known if route is call.route for name in route.query}
    unknown = [name for name, _ in call.request.parameters if name not in known]
    return answers.invalid("query", "There is a query parameter too many") if unknown else None


def _refuse_unknown_members(_world: World, call: Call) -> Answer:
    value = call.request.document.value
    if call.served.body is None or not isinstance(value, dict):
        return None
    operation = contract().operation(call.method, call.request.path)
    known = set(_members(operation.body if operation and operation.body else {}))
    return None if value.keys() <= known else answers.invalid("body", "There is a member too many")


def _members(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from schema.get("properties", {})
    for part in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _members(part)


def _of_any_type(stage: Stage) -> Stage:
    """The body is read as JSON, whatever it says it is."""

    def read(world: World, call: Call) -> Answer:
        sent = call.request
        call.request = replace(sent, headers=tuple(h for h in sent.headers if h[0].lower() != "content-type"))
        try:
            return stage(world, call)
        finally:
            call.request = sent

    return read


def _of_any_encoding(stage: Stage) -> Stage:
    """A body may start with a byte order mark, be UTF-16 and end in NULs, as some readers have it."""

    def read(world: World, call: Call) -> Answer:
        sent = call.request
        body = sent.body or b""
        text = body.decode("utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")
        call.request = replace(sent, body=text.rstrip("\0").encode() or None)
        try:
            return stage(world, call)
        finally:
            call.request = sent

    return read


def _refuse_needless_body(_world: World, call: Call) -> Answer:
    return (
        answers.invalid("body", "A body does not belong here")
        if call.served.body is None and call.request.body
        else None
    )


def _refuse_long_target(_world: World, call: Call) -> Answer:
    return answers.failure(414, "The URL is too long") if len(call.request.target) > _LONG_TARGET else None


def _strict(rules: Rules) -> Rules:
    rules = replace(rules, numbers=replace(rules.numbers, body_bytes=_BODY))
    rules = with_stage_before(rules, "long target", _refuse_long_target, "match")
    return with_stage_before(rules, "needless body", _refuse_needless_body, "body")


def _known(world: World, call: Call, kind: str, value: Any) -> bool:
    found = getattr(world.state, kind).get(value)
    return found is not None and found.org_id == call.home.id and not getattr(found, "removed", False)


def _refusing_unknown_filters(refusal: Response) -> Stage:
    def asked(world: World, call: Call) -> Answer:
        named = [(_FOUND_BY.get(name, ""), value) for name, value in call.query.items()]
        return refusal if any(kind and not _known(world, call, kind, value) for kind, value in named) else None

    return asked


def _with_conflict(rules: Rules, operation: str, missing: Response) -> Rules:
    """The rules with another answer where an operation's query or body means nothing that is there."""
    conflict = rules.conflicts[operation]

    def asked(world: World, call: Call) -> Answer:
        refusal = conflict(world, call)
        return missing if refusal is not None and refusal.status == 404 else refusal  # noqa: PLR2004 - Not Found

    return replace(rules, conflicts={**rules.conflicts, operation: asked})


def _without_figures(rules: Rules) -> Rules:
    """Of what is unknown there are no figures: a success that repeats what was asked for."""
    conflict = rules.conflicts["GET /analytics"]

    def asked(world: World, call: Call) -> Answer:
        refusal = conflict(world, call)
        if refusal is None or refusal.status != 404:  # noqa: PLR2004 - Not Found
            return refusal
        return answers.success(
            {"entity": call.query["entity"], "entity_id": call.query["entity_id"], "series": [], "sum": 0}
        )

    return replace(rules, conflicts={**rules.conflicts, "GET /analytics": asked})


def _refuse_unknown_item(world: World, call: Call) -> Answer:
    if call.served.operation != "POST /campaigns/{id}/items" or "item_id" not in call.body:
        return None
    known = _known(world, call, f"{call.body['item_type']}s", call.body["item_id"])
    return None if known else answers.invalid("body", "The item is unknown")


def _items_first(rules: Rules) -> Rules:
    """What the body means is looked up before what the path means, where the body is read by then."""
    return with_stage_before(rules, "item", _refuse_unknown_item, "look-up")


def _unknown_ids(filters: Response | None, entity: Response, item: Response) -> Callable[[Rules, Any], Rules]:
    def change(rules: Rules, _random: Any) -> Rules:
        if filters is not None:
            rules = with_stage_before(rules, "filters", _refusing_unknown_filters(filters), "look-up")
        rules = _with_conflict(rules, "GET /analytics", entity)
        return _with_conflict(rules, "POST /campaigns/{id}/items", item)

    return change


# Names


def _lower_handles(_world: World, call: Call) -> Answer:
    """Handles are kept in lower case; never answers."""
    for body in (call.body, *call.body.get("creators", ())):
        if "tiktok_handle" in body:
            body["tiktok_handle"] = body["tiktok_handle"].lower()
    return None


def _normal_names(_world: World, call: Call) -> Answer:
    """Names are kept without outer space and in one Unicode form; never answers."""
    if isinstance(call.body.get("name"), str):
        call.body["name"] = unicodedata.normalize("NFC", call.body["name"]).strip() or "unnamed"
    return None


def _refuse_equal_names(world: World, call: Call) -> Answer:
    """409 for a campaign or payout method that gets a name that is there already, its own included."""
    things: list[Campaign | PayoutMethod] = []
    if "/campaigns" in call.served.template:
        things += world.state.campaigns.values()
    if "/payout-methods" in call.served.template:
        things += world.state.payout_methods.values()
    equal = any(thing.org_id == call.home.id and thing.name == call.body.get("name") for thing in things)
    return answers.conflict("This name is taken") if equal else None


# Idempotency


def _changed_body(refusal: Response | None) -> Callable[[Rules, Any], Rules]:
    """Another body under a used key gets this, or the first response again."""

    def change(rules: Rules, _random: Any) -> Rules:
        def other(world: World, call: Call, answer: Response) -> Answer:
            first = world.state.remembered.get((call.home.id, call.request.header("idempotency-key") or ""))
            same_route = first is not None and first.template == call.served.template
            if first is None or answer is first.response or not same_route:
                return answer
            return refusal or first.response

        return _instead(rules, "idempotency", other)

    return change


# Keys


def _in_this_letter_case(rules: Rules, _random: Any) -> Rules:
    """Only "Bearer" will do."""
    accepted = rules.stages["key"]

    def asked(world: World, call: Call) -> Answer:
        sent = call.request.header("authorization") or "Bearer"
        return accepted(world, call) if sent.startswith("Bearer") else answers.unauthorized()

    return rules.with_stage("key", asked)


def _refuse_other_types(_world: World, call: Call) -> Answer:
    """406 where the caller wants no JSON."""
    wanted = call.request.header("accept") or "*/*"
    spoken = any(kind in wanted for kind in ("application/json", "*/*", "application/*"))
    return None if spoken else answers.failure(406, "Only JSON is spoken here")


LENIENCY: Mapping[str, tuple[Choice, ...]] = {
    "a limit out of range": (Choice("400"), Choice("clamped", lambda rules, _: _with_reader(rules, "limit", _clamped))),
    "a bad cursor": (Choice("400"), Choice("ignored", lambda rules, _: _with_reader(rules, "cursor", _forgiving))),
    "a malformed id in the path": (
        Choice("400"),
        Choice("404", lambda rules, _: _instead(rules, "path", lambda *_: answers.not_found())),
    ),
    "a method that is not served": (
        Choice("405"),
        Choice(
            "405 without Allow",
            lambda rules, _: _instead(
                rules, "unserved", lambda _w, call, was: answers.wrong_method(()) if call.known else was
            ),
        ),
        Choice("404", lambda rules, _: _instead(rules, "unserved", lambda *_: answers.not_found("route"))),
        Choice(
            "410 where GET is gone",
            lambda rules, _: with_stage_before(rules, "all gone", _gone_for_every_method, "unserved"),
        ),
    ),
    "an unknown query parameter": (
        Choice("ignored"),
        Choice("400", lambda rules, _: with_stage_before(rules, "parameters", _refuse_unknown_parameters, "query")),
    ),
    "an unknown member of a body": (
        Choice("ignored"),
        Choice("400", lambda rules, _: with_stage_before(rules, "members", _refuse_unknown_members, "body")),
    ),
    "odd bodies": (
        Choice("415"),
        Choice("read as JSON", lambda rules, _: rules.with_stage("body", _of_any_type(rules.stages["body"]))),
        Choice(
            "read in any encoding", lambda rules, _: rules.with_stage("body", _of_any_encoding(rules.stages["body"]))
        ),
        Choice("413, 414 and 400 early", lambda rules, _: _strict(rules)),
    ),
    "an unknown id in a query or body": (
        Choice("an empty list, 404 for an entity or item"),
        Choice("404", _unknown_ids(answers.not_found(), answers.not_found(), answers.not_found())),
        Choice(
            "400",
            _unknown_ids(
                answers.invalid("query", "unknown"),
                answers.invalid("query", "unknown"),
                answers.invalid("body", "unknown"),
            ),
        ),
        Choice("an empty list", _unknown_ids(None, answers.success([]), answers.not_found())),
        Choice("no figures", lambda rules, _: _without_figures(rules)),
    ),
    "an unknown id in a body": (
        Choice("told after the path's"),
        Choice("told first", lambda rules, _: _items_first(rules)),
    ),
    "what the caller accepts": (
        Choice("ignored"),
        Choice("406", lambda rules, _: with_stage_before(rules, "accept", _refuse_other_types, "match")),
    ),
    "handles": (
        Choice("as sent"),
        Choice("in lower case", lambda rules, _: with_stage_after(rules, "lower", _lower_handles, "body")),
    ),
    "names": (
        Choice("as sent"),
        Choice("normal", lambda rules, _: with_stage_after(rules, "normal", _normal_names, "body")),
    ),
    "equal names": (
        Choice("allowed"),
        Choice("409", lambda rules, _: with_stage_before(rules, "names", _refuse_equal_names, "state")),
    ),
    "another body under a used idempotency key": (
        Choice("409"),
        Choice("400", _changed_body(answers.invalid("body", "This key was used with another body"))),
        Choice("the first response", _changed_body(None)),
    ),
    "the letter case of Bearer": (Choice("free"), Choice("as documented", _in_this_letter_case)),
}
