"""Requests with values that are odd, but of the form that is wanted or close to it. Whether they are taken is open.

Ids in another spelling, days at the ends of the calendar, numbers in another writing, what a text may not be, idempotency
keys and header fields of all sorts: none of it may make a server fail. Source: envelope.malformed-request and 500.never.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from goatcheck.contract.parts import Operation, Parameter, Schema
from goatcheck.drawing.corpora import (
    DAY,
    DAY_BEFORE,
    ODD_DAYS,
    ODD_MOMENTS,
    ODD_NUMERALS,
    ODD_QUERY_TEXTS,
    ZEROS,
    Labelled,
    odd_uuids,
)
from goatcheck.drawing.draft import Draft, encode_segment
from goatcheck.drawing.shapes import constants, types_of

_LARGE = (300_000, 1_048_600)
"""Bytes that bodies are longer than, as many a server's limit is: a tenth of a megabyte, or a whole one (2**20). Whoever repeats the
body twice still answers with less than is read.
"""
_LONG_FIELD = 5000
"""Characters of a header field that is longer than many a server's buffer."""

_ANOTHER_WORD = ("another-word", "constructor")
"""Not among the words that are taken, but a name that every object has in JavaScript."""
_SIGNS = ("signs", 'g"\xe9\\<')
"""No id, day or word at all: what errors that are put together by hand stumble over."""

ODD_KEYS: Labelled = (
    ("empty", ""),
    ("quote", "goat'\"`;--"),
    ("in-quotes", '"goat"'),
    ("latin-1", "go\xe4t"),
    ("long", "g" * 300),
)
"""Values of `Idempotency-Key` that no server has to take."""


ODDEST_KEY = '"' + "go\xe4t" * 70 + '"'
"""An `Idempotency-Key` that is long, in quotes and no ASCII."""


def odd(valid: Draft, operation: Operation, members: Mapping[str, Schema], uuid: str) -> Iterator[Draft]:
    """A valid request with one odd id in its path, value in its query or member in its body, which may be these members.

    `uuid` is that of nothing: no id is odd that means something.
    """
    for parameter in operation.path_parameters:
        for label, segment in odd_uuids(uuid):
            path = operation.template.replace(f"{{{parameter.name}}}", encode_segment(segment))
            yield replace(valid, path=path).because(f"odd-path:{label}", "path")
    for parameter in operation.query_parameters:
        for label, value in _odd_values(parameter, uuid):
            yield valid.with_parameter(parameter.name, value).because(f"odd-{parameter.name}:{label}", "query")
    days = [p.name for p in operation.query_parameters if p.schema.get("format") == "date"]
    for label, ends in (("one-day", (DAY, DAY)), ("backwards", (DAY, DAY_BEFORE))) if len(days) > 1 else ():
        draft = valid
        for name, day in zip(days, ends, strict=False):
            draft = draft.with_parameter(name, day)
        yield draft.because(f"odd-days:{label}", "query")
    if valid.body is not None:
        for label, body in _odd_bodies(json.loads(valid.body), members, uuid):
            yield valid.with_json(body).because(f"odd-{label}", "body")


def oddest(valid: Draft, operation: Operation, members: Mapping[str, Schema], uuid: str) -> Iterator[Draft]:
    """As `odd`, where a request is dear: at most two requests that are odd wherever they can be, and in their header fields."""
    for turn, fields, key, odd_id in ((0, _SMALL_FIELDS, "", uuid.upper()), (2, _LARGE_FIELDS, ODDEST_KEY, ZEROS)):
        draft = valid
        for parameter in operation.query_parameters:
            if values := _odd_values(parameter, uuid):
                draft = draft.with_parameter(parameter.name, values[turn % len(values)][1])
        if valid.body is not None:
            body = {name: odd[turn % len(odd)][1] for name, odd in _odd_members(members, uuid).items()}
            draft = draft.with_json({**json.loads(valid.body), **body}) if body else draft
        if draft == valid and turn:
            continue
        path = operation.template
        for parameter in operation.path_parameters:
            path = path.replace(f"{{{parameter.name}}}", encode_segment(odd_id))
        keyed = (("Idempotency-Key", key),) if operation.writes else ()
        yield replace(draft, path=path).with_headers(*fields, *keyed).because(f"oddest:{turn}", "http")


