"""A contract made ready to judge by: which check looks at which kind of answer, compiled once per contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from goatcheck.checks.registry import CHECKS, ERRORS, Check, Observed, fits
from goatcheck.checks.schemas import SchemaJudge
from goatcheck.checks.view import Reads, View
from goatcheck.contract import Contract, Requirement, Variant
from goatcheck.exchange import Exchange, Problem, Response


@dataclass(frozen=True)
class Judgement:
    """What one exchange says of one requirement: nothing wrong, `problems`, or why it could not be `unjudged`."""

    requirement: str
    problems: tuple[Problem, ...] = ()
    unjudged: str = ""


@dataclass(frozen=True)
class Row:
    """One requirement with the check that judges it; `fine` is the judgement of an exchange that keeps it."""

    check: Check
    reads: Reads
    relates: bool
    alone: bool
    fine: Judgement

    def judged(self, view: View) -> Judgement | None:
        """What the exchange says of the requirement; None for nothing."""
        if self.reads > view.reach:
            return Judgement(self.fine.requirement, unjudged=view.hindrance) if view.hindrance else None
        problems = self.check(view)
        if problems is None:
            return None
        return Judgement(self.fine.requirement, problems) if problems else self.fine


@dataclass(frozen=True, eq=False)
class Plan:
    """The rows that judge one kind of answer, each with its place in the contract's order: those that look at the answer `alone`, and
    those that `ask` about its request too.
    """

    alone: tuple[tuple[int, Row], ...]
    ask: tuple[tuple[int, Row], ...]

    def told_by(self, view: View) -> list[Judgement | None]:
        """What an answer says by itself, and None in the places of the others; it says the same wherever it comes again."""
        known = view.response.told
        told: list[Judgement | None] | None = known.get(self)
        if told is None:
            told = [None] * (len(self.alone) + len(self.ask))
            reach = view.reach
            for at, row in self.alone:
                if row.reads > reach:
                    told[at] = row.judged(view)
                elif (problems := row.check(view)) is not None:
                    told[at] = Judgement(row.fine.requirement, problems) if problems else row.fine
            known[self] = told  # whole: answers to requests that are sent at once are one and the same
        return told


@dataclass(frozen=True, eq=False)
class Compiled:
    """A contract's seen requirements and variants. `plans` are kept by the label of an answer once they were asked for."""

    seen: tuple[tuple[str, Row], ...]
    variants: dict[int, tuple[tuple[Variant, SchemaJudge | None], ...]]
    plans: dict[str, Plan] = field(default_factory=dict)

    @classmethod
    def of(cls, contract: Contract) -> Compiled:
        """The compiled form of a contract, made once and kept as long as the contract is."""
        found = _COMPILED.get(contract)
        if found is None:
            found = _COMPILED[contract] = cls(tuple(_seen(contract)), _variants(contract))
        return found

    def variant(self, exchange: Exchange) -> Variant | None:
        """The variant that a response is."""
        response, burst = exchange.response, exchange.intent.burst
        if response.status not in self.variants:
            return None
        if burst:
            return self._variant(response, burst=True)
        known = response.told
        if self not in known:
            known[self] = self._variant(response, burst=False)
        variant: Variant | None = known[self]
        return variant

    def _variant(self, response: Response, *, burst: bool) -> Variant | None:
        fallback = None
        for variant, select in self.variants.get(response.status, ()):
            if (variant.own_burst and burst) or (select is not None and select.holds(response.meta)):
                return variant
            if select is None:
                fallback = variant
        return fallback

    def plan_for(self, view: View) -> Plan:
        """The plan for an answer."""
        kind = label(view.response.status, view.variant)
        plan = self.plans.get(kind)
        if plan is None:
            rows = list(enumerate(row for on, row in self.seen if fits(kind, on)))
            alone = tuple((at, row) for at, row in rows if row.alone)
            plan = self.plans[kind] = Plan(alone, tuple((at, row) for at, row in rows if not row.alone))
        return plan


_COMPILED: WeakKeyDictionary[Contract, Compiled] = WeakKeyDictionary()


def label(status: int, variant: Variant | None) -> str:
    """What kind of answer it is: the variant's id, else an error's status, else the class of the status ("2xx")."""
    if variant is not None:
        return variant.id
    return str(status) if status >= 400 else f"{status // 100}xx"  # noqa: PLR2004 - where errors begin


def _seen(contract: Contract) -> list[tuple[str, Row]]:
    found = []
    for requirement in contract.requirements:
        observed = _observed(requirement, contract) if requirement.how == "seen" else None
        if observed is not None:
            row = Row(observed.check, observed.reads, observed.relates, observed.alone, Judgement(requirement.id))
            found.append((requirement.variant or observed.on, row))
    return found


def _observed(requirement: Requirement, contract: Contract) -> Observed | None:
    """The function that judges a requirement, else the schema that its data names."""
    if requirement.id in CHECKS:
        return CHECKS[requirement.id]
    if not requirement.schema:
        return None
    judge = SchemaJudge.named(requirement.schema, contract.schemas)
    return Observed(lambda view: judge.problems(view.meta, "/meta"), ERRORS, Reads.META, relates=False, alone=True)


def _variants(contract: Contract) -> dict[int, tuple[tuple[Variant, SchemaJudge | None], ...]]:
    found: dict[int, list[tuple[Variant, SchemaJudge | None]]] = {}
    for variant in contract.variants:
        select = None if variant.select is None else SchemaJudge(variant.select, variant.schema_name, contract.schemas)
        found.setdefault(variant.status, []).append((variant, select))
    return {status: tuple(variants) for status, variants in found.items()}
