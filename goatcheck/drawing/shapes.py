"""What a JSON Schema allows, as far as drawing needs to know it: JSON types, forms of an object, the longest text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

from goatcheck.contract.parts import Schema

LONGEST = 300
"""Texts are made up to this many characters long where the schema sets no bound."""

_ALL_TYPES = frozenset({"string", "number", "integer", "boolean", "null", "array", "object"})
_TYPES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
    list: "array",
    dict: "object",
}


@dataclass(frozen=True)
class Shape:
    """One form of a JSON object: its documented members, those that are required, and whether it may be empty."""

    members: Mapping[str, Schema]
    required: tuple[str, ...]
    may_be_empty: bool

    @property
    def smallest(self) -> tuple[str, ...]:
        """The members of the smallest object of this form: the required ones, else the first where there must be one."""
        return self.required or (() if self.may_be_empty else tuple(self.members)[:1])

    @property
    def told_kinds(self) -> tuple[tuple[str, str], ...]:
        """Each member that is the id of something, with the member that tells of what kind, where one does."""
        pairs = ((name, schema.get("x-resource", "")) for name, schema in self.members.items())
        return tuple((name, teller) for name, teller in pairs if teller in self.members)

    @property
    def notes(self) -> tuple[str, ...]:
        """The members that take any text, and name nothing."""
        return tuple(name for name, schema in self.members.items() if is_free_text(schema) and not is_name(schema))


def fits(schema: Schema, value: Any) -> bool:
    """Whether a value is valid under a schema; formats count."""
    return _validator(json.dumps(schema)).is_valid(value)


def shapes(schema: Schema) -> tuple[Shape, ...]:
    """The forms of an object that a schema allows, in its order; none where it means no object with members.

    Parts of a union that have members of their own are forms; what they say of a member adds to what the whole says.
    """
    forms = [form for form in schema.get("oneOf", schema.get("anyOf", ())) if "properties" in form]
    if not forms:
        members = schema.get("properties", {})
        return (Shape(members, tuple(schema.get("required", ())), fits(schema, {})),) if members else ()
    whole = {key: value for key, value in schema.items() if key not in {"oneOf", "anyOf"}}
    return tuple(shape for form in forms for shape in shapes(_merged(whole, form)))


def types_of(schema: Schema) -> frozenset[str]:
    """The JSON types that a schema allows; where it allows numbers with fractions, whole ones are among them."""
    found = _ALL_TYPES
    declared = schema.get("type", ())
    if declared:
        names = {declared} if isinstance(declared, str) else set(declared)
        found &= names | ({"integer"} if "number" in names else set())
    if constants(schema):
        found &= {type_of(value) for value in constants(schema)}
    for union in ("anyOf", "oneOf"):
        if union in schema:
            found &= frozenset().union(*(types_of(part) for part in schema[union]))
    return found


def type_of(value: Any) -> str:
    """The JSON type of a value; of a whole number, "integer"."""
    return "integer" if isinstance(value, float) and value.is_integer() else _TYPES[type(value)]


def may_be(schema: Schema, value: Any) -> bool:
    """Whether a value is of a JSON type that a schema allows."""
    return type_of(value) in types_of(schema)


def constants(schema: Schema) -> tuple[Any, ...]:
    """The values that a schema lists, in its order; none where it lists none."""
    return (schema["const"],) if "const" in schema else tuple(schema.get("enum", ()))


def longest(schema: Schema) -> int:
    """The length of the longest plain text that a schema of a string allows, at most LONGEST; 0 for none."""
    return _longest(json.dumps(schema))


def is_free_text(schema: Schema) -> bool:
    """Whether a member may be any text, as far as it may be that long."""
    return "string" in types_of(schema) and not constants(schema) and "format" not in schema


def is_name(schema: Schema) -> bool:
    """Whether a member is a text that names what a request makes: a free text that can't be null."""
    return is_free_text(schema) and types_of(schema) == {"string"}


def _merged(whole: Schema, form: Schema) -> Schema:
    """An object's schema with what one form adds to it."""
    members = dict(whole.get("properties", {}))
    for name, member in form["properties"].items():
        members[name] = {**members.get(name, {}), **member}
    return {**whole, **form, "properties": members, "required": [*whole.get("required", ()), *form.get("required", ())]}


@lru_cache(maxsize=512)
def _longest(schema: str) -> int:
    return next((n for n in range(LONGEST, 0, -1) if _validator(schema).is_valid("g" * n)), 0)


@lru_cache(maxsize=512)
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
