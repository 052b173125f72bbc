"""What a mock does by itself, as every tool can be told it: a ladder of conditions for each operation, the first that holds
gives the answer.

From the top: what is demanded, what is right in every way, and then one thing less at a time, down to the answer to a key that
nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from goatcheck.conduct.forcing import filled
from goatcheck.contract import Contract, Operation
from goatcheck.contract.parts import Schema
from goatcheck.export import forms
from goatcheck.export.canned import Canned, canned
from goatcheck.profile.parts import Profile


@dataclass(frozen=True)
class Asked:
    """What a request has to be like; what is empty does not matter.

    `demand` is the variant that is demanded. `tokens` are the keys, one of which it has. `path` and `query` are expressions for
    its parameters; one of the query may be absent unless it is `needed`. `body` is a schema.
    """

    demand: str = ""
    tokens: tuple[str, ...] = ()
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    body: Schema | None = None


@dataclass(frozen=True)
class Rung:
    """A condition with its answer; `title` says in a word what it is about."""

    title: str
    asked: Asked
    answer: Canned


def ladders(contract: Contract, profile: Profile) -> list[tuple[Operation, list[Rung]]]:
    """The ladder of each operation, removed ones too, for the keys and fixtures of a profile."""
    answers = canned(contract)
    known = _known_ids(contract, answers, profile)
    nobody = first_of(contract, "401")
    return [
        (o, [*_rungs(o, answers[o.id], profile, known), Rung("no known key", Asked(), nobody)])
        for o in (*contract.operations, *contract.removed)
    ]


def first_of(contract: Contract, variant: str) -> Canned:
    """The first answer of a variant, for where no operation has its own: an unknown route, for one."""
    return next(a for answers in canned(contract).values() for a in answers if a.name == variant)


def demand(contract: Contract, profile: Profile, variant: str) -> tuple[str, str]:
    """The header field, name and value, by which the profile says that a variant is demanded."""
    if profile.force is None:
        raise AssertionError(f"the profile of {profile.name} comes along with a header")
    return profile.force.header, filled(profile.force.value, contract.variant_by_id[variant])


def _rungs(
    operation: Operation, answers: tuple[Canned, ...], profile: Profile, known: Mapping[str, str]
) -> Iterator[Rung]:
    errors = {a.name: a for a in answers if a.is_error}
    for name, answer in errors.items():
        yield Rung(f"{name} on demand", Asked(demand=name), answer)
    if operation.removed:
        yield Rung("removed", Asked(tokens=_tokens(profile, "active")), errors["410"])
    else:
        yield from _served(operation, answers, errors, profile, known)
    for title, state, name in (("banned key", "banned", "403.banned"), ("spent quota", "spent", "429.daily")):
        if name in errors and _tokens(profile, state):
            yield Rung(title, Asked(tokens=_tokens(profile, state)), errors[name])


def _served(
    operation: Operation,
    answers: tuple[Canned, ...],
    errors: Mapping[str, Canned],
    profile: Profile,
    known: Mapping[str, str],
) -> Iterator[Rung]:
    """What a key may do and what it is refused, from the request that is right in every way down."""
    scope = "write" if operation.writes else "read"
    scoped = "403.scope" in errors
    allowed = Asked(tokens=_tokens(profile, "active", scope=scope if scoped else ""))
    an_id = replace(allowed, path=dict.fromkeys((p.name for p in operation.path_parameters), forms.UUID))
    query = {p.name: form for p in operation.query_parameters if (form := forms.parameter(p.schema))}
    needed = tuple(p.name for p in operation.query_parameters if p.required)
    asking = replace(an_id, query=query, needed=needed)
    there = replace(asking, path={p.name: known.get(p.resource, forms.UUID) for p in operation.path_parameters})
    dates = [p.name for p in operation.query_parameters if p.schema.get("format") == "date"]
    if "402.retention" in errors and dates and profile.too_old:
        old = {**query, dates[0]: forms.dates_until(profile.too_old[:4])}
        yield Rung("too old", replace(there, query=old, needed=(*needed, dates[0])), errors["402.retention"])
    right = there if operation.body is None else replace(there, body=forms.body(operation.body))
    success, *others = [a for a in answers if not a.is_error]
    for other in others:
        if other.media_type == "text/csv":
            yield Rung("as CSV", replace(right, needed=(*needed, "format")), other)
    yield Rung("right", right, success)
    if right != there:
        yield Rung("invalid body", there, errors["400.body"])
    if there != asking:
        yield Rung("unknown id", asking, errors["404"])
    if asking != an_id:
        yield Rung("invalid query", an_id, errors["400.query"])
    if an_id != allowed:
        yield Rung("no id", allowed, errors["400.params"])
    if scoped:
        yield Rung(f"no {scope} scope", Asked(tokens=_tokens(profile, "active")), errors["403.scope"])


def _known_ids(contract: Contract, answers: Mapping[str, tuple[Canned, ...]], profile: Profile) -> Mapping[str, str]:
    """For each kind of thing an expression for the ids that are there: those of the examples, and the profile's fixtures."""
    ids = {name: {fixture.id} for name, fixture in profile.fixtures.items()}
    for operation in contract.operations:
        for answer in answers[operation.id]:
            if operation.makes and isinstance(answer.data, dict) and "id" in answer.data:
                ids.setdefault(operation.makes, set()).add(answer.data["id"])
    return {kind: forms.one_of(tuple(sorted(found))) for kind, found in ids.items()}


def _tokens(profile: Profile, state: str, *, scope: str = "") -> tuple[str, ...]:
    return tuple(k.token for k in profile.keys if k.state == state and (not scope or scope in k.scopes))
