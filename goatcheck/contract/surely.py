"""The part of a schema whose values are documented as valid: what `x-sure` marks."""

from __future__ import annotations

from typing import Any

from goatcheck.contract.parts import Schema

MARK = "x-sure"


def sure(schema: Schema) -> Schema | None:
    """The narrower schema of the values that are documented as valid, or None where there are none.

    `x-sure: true` takes all values of the schema, an object narrows it. Of an object without a mark the marked members
    stay, and no others; there are none if a required one goes. Of alternatives those stay that have such a part.
    """
    narrower = schema.get(MARK)
    own = {keyword: value for keyword, value in schema.items() if keyword != MARK}
    if narrower is not None:
        if "items" in own:
            own["items"] = sure(own["items"]) or own["items"]
        return own if narrower is True else own | narrower
    if "oneOf" in own:
        alternatives = [part for part in map(sure, own["oneOf"]) if part is not None]
        return own | {"oneOf": alternatives} if alternatives else None
    return _sure_members(own) if "properties" in own else None


def _sure_members(schema: dict[str, Any]) -> Schema | None:
    parts = {name: sure(member) for name, member in schema["properties"].items()}
    members = {name: part for name, part in parts.items() if part is not None}
    if not members or not members.keys() >= set(schema.get("required", ())):
        return None
    narrowed = schema | {"properties": members, "additionalProperties": False}
    if "anyOf" in schema:
        narrowed["anyOf"] = [part for part in schema["anyOf"] if members.keys() >= set(part.get("required", ()))]
    return narrowed
