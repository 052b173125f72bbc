"""Comparing JSON Schemas as far as contracts use them: members, whether they must be there, and what they may hold."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from goatcheck.contract import Schema

NOTES = frozenset({"title", "description", "default", "examples", "$schema", "$id", "format"})
"""Keywords that rule nothing out; those that begin with `x-` are notes as well."""

_TYPES = frozenset({"object", "array", "string", "number", "boolean", "null"})
_LISTS = ("allOf",)


@dataclass(frozen=True)
class Member:
    """A member of an object: its schema, and whether it must be there."""

    schema: Schema
    required: bool


def members(schema: Schema) -> dict[str, Member]:
    """The members that an object's schema tells of, those of its `allOf` parts too."""
    parts = [schema, *(part for keyword in _LISTS for part in schema.get(keyword, ()))]
    needed = {name for part in parts for name in part.get("required", ())}
    told: dict[str, Schema] = {}
    for part in parts:
        for name, member in part.get("properties", {}).items():
            told[name] = {**told.get(name, {}), **member}
    return {name: Member(told.get(name, {}), name in needed) for name in dict.fromkeys((*told, *sorted(needed)))}


def may_be_null(schema: Schema) -> bool:
    """Whether null fits a schema, as far as its types tell."""
    parts = [schema, *(part for keyword in _LISTS for part in schema.get(keyword, ()))]
    return all("null" in _types(part) for part in parts)


def rules(schema: Any) -> Any:
    """A schema without what only explains it, for comparing."""
    if isinstance(schema, Mapping):
        return {k: rules(v) for k, v in sorted(schema.items()) if k not in NOTES and not k.startswith("x-")}
    return [rules(item) for item in schema] if isinstance(schema, list) else schema


def narrower(old: Schema, new: Schema) -> bool:
    """Whether all that fits `new` surely fits `old` too: each rule of the old one is there, as strict or stricter."""
    before, after = rules(old), rules(new)
    return all(
        keyword in _KEYWORDS and _KEYWORDS[keyword](before, after) if after.get(keyword) != rule else True
        for keyword, rule in before.items()
    )


def _types(schema: Schema) -> frozenset[str]:
    told = schema.get("type", ())
    if not told:
        return _TYPES | {"integer"}
    return frozenset([told] if isinstance(told, str) else told)


def _fewer_types(old: Schema, new: Schema) -> bool:
    before = _types(old)
    before |= {"integer"} if "number" in before else set()
    if "type" in new:
        return _types(new) <= before
    values = _values(new)
    return values is not None and all(_type(value) in before for value in values)


def _fewer_values(old: Schema, new: Schema) -> bool:
    before, after = _values(old), _values(new)
    return before is not None and after is not None and all(value in before for value in after)


def _values(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _type(value: Any) -> str:
    names: Iterable[tuple[type, str]] = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"))
    names = (*names, (list, "array"), (dict, "object"))
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _bound(keyword: str, stricter: Callable[[Any, Any], bool]) -> Callable[[Schema, Schema], bool]:
    return lambda old, new: keyword in new and stricter(new[keyword], old[keyword])


def _all_of(keyword: str) -> Callable[[Schema, Schema], bool]:
    return lambda old, new: set(old[keyword]) <= set(new.get(keyword, ()))


def _each_member(old: Schema, new: Schema) -> bool:
    after = new.get("properties", {})
    return all(name in after and narrower(schema, after[name]) for name, schema in old["properties"].items())


_KEYWORDS: Mapping[str, Callable[[Schema, Schema], bool]] = {
    "type": _fewer_types,
    "enum": _fewer_values,
    "const": _fewer_values,
    "minimum": _bound("minimum", operator.ge),
    "maximum": _bound("maximum", operator.le),
    "minLength": _bound("minLength", operator.ge),
    "maxLength": _bound("maxLength", operator.le),
    "minItems": _bound("minItems", operator.ge),
    "maxItems": _bound("maxItems", operator.le),
    "required": _all_of("required"),
    "properties": _each_member,
    "items": lambda old, new: "items" in new and narrower(old["items"], new["items"]),
}
"""For each keyword whether the rule of the new schema is as strict; called where the two differ. Of others it is not known."""
