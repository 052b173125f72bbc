"""Finding the changes between two contracts: of errors, of what may be asked, and of the sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from goatcheck.contract import Contract, Operation, Parameter, Requirement, Variant
from goatcheck.contract_diff.change import RULES, Change, Difference
from goatcheck.contract_diff.schemas import Member, may_be_null, members, narrower, rules

MUST = "MUST"
ENVELOPES = ("envelope.json", "success.json")
"""The schemas of whole bodies, whose members are compared like those of `meta`."""


def difference(old: Contract, new: Contract) -> Difference:
    """All that changed from the contract `old` to `new`."""
    order = {name: number for number, name in enumerate(RULES)}
    found = chain(_errors(old, new), _requests(old, new), _sentences(old, new))
    changes = sorted(found, key=lambda c: (not c.breaking, order[c.rule], c.where))
    return Difference(old.version, new.version, tuple(changes))


# Errors


def _errors(old: Contract, new: Contract) -> Iterator[Change]:
    for status in sorted({*old.statuses} - {*new.statuses}):
        yield Change("status-removed", str(status), f"{status} is no documented status any more", _forms(old, status))
    for status in sorted({*new.statuses} - {*old.statuses}):
        yield Change("status-added", str(status), f"{status} is a documented status now", "", _forms(new, status))
    for variant in old.variants:
        after = new.variant_by_id.get(variant.id)
        if after is not None:
            yield from _variant(variant, after)
        elif variant.status in new.statuses:
            yield Change(
                "variant-removed", variant.id, f"{variant.title}: there is no such form any more", _told(variant)
            )
    for variant in new.variants:
        if variant.id not in old.variant_by_id and variant.status in old.statuses:
            alone = sum(other.status == variant.status for other in old.variants) == 1
            rule = "status-shared" if alone else "variant-added"
            yield Change(rule, variant.id, f"{variant.title}: a new form of the {variant.status}", "", _told(variant))
    for name in ENVELOPES:
        if name in old.schemas and name in new.schemas:
            yield from _members(name, "", members(old.schemas[name]), members(new.schemas[name]))
    yield from _names("limit-key", "limitKey", old.limit_keys, new.limit_keys)


def _variant(old: Variant, new: Variant) -> Iterator[Change]:
    where = old.id
    if old.code != new.code:
        rule = "code-replaced" if old.code and new.code else "code-withdrawn" if old.code else "code-documented"
        told = f"meta.code is {new.code or 'not documented any more'}"
        yield Change(rule, where, f"{told}, and was {old.code or 'not documented'}", old.code, new.code)
    before, after = may_be_null(old.schema), may_be_null(new.schema)
    if before != after:
        rule = "meta-optional" if after else "meta-required"
        yield Change(rule, where, f"meta may {'now be null' if after else 'not be null any more'}")
    yield from _members(where, "meta.", _beside_code(old), _beside_code(new))
    for name in old.example_headers:
        if name not in new.example_headers:
            yield Change("header-gone", where, f"the header {name} is not promised any more", name)
    for name in new.example_headers:
        if name not in old.example_headers:
            yield Change("header-required", where, f"the header {name} is promised now", "", name)


def _beside_code(variant: Variant) -> dict[str, Member]:
    """The members of `meta` but for the code, which is compared for itself."""
    return {name: member for name, member in members(variant.schema).items() if name != "code"}


def _members(where: str, prefix: str, old: Mapping[str, Member], new: Mapping[str, Member]) -> Iterator[Change]:
    for name, member in old.items():
        yield from _member(where, prefix + name, member, new.get(name))
    for name, member in new.items():
        if name not in old:
            always = ", always" if member.required else ""
            yield Change("member-new", where, f"{prefix}{name} is there now{always}", "", _json(member.schema))


def _member(where: str, name: str, old: Member, new: Member | None) -> Iterator[Change]:
    if new is None:
        yield Change("member-gone", where, f"{name} is not told of any more", _json(old.schema))
        return
    if old.required != new.required:
        rule, told = ("member-required", "always there now") if new.required else ("member-optional", "optional now")
        yield Change(rule, where, f"{name} is {told}")
    if rules(old.schema) != rules(new.schema):
        less = narrower(old.schema, new.schema)
        rule, told = ("member-narrower", "holds less") if less else ("member-wider", "may hold something else")
        yield Change(rule, where, f"{name} {told} than before", _json(old.schema), _json(new.schema))


def _names(rule: str, where: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    for name in old:
        if name not in new:
            yield Change(f"{rule}-removed", where, f"{name} is not documented any more", name)
    for name in new:
        if name not in old:
            yield Change(f"{rule}-added", where, f"{name} is documented now", "", name)


# Requests


def _requests(old: Contract, new: Contract) -> Iterator[Change]:
    before, after = _by_id(old.operations), _by_id(new.operations)
    gone_before, gone_after = _by_id(old.removed), _by_id(new.removed)
    for name, operation in before.items():
        if name in after:
            shared = {str(status) for status in old.statuses} & {str(status) for status in new.statuses}
            yield from _operation(operation, after[name], shared)
        elif name in gone_after:
            yield Change("operation-gone", name, "the route is removed and answers 410", name)
        else:
            yield Change("operation-removed", name, "the operation is not documented any more", name)
    for name in after:
        if name not in before:
            yield Change("operation-added", name, "there is a new operation", "", name)
    for name in gone_before:
        if name not in gone_after and name not in after:
            yield Change("gone-route-untold", name, "that the route is gone is not told any more", name)
    for name in gone_after:
        if name not in gone_before and name not in before:
            yield Change("gone-route-told", name, "the route is told to be gone, with 410", "", name)


def _operation(old: Operation, new: Operation, shared: set[str]) -> Iterator[Change]:
    for status in old.statuses:
        if status in shared and status not in new.statuses:
            yield Change("operation-status-removed", old.id, f"{status} is not among its errors any more", status)
    for status in new.statuses:
        if status in shared and status not in old.statuses:
            yield Change("operation-status-added", old.id, f"{status} is among its errors now", "", status)
    if old.idempotent_by_key != new.idempotent_by_key:
        gained = new.idempotent_by_key
        told = "it obeys an Idempotency-Key now" if gained else "it does not obey an Idempotency-Key any more"
        yield Change("idempotency-gained" if gained else "idempotency-lost", old.id, told)
    before, after = _parameters(old), _parameters(new)
    for place, parameter in before.items():
        yield from _parameter(old.id, place, parameter, after.get(place))
    for place, parameter in after.items():
        if place not in before:
            rule = "parameter-required" if parameter.required else "parameter-new"
            yield Change(rule, old.id, f"there is a new {place}", "", _json(parameter.schema))


def _parameters(operation: Operation) -> Mapping[str, Member]:
    """The parameters of an operation by their place and name, and the members of its body. A body of alternatives is one thing."""
    found = {_place(p): Member(p.schema, p.required) for p in operation.parameters}
    body = operation.body
    if body is None:
        return found
    if "properties" not in body:
        return found | {"request body": Member(body, required=True)}
    return found | {f"member {name} of the body": member for name, member in members(body).items()}


def _parameter(operation: str, place: str, old: Member, new: Member | None) -> Iterator[Change]:
    if new is None:
        yield Change("parameter-removed", operation, f"the {place} is not documented any more", _json(old.schema))
        return
    if old.required != new.required:
        rule, told = ("parameter-required", "required") if new.required else ("parameter-optional", "optional")
        yield Change(rule, operation, f"the {place} is {told} now")
    if rules(old.schema) != rules(new.schema):
        more = narrower(new.schema, old.schema)
        rule, told = ("parameter-wider", "more") if more else ("parameter-narrower", "less, or something else,")
        yield Change(rule, operation, f"the {place} takes {told} than before", _json(old.schema), _json(new.schema))


# Sentences


def _sentences(old: Contract, new: Contract) -> Iterator[Change]:
    for requirement in old.requirements:
        after = new.by_id.get(requirement.id)
        if after is not None:
            yield from _sentence(requirement, after)
            continue
        rule = "sentence-withdrawn" if requirement.level == MUST else "recommendation-withdrawn"
        yield Change(rule, requirement.id, f"{requirement.level}: {requirement.meaning}", requirement.meaning)
    for requirement in new.requirements:
        if requirement.id not in old.by_id:
            told = f"{requirement.level}: {requirement.meaning}"
            yield Change("sentence-added", requirement.id, told, "", requirement.meaning)


def _sentence(old: Requirement, new: Requirement) -> Iterator[Change]:
    if old.meaning != new.meaning:
        yield Change("sentence-changed", old.id, f"it says now: {new.meaning}", old.meaning, new.meaning)
    if old.level != new.level:
        rule = "level-raised" if new.level == MUST else "level-weakened"
        yield Change(rule, old.id, f"{new.level}, and was {old.level}", old.level, new.level)


def _by_id(operations: tuple[Operation, ...]) -> dict[str, Operation]:
    return {operation.id: operation for operation in operations}


def _place(parameter: Parameter) -> str:
    return (
        f"header {parameter.name}" if parameter.place == "header" else f"{parameter.place} parameter {parameter.name}"
    )


def _forms(contract: Contract, status: int) -> str:
    return ", ".join(_told(variant) for variant in contract.variants if variant.status == status)


def _told(variant: Variant) -> str:
    return f"{variant.id} ({variant.code})" if variant.code else variant.id


def _json(value: Any) -> str:
    return json.dumps(rules(value), ensure_ascii=False, sort_keys=True)
