"""Observed checks: pure functions that judge one exchange by every requirement that one exchange can break.

`observe` judges, `variant_of` names the documented form of an answer, `is_inconclusive` tells the answers that say
nothing. A check is a function marked with `@observed`, or a schema that the contract's data names: an error variant that
is added as data alone is judged too.
"""

from __future__ import annotations

from collections.abc import Callable

from goatcheck.checks import codes, envelope, leaks, limits, refusals, status, success
from goatcheck.checks.compiled import Compiled, Judgement
from goatcheck.checks.view import View
from goatcheck.contract import Contract, Variant
from goatcheck.exchange import Exchange, Response

__all__ = ["Judgement", "Observe", "answers_as_forced", "is_inconclusive", "observe", "variant_of"]

JUDGED_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
"""HEAD answers have no body, OPTIONS is CORS, and other methods are answered by HTTP servers before any API sees them."""

INCONCLUSIVE = frozenset({502, 503, 504})
"""Statuses of what stands between client and API."""

_MODULES = (codes, envelope, leaks, limits, refusals, status, success)
"""What registers its checks by being imported."""


Observe = Callable[[Exchange, Contract], tuple[Judgement, ...]]
"""Judges one exchange by a contract, as `observe` does."""


def observe(exchange: Exchange, contract: Contract) -> tuple[Judgement, ...]:
    """Judge one exchange by every seen requirement of the contract that applies to it, in the contract's order.

    A requirement that the exchange says nothing about has no judgement. Where a response could not be read for reasons
    of ours, those that depend on its body are `unjudged`. An answer that was made on demand is judged by its form
    alone, and not at all where it is not what was demanded: forcing then failed, the target did not.
    """
    response = exchange.response
    forced = exchange.intent.forced
    if (
        exchange.request.method not in JUDGED_METHODS
        or is_inconclusive(response)
        or (forced and not answers_as_forced(exchange, contract))
    ):
        return ()
    compiled = Compiled.of(contract)
    view = View.of(exchange, contract, compiled.variant(exchange))
    plan = compiled.plan_for(view)
    judgements = plan.told_by(view).copy()
    for at, row in plan.ask:
        if not (forced and row.relates):
            judgements[at] = row.judged(view)
    return tuple(filter(None, judgements))


def variant_of(exchange: Exchange, contract: Contract) -> Variant | None:
    """The documented variant that a response is: by its status, then by what tells variants apart in `meta`, or by being
    an answer to the suite's own burst, else the one that all others of its status fall to. None for anything else.
    """
    return Compiled.of(contract).variant(exchange)


def is_inconclusive(response: Response) -> bool:
    """Whether a response comes from what stands between, and says nothing about the API: 502, 503, 504."""
    return response.status in INCONCLUSIVE


def answers_as_forced(exchange: Exchange, contract: Contract) -> bool:
    """Whether an answer made on demand has the status of the variant that was demanded."""
    variant = contract.variant_by_id.get(exchange.intent.forced)
    return variant is not None and exchange.response.status == variant.status