_SMALL_FIELDS = (
    ("Accept-Language", "goat;q=x,,;"),
    ("Cookie", 'goat; =; g="'),
    ("X-Forwarded-For", "goat, ::1"),
    ("X-Request-Id", "go\xe4t'\"%s"),
    ("traceparent", "00-goat-0-1"),
    ("If-Modified-Since", "goat"),
    ("If-None-Match", '"goat'),
    ("Range", "goats=1-"),
)
_LARGE_FIELDS = (("Cookie", f"g={'g' * _LONG_FIELD}"),)

ODDITIES: tuple[tuple[str, Callable[[Draft], Draft]], ...] = (
    *((name, lambda draft, field=(name, value): draft.with_headers(field)) for name, value in _SMALL_FIELDS),
    ("long-cookie", lambda draft: draft.with_headers(*_LARGE_FIELDS)),
    ("accept", lambda draft: draft.with_headers(("Accept", "goat"))),
    ("parameters", lambda draft: _typed(draft, "APPLICATION/JSON;;charset=;=")),
    ("suffix", lambda draft: _typed(draft, "application/goat+json")),
    ("needless-key", lambda draft: draft.with_headers(("Idempotency-Key", "goat'\"`;--"))),
    ("needless-query", lambda draft: draft.with_parameter("goat", "1")),
    ("origin", lambda draft: draft.with_headers(("Origin", "https://goat.invalid"))),
    ("any-language", lambda draft: draft.with_headers(("Accept-Language", "*"))),
    ("no-agent", lambda draft: draft.with_headers(("User-Agent", ""))),
    ("if-match", lambda draft: draft.with_headers(("If-Match", '"goat"'))),
)
"""What hardly depends on the operation: other header fields than usual, each with its label."""


def large(draft: Draft) -> list[Draft]:
    """The same request with bodies that go on for long, in nothing but spaces; the smallest first."""
    return [
        draft.with_body((draft.body or b"") + b" " * size).because(f"odd:body-of-{size}-bytes", "http")
        for size in _LARGE
    ]


def _typed(draft: Draft, media_type: str) -> Draft:
    return draft.with_headers(("Content-Type", media_type))


def _odd_values(parameter: Parameter, uuid: str) -> Labelled:
    form, types = parameter.schema.get("format", ""), types_of(parameter.schema)
    if form == "uuid":
        return (*odd_uuids(uuid), _SIGNS)
    if form == "date" or parameter.name.endswith("_date"):
        return (*ODD_DAYS, _SIGNS)
    if constants(parameter.schema):
        return (_ANOTHER_WORD, _SIGNS)
    return ODD_NUMERALS if "integer" in types else ODD_QUERY_TEXTS


def _odd_members(members: Mapping[str, Schema], uuid: str) -> dict[str, tuple[tuple[str, Any], ...]]:
    """The odd values of each member that has such, each with its label."""
    forms = {"uuid": odd_uuids(uuid), "date": ODD_DAYS, "date-time": ODD_MOMENTS}
    found: dict[str, tuple[tuple[str, Any], ...]] = {}
    for name, schema in members.items():
        if schema.get("format", "") in forms:
            found[name] = forms[schema["format"]]
        elif constants(schema):
            found[name] = (_ANOTHER_WORD, _SIGNS)
        elif "number" in types_of(schema):
            found[name] = tuple((f"{number:g}", number) for number in (-1, -0.0, 2**53 + 1, 1e308))
    return found


def _odd_bodies(
    value: dict[str, Any], members: Mapping[str, Schema], uuid: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, values in _odd_members(members, uuid).items():
        yield from ((f"{name}:{label}", {**value, name: odd_value}) for label, odd_value in values)
    for name, schema in members.items():
        if types_of(schema) == {"array"}:
            yield f"{name}:none", {name: []}
            yield f"{name}:nested", {name: [[value]]}
            yield f"{name}:many", {name: [{}] * 1000}
            yield f"{name}:beside", {**value, name: [value]}
