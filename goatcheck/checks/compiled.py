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


@dataclass(frozen=True)
class Told:
    """What an answer says by itself, in the contract's order, and None in the places of the rows that `ask` about its request too."""

    judgements: tuple[Judgement | None, ...]
    ask: tuple[tuple[int, Row], ...]


@dataclass(frozen=True, eq=False)
class Compiled:
    """A contract's seen requirements and variants. `rows` are kept by the label of an answer once they were asked for."""

    seen: tuple[tuple[str, Row], ...]
    variants: dict[int, tuple[tuple[Variant, SchemaJudge | None], ...]]
    rows: dict[str, tuple[Row, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, contract: Contract) -> Compiled:
        """The compiled form of a contract, made once and kept as long as the contract is."""
        found = _COMPILED.get(contract)
        if found is None:
            found = _COMPILED[contract] = cls(tuple(_seen(contract)), _variants(contract))
        return found

    def variant(self, exchange: Exchange) -> Variant | None:
        """The variant that a response is."""
        known, burst = exchange.response.told, exchange.intent.burst
        if (self, burst) not in known:
            known[self, burst] = self._variant(exchange.response, burst=burst)
        variant: Variant | None = known[self, burst]
        return variant

    def _variant(self, response: Response, *, burst: bool) -> Variant | None:
        fallback = None
        for variant, select in self.variants.get(response.status, ()):
            if (variant.own_burst and burst) or (select is not None and select.holds(response.meta)):
                return variant
            if select is None:
                fallback = variant
        return fallback

    def told_by(self, view: View) -> Told:
        """What an answer says by itself; it says the same wherever it comes again."""
        kind = label(view.response.status, view.variant)
        told: Told | None = view.response.told.get((self, kind))
        if told is None:
            rows = self._rows_for(kind)
            by_itself = tuple(row.judged(view) if row.alone else None for row in rows)
            told = Told(by_itself, tuple((at, row) for at, row in enumerate(rows) if not row.alone))
            view.response.told[self, kind] = told
        return told

    def _rows_for(self, kind: str) -> tuple[Row, ...]:
        """The rows that judge an answer of that label, in the contract's order."""
        if kind not in self.rows:
            self.rows[kind] = tuple(row for on, row in self.seen if fits(kind, on))
        return self.rows[kind]


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
