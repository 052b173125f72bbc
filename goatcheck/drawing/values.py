"""Values of a schema: the plainest, those at its edges, and random ones."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Any, TypeVar

from hypothesis.strategies import SearchStrategy

from goatcheck.contract.parts import Schema
from goatcheck.drawing.shapes import Shape, constants, fits, is_name, longest, shapes, types_of
from goatcheck.errors import GeneratorError

T = TypeVar("T")

Labelled = tuple[str, Any]

PLAIN = "goat"
"""The text that stands where any would do."""

_LARGE = 1_000_000_000

_SIGNS = (("dot", "."), ("underscore", "_"), ("hyphen", "-"), ("space", " "), ("capital", "G"), ("digit", "7"))
"""What may stand in a plain text beside small letters, with a label."""


@dataclass(frozen=True)
class Filling:
    """What a value is filled with where its schema leaves it open.

    Names are made of the text `mark`; `ids` holds ids of what exists by its kind, and `uuid` stands in for those that are
    not there; dates count from `today`.
    """

    mark: str
    ids: Mapping[str, str]
    uuid: str
    today: dt.date


def plain(schema: Schema, filling: Filling) -> Any:
    """The plainest value of a schema. Raises GeneratorError where none is known."""
    return edges(schema, filling)[0][1]


def edges(schema: Schema, filling: Filling) -> tuple[Labelled, ...]:
    """Values at the edges of a schema, distinct, the plainest first, each with a short label.

    Raises GeneratorError for a schema of which no value is known here.
    """
    found: dict[str, Labelled] = {}
    for label, value in _proposals(schema, filling):
        if fits(schema, value):
            found.setdefault(json.dumps(value), (label, value))
    if not found:
        raise GeneratorError(
            f"no value is known for the schema {json.dumps(schema)}: teach goatcheck.drawing.values one"
        )
    return tuple(found.values())


def object_of(shape: Shape, names: Iterable[str], filling: Filling) -> dict[str, Any]:
    """An object with these members of a form, each with its plainest value; of an id, its kind may stand in another member."""
    value = {name: plain(shape.members[name], filling) for name in names}
    kinds = {name: str(value.get(shape.members[name].get("x-resource", ""))) for name in value}
    return value | {name: filling.ids[kind] for name, kind in kinds.items() if kind in filling.ids}


def objects(schema: Schema, fillings: Iterator[Filling]) -> Iterator[Labelled]:
    """Objects of a schema: of each form the smallest, then one with all members, then the edges of each member in turn.

    Each object takes fillings of its own, so that no two share a name.
    """
    forms = shapes(schema)
    for shape in forms:
        yield ":".join(("smallest", *shape.required)), object_of(shape, shape.smallest, next(fillings))
    for shape in forms:
        if len(shape.members) > max(1, len(shape.smallest)):
            yield ":".join(("all", *shape.required)), object_of(shape, shape.members, next(fillings))
    members = [(shape, name, member) for shape in forms for name, member in shape.members.items()]
    rows = [
        [(shape, name, edge) for edge in edges(member, next(fillings))[name in shape.smallest :]]
        for shape, name, member in members
    ]
    for shape, name, (label, value) in in_turn(rows):
        yield f"{name}:{label}", object_of(shape, shape.required, next(fillings)) | {name: value}


def together(schema: Schema, fillings: Iterator[Filling]) -> Iterator[Labelled]:
    """Objects of a schema, few of which try much: of each form the smallest, then ones in which every member is at an edge."""
    forms = shapes(schema)
    for shape in forms:
        yield ":".join(("smallest", *shape.required)), object_of(shape, shape.smallest, next(fillings))
    for shape in forms:
        nulls = {name: None for name, member in shape.members.items() if "null" in types_of(member)}
        if nulls and not shape.required:
            yield "nulls", nulls
    most = max((len(edges(m, next(fillings))) for shape in forms for m in shape.members.values()), default=0)
    for number in range(most):
        for shape in forms:
            filling = next(fillings)
            values = {n: outermost(edges(member, filling), number)[1] for n, member in shape.members.items()}
            yield (
                ":".join((f"together-{number + 1}", *shape.required)),
                object_of(shape, shape.required, filling) | values,
            )


def outermost(found: Sequence[T], number: int) -> T:
    """One of some edges: the second, the last, the third, the last but one, and so on; then the first, the plainest; then again."""
    at = number % len(found)
    if at == len(found) - 1:
        return found[0]
    return found[-1 - at // 2] if at % 2 else found[1 + at // 2]


def in_turn(rows: Iterable[Iterable[T]]) -> Iterator[T]:
    """The first of each row, then the second of each, and so on."""
    for column in zip_longest(*([(item,) for item in row] for row in rows), fillvalue=()):
        yield from (item for cell in column for item in cell)


def marked(value: Any, schema: Schema, mark: str) -> Any:
    """A value of a schema with its names made to start with `mark` as far as they may be that long; items get marks of their own."""
    if isinstance(value, str) and is_name(schema):
        full = longest(schema)
        text = f"{mark[-full:]}{value}"[:full]
        return text if fits(schema, text) else value
    if isinstance(value, list):
        return [marked(item, schema.get("items", {}), f"{mark}{_letter(n)}") for n, item in enumerate(value)]
    if isinstance(value, dict):
        members = next((s.members for s in shapes(schema) if value.keys() <= s.members.keys()), {})
        return {name: marked(item, members.get(name, {}), mark) for name, item in value.items()}
    return value


@lru_cache(maxsize=256)
def random_values(schema: str) -> SearchStrategy[Any]:
    """A strategy of valid values of a schema, which is given as JSON text. Texts in them are ASCII, whole numbers are integers."""
    import schemathesis  # noqa: PLC0415 - takes a fifth of a second, and fixed values do without it
    from schemathesis.config import SchemathesisConfig  # noqa: PLC0415 - the same

    config = SchemathesisConfig.from_dict({"generation": {"codec": "ascii", "allow-x00": False}})
    media = {"application/json": {"schema": json.loads(schema)}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "values", "version": "1"},
        "paths": {
            "/": {
                "post": {"requestBody": {"required": True, "content": media}, "responses": {"200": {"description": ""}}}
            }
        },
    }
    operation = schemathesis.openapi.from_dict(document, config=config)["/"]["POST"]
    mode = schemathesis.GenerationMode.POSITIVE
    return operation.as_strategy(generation_mode=mode).map(lambda case: _whole(case.body))


def _whole(value: Any) -> Any:
    """The value without numbers such as 7.0, which are whole to JSON Schema, but not to every reader."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _proposals(schema: Schema, filling: Filling) -> Iterator[Labelled]:
    if constants(schema):
        yield from ((str(value), value) for value in constants(schema))
        return
    if shapes(schema):
        yield from (("object", object_of(shape, shape.smallest, filling)) for shape in shapes(schema))
        return
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _proposals(part, filling)
    types = types_of(schema)
    if "string" in types:
        yield from _texts(schema, filling)
    if "integer" in types:
        bounds = [schema[bound] for bound in ("minimum", "maximum") if bound in schema]
        yield from ((str(number), number) for number in (*bounds, 0, 1, _LARGE))
    if "array" in types and "items" in schema:
        yield "two", [plain(schema["items"], _numbered(filling, n)) for n in range(2)]
    if "boolean" in types:
        yield from (("true", True), ("false", False))
    if "null" in types:
        yield "null", None


