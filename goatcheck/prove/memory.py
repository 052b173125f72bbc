"""What was read and judged in one trial need not be in the next: a fault changes few of the answers to a run's requests."""

from __future__ import annotations

from goatcheck.checks import Judgement, observe
from goatcheck.conduct.wire import Wire
from goatcheck.contract import Contract
from goatcheck.exchange import Exchange, Intent, Request, Response

_MOST = 40_000
"""Judged exchanges that are remembered: ten times as many as a run has."""


class Memory:
    """The wire of all trials, once there is one, and a judge of exchanges, by one contract, as `observe` is, which judges those that
    are alike once. May be used by several threads.

    What an exchange shows lies in its request, its response and its intent: its number and its time say nothing. Answers are told
    apart by who they are, which is quick: a wire that remembers them gives the same one for those that are alike.
    """

    def __init__(self, most: int = _MOST) -> None:
        self.wire: Wire | None = None
        self._most = most
        self._judged: dict[tuple[Request, Intent, int], tuple[Response, tuple[Judgement, ...]]] = {}

    def observe(self, exchange: Exchange, contract: Contract) -> tuple[Judgement, ...]:
        """What the exchange says of each requirement."""
        of = (exchange.request, exchange.intent, id(exchange.response))
        known = self._judged.get(of)
        if known is None:
            if len(self._judged) >= self._most:
                self._judged.clear()
            # with the answer kept, its identity stays its own
            known = self._judged[of] = (exchange.response, observe(exchange, contract))
        return known[1]
