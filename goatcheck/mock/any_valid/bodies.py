"""Errors as the contract's schemas allow them: any text, further members, `meta` left out where it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from goatcheck.checks import variant_of
from goatcheck.contract import Contract, Schema, Variant
from goatcheck.contract.loading import load
from goatcheck.exchange import Exchange, Response
from goatcheck.mock.any_valid.changes import document, is_json, with_document
from goatcheck.mock.any_valid.texts import FURTHER, SENTENCES, odd_text
from goatcheck.model.call import Call
from goatcheck.model.world import World

_ERRORS = 400
_ECHOED = 64 * 1024
"""So much of a request's body an error repeats at the most, in bytes."""
_OWN_CODES = {
    403: ("account_banned", "org_suspended", "Banned", "7"),
    404: ("not_found", "creator_missing", "NOT FOUND", "№404"),
    405: ("method_not_allowed", "E405"),
    409: ("conflict", "already-exists", "duplicate handle"),
    410: ("gone", "endpoint_removed"),
    413: ("too_large",),
    414: ("too_long",),
    406: ("not_acceptable",),
    415: ("unsupported_media_type", "type"),
}
"""Codes that a server may have of its own, by the statuses for which none is documented."""


@dataclass(frozen=True)
class Bodies:
    """How one world words its errors. `lasting` are the choices that hold for all answers; `random` draws each anew."""

    contract: Contract
    random: Random
    codes: Mapping[int, str]
    not_found: str
    quotes: bool

    @classmethod
    def of(cls, seed: int, random: Random) -> Bodies:
        """The way of a seed."""
        lasting = Random(f"errors:{seed}")  # noqa: S311 - texts that repeat, no secrets
        codes = {status: lasting.choice(("", *own)) for status, own in _OWN_CODES.items()}
        return cls(contract(), random, codes, lasting.choice(SENTENCES), lasting.random() < 1 / 2)

    def ending(self, _world: World, call: Call, response: Response) -> Response:
        """The same error in other words; a success stays as it is."""
        if response.status < _ERRORS or not is_json(response):
            return response
        variant = variant_of(Exchange(0, call.request, response), self.contract)
        body = document(response)
        meta = self._meta(variant, response.status, body["meta"] or {})
        body["error"] = self._text(variant, call, meta)
        if meta or self.random.random() < 1 / 3:
            body["meta"] = meta
        elif self.random.random() < 1 / 2:
            body["meta"] = None
        else:
            del body["meta"]
        return with_document(response, body)

    def _meta(self, variant: Variant | None, status: int, told: Mapping[str, Any]) -> dict[str, Any]:
        """What the answer tells, with what its schema leaves to choose, and members that no schema knows."""
        meta = {name: self._number(value) for name, value in told.items()}
        for name, schema in _optional(variant.schema if variant else {}):
            if name not in meta and name != "code" and self.random.random() < 1 / 2:
                meta[name] = self._drawn(schema)
        if "code" not in meta and self.codes.get(status):
            meta["code"] = self.codes[status]
        if self.random.random() < 1 / 2:
            meta |= {name: self.random.choice(FURTHER[name]) for name in self.random.sample(list(FURTHER), 2)}
        return meta

    def _drawn(self, schema: Schema) -> Any:
        """A value of a member that an answer may have: the contract has such only for whole numbers."""
        return self._number(self.random.randint(schema["minimum"], schema["maximum"]))

    def _number(self, value: Any) -> Any:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return float(value) if whole and self.random.random() < 1 / 2 else value

    def _text(self, variant: Variant | None, call: Call, meta: Mapping[str, Any]) -> str:
        """Any text that names what has to be named; one and the same where the answers must not be told apart."""
        if variant is not None and variant.id == "404":
            return f"{self.not_found} ({call.request.path})" if self.quotes else self.not_found
        named = {"402.limit": "limitKey", "403.scope": "required"}.get(variant.id if variant else "", "")
        text = odd_text(self.random)
        if self.quotes and self.random.random() < 1 / 2:
            sent = (call.request.body or b"")[:_ECHOED].decode("utf-8", "replace")
            text += f" {call.request.method} {call.request.target} {sent}"
        return f"{text} {meta[named]}" if named else text


def _optional(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The members that a schema describes and does not require."""
    for part in (schema, *schema.get("allOf", ())):
        yield from ((n, s) for n, s in part.get("properties", {}).items() if n not in part.get("required", ()))


@cache
def contract() -> Contract:
    """The contract that errors are worded by."""
    return load()
