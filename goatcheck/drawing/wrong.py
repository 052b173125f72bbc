"""What is wrong in exactly one place and beyond doubt: values of queries, of bodies and of paths.

Sources: 400.query, 400.body and 400.params of the register. Only parameters with values that are documented as valid are
judged, for of the others too little is public.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from goatcheck.contract.parts import Operation, Parameter, Schema
from goatcheck.drawing import corpora
from goatcheck.drawing.draw import Draw
from goatcheck.drawing.shapes import Shape, is_name, may_be, shapes, type_of, types_of
from goatcheck.drawing.values import Filling, object_of, plain

_words = st.text(corpora.NEITHER, min_size=3, max_size=12)
_WRONG_TEXTS: dict[str, tuple[corpora.Labelled, st.SearchStrategy[str]]] = {
    "uuid": (
        corpora.NOT_UUIDS,
        st.builds(
            lambda uuid, at, letter: f"{uuid}"[:at] + letter + f"{uuid}"[at + 1 :],
            st.uuids(),
            st.integers(0, 7),
            st.sampled_from(corpora.NEITHER),
        ),
    ),
    "date": (
        corpora.NOT_DATES,
        st.one_of(
            _words, st.builds("{}-{}-{}".format, st.integers(2000, 2030), st.integers(13, 99), st.integers(10, 28))
        ),
    ),
    "number": (corpora.NOT_NUMBERS, _words),
}
_DRAWN = st.one_of(
    st.integers(-(2**31), 2**31),
    st.booleans(),
    st.none(),
    st.text(corpora.NEITHER, max_size=8),
    st.lists(st.integers(0, 9), max_size=3),
)


def wrong_queries(operation: Operation, draw: Draw) -> Iterator[tuple[str, str, str]]:
    """Cause, name and wrong value for each parameter of a query: the fixed values of all of them first, then random ones."""
    judged = [(p, _kind(p)) for p in operation.query_parameters if p.sure is not None and _kind(p)]
    for parameter, kind in judged:
        for label, value in _WRONG_TEXTS[kind][0]:
            yield f"{parameter.name}:not-a-{kind}:{label}", parameter.name, value
    for parameter, kind in judged:
        for value in draw.examples(
            f"not-a-{kind}:{operation.id}:{parameter.name}", _WRONG_TEXTS[kind][1], draw.max_examples
        ):
            yield f"{parameter.name}:not-a-{kind}:drawn", parameter.name, value


def out_of_range(operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Cause, name and value for each parameter that is a number, with values outside of 1 to 100."""
    for parameter in operation.query_parameters:
        if _kind(parameter) == "number":
            for label, value in corpora.OUT_OF_RANGE:
                yield f"{parameter.name}:{label}", parameter.name, value


def wrong_bodies(schema: Schema, fillings: Iterator[Filling]) -> Iterator[tuple[str, bytes]]:
    """Cause and body for each way in which a body of this schema can be of a wrong form: no JSON, no object, a member
    that is missing, a member of another type.
    """
    good = json.dumps(plain(schema, next(fillings))).encode()
    yield "not-json:truncated", good[:-1]
    yield "not-json:trailing-comma", good[:-1] + b",}"
    yield "not-json:single-quotes", good.replace(b'"', b"'")
    yield "not-json:two-documents", good + good
    yield "not-json:bare-word", b"goat"
    yield "not-json:empty", b""
    yield "not-json:word-after", good + b" goat"
    for label, value in corpora.NOT_OBJECTS:
        yield f"not-an-object:{label}", json.dumps(value).encode()
    yield "not-an-object:in-a-list", b"[" + good + b"]"
    wrong: dict[str, Any] = {}
    for shape in shapes(schema):
        for cause, value in _wrong_objects(shape, fillings):
            wrong.setdefault(cause, value)
    yield from ((cause, json.dumps(value).encode()) for cause, value in wrong.items())
    for shape in shapes(schema):
        for name, member in shape.members.items():
            if "number" in types_of(member):  # Python writes and reads NaN, which is no JSON
                yield (
                    "not-json:nan",
                    json.dumps(object_of(shape, shape.required, next(fillings)) | {name: math.nan}).encode(),
                )


def drawn_bodies(schema: Schema, fillings: Iterator[Filling], draw: Draw, label: str) -> Iterator[tuple[str, bytes]]:
    """Cause and body of random ways: valid bodies cut off anywhere, members with random values of a wrong type."""
    good = json.dumps(plain(schema, next(fillings))).encode()
    for size in draw.examples(f"cut:{label}:{len(good)}", st.integers(1, len(good) - 1), draw.max_examples):
        yield "not-json:cut", good[:size]
    members = [(shape, name) for shape in shapes(schema) for name in shape.members]
    choices = st.tuples(st.integers(0, len(members) - 1), _DRAWN)
    for index, value in draw.examples(f"wrong-type:{label}", choices, 2 * draw.max_examples):
        shape, name = members[index]
        if not may_be(shape.members[name], value) and (value is not None or name in shape.required):
            body = object_of(shape, shape.required, next(fillings)) | {name: value}
            yield f"{name}:drawn-{type_of(value)}", json.dumps(body).encode()


def _kind(parameter: Parameter) -> str:
    form = parameter.schema.get("format")
    if form in {"uuid", "date"}:
        return str(form)
    return "number" if types_of(parameter.schema) <= {"integer", "number"} else ""


def _wrong_objects(shape: Shape, fillings: Iterator[Filling]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in shape.required:
        whole = object_of(shape, shape.required, next(fillings))
        yield f"missing:{name}", {member: value for member, value in whole.items() if member != name}
    if not shape.required and not shape.may_be_empty:
        yield "missing:all", {}
    # beside what is wrong stand a name and other texts where none are required: that they are taken over is then seen in a list
    beside = shape.required or tuple(member for member, schema in shape.members.items() if is_name(schema))
    texts = () if shape.required else shape.notes
    for name, schema in shape.members.items():
        for cause, value in (*_wrong_values(schema), *_wrong_items(schema, fillings)):
            if value is None and name not in beside:
                continue  # many take that for left out
            filling = next(fillings)
            yield (
                f"{name}{cause}",
                object_of(shape, beside, filling) | dict.fromkeys(texts, filling.mark) | {name: value},
            )


def _wrong_values(schema: Schema) -> Iterator[tuple[str, Any]]:
    for label, value in corpora.WRONG_VALUES:
        redundant = label in {"numeric-text", "fraction"} and "integer" not in types_of(schema)
        if not may_be(schema, value) and not redundant:
            yield f":{label}", value


def _wrong_items(schema: Schema, fillings: Iterator[Filling]) -> Iterator[tuple[str, list[Any]]]:
    """Lists of two whose last item is wrong."""
    if types_of(schema) != {"array"}:
        return
    items = schema["items"]
    wrong = [*_wrong_values(items)]
    for shape in shapes(items):
        wrong += [(f".{cause}", value) for cause, value in _wrong_objects(shape, fillings)]
    for cause, value in wrong:
        yield f"[1]{cause}", [plain(items, next(fillings)), value]
