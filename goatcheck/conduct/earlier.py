"""What a journal tells of a run: told again to a ledger, and taken up where it ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from goatcheck.conduct.journal import Journal
from goatcheck.conduct.ledger import Ledger
from goatcheck.conduct.trial import OBSERVED
from goatcheck.exchange import Exchange, Problem

Heard = Callable[[Exchange], None]
"""Called with each exchange, before what is said of it."""

_OF_A_TRIAL = {"error", "untried", "took"}


@dataclass(frozen=True)
class Earlier:
    """An earlier part of a run. `finished` are the checks that came to their end; `markers` start the names of what it may have
    left on the target, none where it has cleaned up.
    """

    journal: Journal
    finished: frozenset[str]
    markers: tuple[str, ...]

    @classmethod
    def of(cls, journal: Journal) -> Earlier:
        """What a journal says of how far its run came. KeyError or TypeError for a damaged one."""
        finished = {data["requirement"] for kind, data in journal.entries if kind == "took" and data["finished"]}
        finished -= {
            data["requirement"] for kind, data in journal.entries if kind == "error" and data["cause"] == "target"
        }
        ended = journal.footer is not None
        tidy = ended and not (journal.footer or {})["leftovers"]
        # what a mock would not be made to answer is only told at the end of a run
        kept = finished if ended else finished - {OBSERVED}
        return cls(journal, frozenset(kept), () if tidy else tuple(journal.header["markers"]))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Its exchanges, in their order."""
        return tuple(self.journal.exchanges.values())

    @property
    def seconds(self) -> float:
        """How long it took, as far as its exchanges tell."""
        return max((exchange.received for exchange in self.exchanges), default=0.0)

    def tell(self, ledger: Ledger, heard: Heard, *, seen: Collection[str]) -> None:
        """Tell a ledger all of it, but for why checks that did not come to their end could not. `seen` are the requirements that no
        check sends for.
        """

        def stays(kind: str, data: Mapping[str, Any]) -> bool:
            return kind not in _OF_A_TRIAL or data["requirement"] in self.finished or data["requirement"] in seen

        retell(self.journal, ledger, heard, stays=stays)


def retell(
    journal: Journal,
    ledger: Ledger,
    heard: Heard = lambda _exchange: None,
    *,
    stays: Callable[[str, Mapping[str, Any]], bool] = lambda _kind, _data: True,
) -> None:
    """Tell a ledger what a journal holds, in its order; what does not `stay` is left out. KeyError or TypeError for a damaged one."""
    readers: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
        "exchange": lambda data: _exchanged(journal.exchanges[data["number"]], ledger, heard),
        "judgement": lambda data: _judged(journal.exchanges[data["exchange"]], ledger, data),
        "error": lambda data: ledger.error(data["requirement"], data["cause"], data["reason"]),
        "untried": lambda data: ledger.untried(data["requirement"], data["reason"]),
        "took": lambda data: ledger.took(data["requirement"], data["seconds"], finished=data["finished"]),
    }
    for kind, data in journal.entries:
        if kind in readers and stays(kind, data):
            readers[kind](data)


def _exchanged(exchange: Exchange, ledger: Ledger, heard: Heard) -> None:
    ledger.add(exchange)
    heard(exchange)


def _judged(exchange: Exchange, ledger: Ledger, data: Mapping[str, Any]) -> None:
    problems: dict[str, list[Problem]] = {name: [] for name in data["requirements"]}
    for broken in data["broken"]:
        about = {member: value for member, value in broken.items() if member != "requirement"}
        problems[broken["requirement"]].append(Problem(**about))
    ledger.judge(exchange, problems)
