"""What successes look like where no document shows it: statuses, the shape of `data`, what changes by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from goatcheck.exchange import Response
from goatcheck.mock.any_valid.changes import Choice, document, is_json, with_document
from goatcheck.mock.any_valid.pages import paged
from goatcheck.model.call import Call
from goatcheck.model.state import timestamp
from goatcheck.model.world import Ending, Rules, World

Shape = Callable[[Call, Any], Any]
"""Makes the `data` of a success another value."""

_SUCCESS = range(200, 300)
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _shaped(name: str, wanted: Callable[[Call, Response], bool], shape: Shape, status: int = 0) -> Choice:
    """A choice that gives some successes another shape, and another status where one is given; 204 goes without a body."""

    def ending(_world: World, call: Call, response: Response) -> Response:
        if response.status not in _SUCCESS or not call.route or not is_json(response) or not wanted(call, response):
            return response
        if status == 204:  # noqa: PLR2004 - No Content
            return Response(status)
        body = document(response)
        return replace(
            with_document(response, {**body, "data": shape(call, body["data"])}), status=status or response.status
        )

    return Choice(name, lambda rules, _: _with_shape(rules, ending))


def _with_shape(rules: Rules, ending: Ending) -> Rules:
    """The rules with one more change of shape: each adds to those before it."""
    earlier = rules.endings.get("shape")
    if earlier is None:
        return rules.with_ending("shape", ending)
    return rules.with_ending("shape", lambda world, call, response: ending(world, call, earlier(world, call, response)))


def _creates(call: Call, _response: Response) -> bool:
    return call.served.creates


def _method(name: str) -> Callable[[Call, Response], bool]:
    return lambda call, _: call.method == name


def _lists(call: Call, response: Response) -> bool:
    return call.method == "GET" and isinstance(document(response)["data"], list)


def _kind(call: Call) -> str:
    """What a creating route makes: "creator", "campaign", "payout_method", "item"."""
    return call.served.template.rsplit("/", 1)[-1].replace("-", "_").removesuffix("s")


def _as_is(_call: Call, data: Any) -> Any:
    return data


def _nothing(_call: Call, _data: Any) -> Any:
    return None


def _named(call: Call, data: Any) -> Any:
    return {_kind(call) + "s": data, "failed": []} if isinstance(data, list) else {_kind(call): data}


def _with_project(call: Call, data: Any) -> Any:
    """The new thing beside the project that it is in, which was there before."""
    project = {"id": call.path_id, "name": "a project"} if call.served.target == "projects" else None
    return {"project": project, **_named(call, data)}


def _in_list(_call: Call, data: Any) -> Any:
    return data if isinstance(data, list) else [data]


def _counted(_call: Call, data: Any) -> Any:
    return {"created": len(data) if isinstance(data, list) else 1}


def _empty_body(name: str, wanted: Callable[[Call, Response], bool]) -> Choice:
    def ending(_world: World, call: Call, response: Response) -> Response:
        return Response(200) if response.status in _SUCCESS and call.route and wanted(call, response) else response

    return Choice(name, lambda rules, _: _with_shape(rules, ending))


def _changing(rules: Rules, random: Random) -> Rules:
    """What is read changes by itself: a time of the last look, a name that was scraped meanwhile, members that are new."""

    def changed(call: Call, item: Any) -> Any:
        if not isinstance(item, dict) or "id" not in item:
            return item
        fresh = {"updated_at": timestamp(call.now + random.random()), "views": random.randint(0, 10**6), "tags": []}
        if "display_name" in item:
            fresh["display_name"] = random.choice(("The Goat Farmer", "goat 🐐", None))
            fresh["tracking"] = {"id": item["id"], "note": "second.seeded"}
        return {**item, **fresh}

    def ending(_world: World, call: Call, response: Response) -> Response:
        if call.method != "GET" or response.status not in _SUCCESS or not is_json(response):
            return response
        body = document(response)
        data = body["data"]
        data = [changed(call, item) for item in data] if isinstance(data, list) else changed(call, data)
        return with_document(response, {**body, "data": data})

    return _with_shape(rules, ending)


def _meta(name: str, meta: Mapping[str, Any]) -> Choice:
    """A choice of what stands in `meta` of a success that needs none."""

    def ending(_world: World, _call: Call, response: Response) -> Response:
        if response.status not in _SUCCESS or not is_json(response):
            return response
        body = document(response)
        return with_document(response, {**body, "meta": {**meta, **(body["meta"] or {})}})

    return Choice(name, lambda rules, _: _with_shape(rules, ending))


def _upper_ids(_world: World, call: Call, response: Response) -> Response:
    if response.status not in _SUCCESS or not call.route:
        return response
    return replace(response, body=_UUID.sub(lambda found: found[0].upper(), response.body))


SHAPES: Mapping[str, tuple[Choice, ...]] = {
    "pages": (
        Choice("as documented"),
        Choice("newest first", lambda rules, _: paged(rules, newest_first=True)),
        Choice("short pages of every list", lambda rules, _: paged(rules, most=25, everywhere=True)),
        Choice("newest first, short pages", lambda rules, _: paged(rules, newest_first=True, most=20)),
        Choice("newest first, by offset", lambda rules, _: paged(rules, newest_first=True, most=20, offsets=True)),
    ),
    "what changes by itself": (Choice("nothing"), Choice("what is read", _changing)),
    "status of a creation": (
        Choice("201"),
        _shaped("200", _creates, _as_is, 200),
        _shaped("201 always", _creates, _as_is, 201),
    ),
    "answer to a creation": (
        Choice("the thing"),
        _shaped("under its name", _creates, _named),
        _shaped("beside its project", _creates, _with_project),
        _shaped("in a list", _creates, _in_list),
        _shaped("null", _creates, _nothing),
        _shaped("a count", _creates, _counted),
    ),
    "answer to a change": (
        Choice("the thing"),
        _shaped("null", _method("PATCH"), _nothing),
        _shaped("204", _method("PATCH"), _as_is, 204),
    ),
    "answer to a deletion": (
        Choice("the id"),
        _shaped("null", _method("DELETE"), _nothing),
        _shaped("204", _method("DELETE"), _as_is, 204),
        _empty_body("200 without a body", _method("DELETE")),
    ),
    "letter case of ids": (Choice("lower"), Choice("upper", lambda rules, _: _with_shape(rules, _upper_ids))),
    "meta of a success": (
        Choice("as documented"),
        _meta("empty", {}),
        _meta("of its own", {"total": 7, "requestId": "8f14e45f", "code": "ok", "nextCursor": None}),
    ),
    "data of a list": (
        Choice("a list"),
        _shaped("an object with a list", _lists, lambda _call, data: {"items": data, "count": len(data)}),
        _shaped("an object with lists", _lists, lambda _call, data: {"hidden": [], "items": data}),
    ),
}