def _texts(schema: Schema, filling: Filling) -> Iterator[Labelled]:
    if "format" in schema:
        yield from _formatted(schema, filling)
        return
    full = longest(schema)
    mark = filling.mark[-full:] if is_name(schema) else PLAIN
    name = mark if fits(schema, mark) else PLAIN
    yield "plain", name
    signs = "".join(sign for _, sign in _SIGNS if fits(schema, f"{name}{sign}9"))
    if signs:
        yield f"{full}-characters-{len(signs)}-signs", f"{name}{signs}".ljust(full, "g")
    # what the mark starts with is another one in each run
    yield "one-character", _letter(sum(filling.mark.rpartition("-")[2].encode()))
    yield f"{full}-characters", name.ljust(full, "g")
    for label, sign in _SIGNS:
        # where it may be, two of it in the middle and one at the end, where some servers want letters
        often = f"{name}{sign}{sign}9{sign}"
        yield label, often if fits(schema, often) else f"{name}{sign}9"


def _formatted(schema: Schema, filling: Filling) -> Iterator[Labelled]:
    if "x-days-ago" in schema:
        yield from ((f"{days}-days-ago", f"{filling.today - dt.timedelta(days=days)}") for days in schema["x-days-ago"])
        return
    yield "uuid", filling.ids.get(schema.get("x-resource", ""), filling.uuid)
    yield "today", f"{filling.today}"
    yield "midnight", f"{filling.today}T00:00:00Z"


def _numbered(filling: Filling, number: int) -> Filling:
    return replace(filling, mark=f"{filling.mark}{_letter(number)}")


def _letter(number: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[number % 26]
