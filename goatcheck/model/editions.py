"""A world of another edition of the contract, made from the model of the newest and that edition's data.

The model knows one behaviour, the newest. An earlier edition is what its data leaves of it: a refusal that it has no variant
for is not given, an operation that it does not list is not served, and what is said takes the form of its examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
    """The answer with the members and headers that the variant's example has: with its own values where it has any."""
    example = variant.example.get("meta")
    own = {**answer.meta, "code": variant.code} if variant.code else answer.meta
    meta = None if example is None else {name: own.get(name, value) for name, value in example.items()}
    lost = known.example_headers.keys() - variant.example_headers.keys()
    headers = [(name, value) for name, value in answer.headers[1:] if name not in lost]  # the first is the media type
    headers += [(n, value) for n, value in variant.example_headers.items() if answer.header(n) is None]
    return enveloped(answer.status, {"data": None, "error": answer.member("error"), "meta": meta}, tuple(headers))


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
