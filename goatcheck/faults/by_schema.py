"""Faults that nobody has to think of: for every keyword of every schema of a contract a response that breaks just that one.

They need no run: each is one exchange, which the observed checks have to find fault with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jsonschema import Draft202012Validator

from goatcheck.checks import observe, variant_of
from goatcheck.contract import Contract, Schema, Variant
from goatcheck.exchange import Exchange, Intent, Request, Response

ENVELOPE, SUCCESS = "envelope.json", "success.json"

LEFT_OUT = ("success.json/properties/meta/properties",)
"""Parts of schemas that describe successes alone: what a list's page holds is no part of the error contract."""

_VALUES: tuple[Any, ...] = ("goat", 5.5, True, None, [], {})
"""A value of every JSON type; of the numbers one that is no integer."""
_JSON = ("Content-Type", "application/json")
_NOTHING = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Mutant:
    """A response that breaks one keyword: `keyword` names it by file and JSON pointer, `value` is what stands in its place."""

    keyword: str
    value: Any
    exchange: Exchange

    @property
    def told(self) -> str:
        """The mutant in one line."""
        return f"{self.keyword}: {json.dumps(self.value)}"


def mutants(contract: Contract) -> Iterator[Mutant]:
    """A mutant for each keyword of the envelope, the success, and the meta of each variant and status."""
    for variant in contract.variants:
        names = [variant.schema_name, f"status/{variant.status}.json"]
        for name in (name for name in names if name in contract.schemas):
            for place, meta in broken(contract.schemas[name], variant.example.get("meta")):
                mutant = _mutant(name + place, meta, variant, {**variant.example, "meta": meta})
                if not _is_another(mutant.exchange, variant, contract):
                    yield mutant
    variant = contract.variant_by_id["404"]
    for place, body in broken(contract.schemas[ENVELOPE], variant.example):
        yield _mutant(ENVELOPE + place, body, variant, body)
    good: dict[str, Any] = {"data": [], "error": None, "meta": None}
    for place, body in broken(contract.schemas[SUCCESS], good):
        if not (SUCCESS + place).startswith(LEFT_OUT):
            yield Mutant(SUCCESS + place, body, _exchange("GET", "/creators", 200, (), body))


def survivors(contract: Contract) -> tuple[Mutant, ...]:
    """The mutants that no observed check finds fault with."""
    return tuple(m for m in mutants(contract) if not any(j.problems for j in observe(m.exchange, contract)))


def sound(contract: Contract) -> Iterator[Exchange]:
    """What the mutants are made from: the example of each variant, unbroken, and a plain success."""
    for variant in contract.variants:
        yield _answer(variant, variant.example)
    yield _exchange("GET", "/creators", 200, (), {"data": [], "error": None, "meta": None})


def broken(schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
    """The value with one keyword of the schema broken at a time; each with the keyword's JSON pointer.

    Understands the keywords that the contract's schemas use; raises ValueError for one that it does not know.
    """
    for keyword, rule in schema.items():
        if keyword in _ANNOTATIONS or keyword.startswith("x-"):
            continue
        breaker = _BREAKERS.get(keyword)
        if breaker is None:
            raise ValueError(f"nothing is known that breaks the keyword {keyword!r}: teach goatcheck.faults.by_schema")
        for place, other in breaker(rule, value, schema):
            yield f"/{keyword}{place}", other


_ANNOTATIONS = frozenset({"$schema", "$id", "title", "description"})


def _type(rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    allowed = {rule} if isinstance(rule, str) else set(rule)
    for other in _VALUES:
        if _named(other) not in allowed:
            yield "", other


def _required(rule: Any, value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    for name in rule:
        yield f"/{name}", {member: item for member, item in value.items() if member != name}


def _properties(rule: Any, value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    known = value if isinstance(value, Mapping) else {}
    for name, member in rule.items():
        if isinstance(member, Mapping):
            for place, other in broken(member, known.get(name, _plain(member))):
                yield f"/{name}{place}", {**known, name: other}


def _all_of(rule: Any, value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    for number, part in enumerate(rule):
        for place, other in broken(part, value):
            yield f"/{number}{place}", other


def _const(rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    yield "", f"{rule}_goat"
    yield "", None


def _enum(_rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    yield "", "goat"
    yield "", None


def _not(rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    yield "", rule["const"]


def _min_length(rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    yield "", "g" * (rule - 1)


def _pattern(_rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    yield "", " \t "


def _minimum(rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    yield "", rule - 1


def _maximum(rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    yield "", rule + 1


def _items(rule: Any, _value: Any, _schema: Schema) -> Iterator[tuple[str, Any]]:
    for place, other in broken(rule, _plain(rule)):
        yield place, [other]


def _unique(_rule: Any, value: Any, schema: Schema) -> Iterator[tuple[str, Any]]:
    item = [*value, _plain(schema.get("items", {}))][0]
    yield "", [item, item]


_BREAKERS = {
    "type": _type,
    "required": _required,
    "properties": _properties,
    "allOf": _all_of,
    "const": _const,
    "enum": _enum,
    "not": _not,
    "minLength": _min_length,
    "pattern": _pattern,
    "minimum": _minimum,
    "maximum": _maximum,
    "items": _items,
    "uniqueItems": _unique,
}


def _plain(schema: Schema) -> Any:
    """A value that breaks nothing of a simple schema."""
    kind = schema.get("type", "string")
    kind = kind if isinstance(kind, str) else kind[0]
    plain: dict[str, Any] = {"integer": 1, "array": [], "object": {}, "null": None}
    return plain.get(kind, "goat")


def _named(value: Any) -> str:
    kinds = ((bool, "boolean"), (str, "string"), (float, "number"), (type(None), "null"), (list, "array"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "object")


def _mutant(keyword: str, value: Any, variant: Variant, body: Any) -> Mutant:
    return Mutant(keyword, value, _answer(variant, body))


def _is_another(exchange: Exchange, variant: Variant, contract: Contract) -> bool:
    """Whether a response is by now a right answer of another variant: a 403 without a code is that to a ban."""
    came = variant_of(exchange, contract)
    if came is None or came == variant:
        return False
    return bool(Draft202012Validator(dict(came.schema)).is_valid(exchange.response.member("meta")))


def _answer(variant: Variant, body: Any) -> Exchange:
    """An exchange in which a variant is a right answer, but for its body."""
    gone = variant.status == 410  # noqa: PLR2004 - no live operation answers it
    path = f"/creators/{_NOTHING}/stats" if gone else f"/projects/{_NOTHING}/creators"
    exchange = _exchange("GET" if gone else "POST", path, variant.status, tuple(variant.example_headers.items()), body)
    return replace(exchange, intent=Intent(burst=variant.own_burst))


def _exchange(method: str, path: str, status: int, headers: tuple[tuple[str, str], ...], body: Any) -> Exchange:
    sent = b'{"tiktok_handle": "goat"}' if method == "POST" else None
    request = Request(method, path, "", (_JSON,) if sent else (), sent)
    return Exchange(1, request, Response(status, (_JSON, *headers), json.dumps(body).encode()))
