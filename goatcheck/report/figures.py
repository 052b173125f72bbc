"""What a report tells in figures besides its status rows: operations against statuses, and the course of bursts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from goatcheck.contract import Contract
from goatcheck.exchange import Exchange
from goatcheck.report.model import Burst, BurstAnswer, Cell, Coverage

_ERROR = 400
_PAUSE = 60.0
"""Seconds after which the requests of a key are another burst: that long is the window."""
_RETRY_AFTER = 40
"""Characters of a `Retry-After` header that are kept; a date has 29."""


def coverage_of(contract: Contract, exchanges: Iterable[Exchange]) -> tuple[Coverage, ...]:
    """Every operation and removed route of the contract with the statuses that it documents, was tried for, or was seen with.

    The requests of a burst count as one, and so do their answers of one status: how many of them an operation got is up to the
    moment.
    """
    exchanges = tuple(exchanges)
    alone = [exchange for exchange in exchanges if not exchange.intent.burst]
    in_bursts = [exchange for exchange in exchanges if exchange.intent.burst]

    def aimed(exchange: Exchange) -> tuple[str, str]:
        return exchange.intent.operation, _aimed_at(contract, exchange)

    def answered(exchange: Exchange) -> tuple[str, str]:
        return exchange.intent.operation, _column(exchange.response.status)

    tried = Counter([*map(aimed, alone), *set(map(aimed, in_bursts))])
    seen = Counter([*map(answered, alone), *set(map(answered, in_bursts))])
    columns = [*map(str, contract.statuses), "success"]
    rows = []
    for operation in (*contract.operations, *contract.removed):
        documented = {_column(int(status)) for status in operation.statuses if status.isdigit()}
        cells = {
            column: Cell(column in documented, tried[operation.id, column], seen[operation.id, column])
            for column in columns
        }
        known = {column: cell for column, cell in cells.items() if cell.documented or cell.tried or cell.seen}
        rows.append(Coverage(operation.id, known))
    return tuple(rows)


def bursts_of(exchanges: Iterable[Exchange]) -> tuple[Burst, ...]:
    """The suite's own bursts, each key's by itself, in the order in which they began."""
    by_key: dict[str, list[list[Exchange]]] = {}
    for exchange in sorted((e for e in exchanges if e.intent.burst), key=lambda e: e.sent):
        bursts = by_key.setdefault(exchange.intent.key, [])
        if not bursts or exchange.sent - bursts[-1][-1].sent > _PAUSE:
            bursts.append([])
        bursts[-1].append(exchange)
    made = [_burst(burst) for bursts in by_key.values() for burst in bursts]
    return tuple(sorted(made, key=lambda burst: burst.began))


def _burst(exchanges: Sequence[Exchange]) -> Burst:
    first = exchanges[0]
    answers = tuple(
        BurstAnswer(
            number=exchange.number,
            sent=round(exchange.sent - first.sent, 4),
            received=round(exchange.received - first.sent, 4),
            status=exchange.response.status,
            retry_after=(exchange.response.header("retry-after") or "")[:_RETRY_AFTER],
        )
        for exchange in sorted(exchanges, key=lambda e: e.received)
    )
    return Burst(first.intent.key, first.intent.operation, round(first.sent, 4), answers)


def _aimed_at(contract: Contract, exchange: Exchange) -> str:
    """The status that a request was sent to see; "" where it was none."""
    intent = exchange.intent
    variant = contract.variant_by_id.get(intent.forced)
    if variant:
        return str(variant.status)
    requirement = contract.by_id.get(intent.requirement)
    return requirement.group if requirement else ""


def _column(status: int) -> str:
    """The column of a status; where no answer came it is 0, which has none."""
    return str(status) if status >= _ERROR or not status else "success"
