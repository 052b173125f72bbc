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
    ODD_DAYS,
    ODD_MOMENTS,
    ODD_NUMERALS,
    ODD_QUERY_TEXTS,
    Labelled,
    odd_uuids,
)
from goatcheck.drawing.draft import Draft, encode_segment
from goatcheck.drawing.shapes import constants, types_of

_LARGE = 1_100_000
"""Bytes of a body that is longer than many a server's limit, such as a mebibyte."""
_LONG_FIELD = 5000
"""Characters of a header field that is longer than many a server's buffer."""

ODD_KEYS: Labelled = (
    ("empty", ""),
    ("quote", "goat'\"`;--"),
    ("latin-1", "go\xe4t"),
    ("long", "g" * 300),
)
"""Values of `Idempotency-Key` that no server has to take."""


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
    if valid.body is not None:
        for label, body in _odd_bodies(json.loads(valid.body), members, uuid):
            yield valid.with_json(body).because(f"odd-{label}", "body")


ODDITIES: tuple[tuple[str, Callable[[Draft], Draft]], ...] = (
    ("language", lambda draft: draft.with_headers(("Accept-Language", "goat;q=x,,;"))),
    ("cookie", lambda draft: draft.with_headers(("Cookie", 'goat; =; g="'))),
    ("long-cookie", lambda draft: draft.with_headers(("Cookie", f"g={'g' * _LONG_FIELD}"))),
    ("forwarded-for", lambda draft: draft.with_headers(("X-Forwarded-For", "goat, ::1"))),
    ("request-id", lambda draft: draft.with_headers(("X-Request-Id", "go\xe4t'\"%s"))),
    ("trace", lambda draft: draft.with_headers(("traceparent", "00-goat-0-1"))),
    ("since", lambda draft: draft.with_headers(("If-Modified-Since", "goat"))),
    ("etag", lambda draft: draft.with_headers(("If-None-Match", '"goat'))),
    ("range", lambda draft: draft.with_headers(("Range", "goats=1-"))),
    ("accept", lambda draft: draft.with_headers(("Accept", "goat"))),
    ("parameters", lambda draft: _typed(draft, "APPLICATION/JSON;;charset=;=")),
    ("suffix", lambda draft: _typed(draft, "application/goat+json")),
    ("needless-key", lambda draft: draft.with_headers(("Idempotency-Key", "goat'\"`;--"))),
    ("needless-query", lambda draft: draft.with_parameter("goat", "1")),
    ("large-body", lambda draft: draft.with_body((draft.body or b"") + b" " * _LARGE)),
)
"""What hardly depends on the operation: other header fields than usual, and a body that is large. Each with its label."""


def _typed(draft: Draft, media_type: str) -> Draft:
    return draft.with_headers(("Content-Type", media_type))


def _odd_values(parameter: Parameter, uuid: str) -> Labelled:
    form, types = parameter.schema.get("format", ""), types_of(parameter.schema)
    if form == "uuid":
        return odd_uuids(uuid)
    if form == "date" or parameter.name.endswith("_date"):
        return ODD_DAYS
    if constants(parameter.schema):
        return ()
    return ODD_NUMERALS if "integer" in types else ODD_QUERY_TEXTS


def _odd_bodies(
    value: dict[str, Any], members: Mapping[str, Schema], uuid: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in members.items():
        texts = {"uuid": odd_uuids(uuid), "date": ODD_DAYS, "date-time": ODD_MOMENTS}.get(schema.get("format", ""), ())
        for label, text in texts:
            yield f"{name}:{label}", {**value, name: text}
        if types_of(schema) == {"array"}:
            yield f"{name}:none", {name: []}
            yield f"{name}:nested", {name: [[value]]}
            yield f"{name}:many", {name: [{}] * 1000}
            yield f"{name}:beside", {**value, name: [value]}
        if "number" in types_of(schema):
            for number in (-1, -0.0, 2**53 + 1, 1e308):
                yield f"{name}:{number:g}", {**value, name: number}
