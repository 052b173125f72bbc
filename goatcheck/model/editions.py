"""A world of another edition of the contract, made from the model of the newest and that edition's data.

The model knows one behaviour, the newest. An earlier edition is what its data leaves of it: a refusal that it has no variant
for is not given, an operation that it does not list is not served, and what is said takes the form of its examples.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from goatcheck.checks import variant_of
from goatcheck.contract import Contract, Variant, load
from goatcheck.exchange import Exchange, Headers, Request, Response
from goatcheck.model.answers import enveloped
from goatcheck.model.call import Answer, Call, Route
from goatcheck.model.state import ApiKey
from goatcheck.model.world import Stage, World
from goatcheck.profile.parts import Key

_ON_DEMAND = "forced"
"""The stage that answers on demand; its answers have the edition's form already."""

_REVOKED = "role:revoked"


def as_edition(world: World, contract: Contract) -> World:
    """The same world, answering as that contract has it; the same one for the newest contract.

    Where the contract tells of revoked keys, the profile gets one.
    """
    newest = load()
    if contract.version == newest.version:
        return world
    edition = _Edition(newest, contract)
    rules = world.rules
    stages = {n: stage if n == _ON_DEMAND else edition.stage(stage) for n, stage in rules.stages.items()}
    routes = {name: edition.route(route) for name, route in rules.routes.items() if edition.serves(name)}
    forced = {variant.id: _shown(variant) for variant in contract.variants}
    changed = replace(rules, stages=stages, routes=routes, forced=forced)
    needs = {need for requirement in contract.requirements for need in requirement.needs}
    revoked = (Key("revoked", _unissued(world.state.keys), state="revoked"),) if _REVOKED in needs else ()
    return replace(world, rules=changed, profile=replace(world.profile, keys=(*world.profile.keys, *revoked)))


@dataclass(frozen=True)
class _Edition:
    """What turns what the newest contract says into what an earlier one says."""

    newest: Contract
    contract: Contract

    def serves(self, operation: str) -> bool:
        """Whether an operation is one of the edition; those of no edition, such as an admin path, are left alone."""
        return operation in _operations(self.contract) or operation not in _operations(self.newest)

    def route(self, route: Route) -> Route:
        """A route, obeying idempotency keys where the edition tells of them."""
        return replace(route, creates=route.creates and _obeys_keys(self.contract))

    def stage(self, stage: Stage) -> Stage:
        """A stage that refuses what the edition has a variant for, in its form, and lets the rest pass."""

        def asked(world: World, call: Call) -> Answer:
            refusal = stage(world, call)
            return None if refusal is None else self.told(refusal)

        return asked

    def told(self, answer: Response) -> Answer:
        """An answer in the edition's form; None for a variant that it does not have. What is no variant stays as it is."""
        known = variant_of(Exchange(0, Request("GET", "/"), answer), self.newest)
        if known is None:
            return answer
        variant = self.contract.variant_by_id.get(known.id)
        return None if variant is None else _styled(answer, known, variant)


def _styled(answer: Response, known: Variant, variant: Variant) -> Response:
    """The answer with changed what the two editions' examples differ in, and nothing else: a mock that is broken on purpose
    stays broken.
    """
    was, shall = known.example_headers, variant.example_headers
    headers = [field for field in answer.headers if field[0] in shall or field[0] not in was]
    headers += [(name, value) for name, value in shall.items() if name not in was]
    answer = replace(answer, headers=tuple(headers))
    document = answer.document.value
    if not isinstance(document, dict) or not isinstance(document.get("meta"), dict | None):
        return answer
    meta = _meta(answer.meta, known, variant)
    return replace(answer, body=json.dumps({**document, "meta": meta}, ensure_ascii=False).encode())


def _meta(own: Mapping[str, Any], known: Variant, variant: Variant) -> Mapping[str, Any] | None:
    was, shall = (one.example.get("meta") or {} for one in (known, variant))
    meta = {name: value for name, value in own.items() if name in shall or name not in was}
    meta |= {name: value for name, value in shall.items() if name not in was}
    if own.get("code") == known.code != variant.code and "code" in shall:
        meta["code"] = variant.code
    return meta or variant.example.get("meta")


def _shown(variant: Variant) -> Response:
    headers: Headers = tuple(variant.example_headers.items())
    return enveloped(variant.status, variant.example, headers)


def _operations(contract: Contract) -> frozenset[str]:
    return frozenset(operation.id for operation in (*contract.operations, *contract.removed))


def _obeys_keys(contract: Contract) -> bool:
    return any(operation.idempotent_by_key for operation in contract.operations)


def _unissued(issued: Mapping[str, ApiKey]) -> str:
    """A token of the right form that is no key of the world."""
    return next(token for number in range(len(issued) + 1) if (token := f"tga_{number:064x}") not in issued)
