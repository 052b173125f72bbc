"""A contract made ready to judge by: which check looks at which kind of answer, compiled once per contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from goatcheck.checks.registry import CHECKS, ERRORS, Check, Observed, fits
from goatcheck.checks.schemas import SchemaJudge
from goatcheck.checks.view import Reads
from goatcheck.contract import Contract, Requirement, Variant
from goatcheck.exchange import Exchange, Problem


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
    fine: Judgement


@dataclass(frozen=True)
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
        meta = exchange.response.meta
        fallback = None
        for variant, select in self.variants.get(exchange.response.status, ()):
            if (variant.own_burst and exchange.intent.burst) or (select is not None and select.holds(meta)):
                return variant
            if select is None:
                fallback = variant
        return fallback

    def rows_for(self, label: str) -> tuple[Row, ...]:
        """The rows that judge an answer of that label, in the contract's order."""
        if label not in self.rows:
            self.rows[label] = tuple(row for on, row in self.seen if fits(label, on))
        return self.rows[label]


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
            row = Row(observed.check, observed.reads, observed.relates, Judgement(requirement.id))
            found.append((requirement.variant or observed.on, row))
    return found


def _observed(requirement: Requirement, contract: Contract) -> Observed | None:
    """The function that judges a requirement, else the schema that its data names."""
    if requirement.id in CHECKS:
        return CHECKS[requirement.id]
    if not requirement.schema:
        return None
    judge = SchemaJudge.named(requirement.schema, contract.schemas)
    return Observed(lambda view: judge.problems(view.meta, "/meta"), ERRORS, Reads.META, relates=False)


def _variants(contract: Contract) -> dict[int, tuple[tuple[Variant, SchemaJudge | None], ...]]:
    found: dict[int, list[tuple[Variant, SchemaJudge | None]]] = {}
    for variant in contract.variants:
        select = None if variant.select is None else SchemaJudge(variant.select, variant.schema_name, contract.schemas)
        found.setdefault(variant.status, []).append((variant, select))
    return {status: tuple(variants) for status, variants in found.items()}
