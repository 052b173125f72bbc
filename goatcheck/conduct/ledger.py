"""The ledger: what was judged, what was broken, what could not be tried. Facts only; `verdict` says what they come to."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from goatcheck.exchange import Exchange, Problem, light

Listener = Callable[[str, dict[str, Any]], None]
"""Called with every fact as it is written down: its kind and its data, fit for a line of the journal."""


@dataclass(frozen=True)
class Breach:
    """A requirement seen broken: the exchange that shows it, and what is wrong with it."""

    exchange: Exchange
    problem: Problem


@dataclass
class Record:
    """All facts about one requirement. `error` is (cause, reason) with cause suite, target or inconclusive; `untried` is
    the reason why it, or a part of it, was not tried; `seconds` is what trying it took.
    """

    judged: int = 0
    breaches: list[Breach] = field(default_factory=list)
    error: tuple[str, str] | None = None
    untried: str = ""
    seconds: float = 0.0


class Ledger:
    """Collects the facts of one run, from any thread. `listener` hears each one as it comes."""

    def __init__(self, listener: Listener | None = None) -> None:
        self.exchanges: list[Exchange] = []
        self._records: defaultdict[str, Record] = defaultdict(Record)
        self._listener = listener
        self._lock = threading.RLock()

    def record(self, requirement: str) -> Record:
        """The facts about one requirement so far."""
        with self._lock:
            return self._records[requirement]

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange; the journal has its own line for it."""
        with self._lock:
            self.exchanges.append(light(exchange))

    def judge(self, exchange: Exchange, judgements: Mapping[str, Iterable[Problem]]) -> None:
        """Write down what an exchange says of each requirement in `judgements`: no problem means judged and fine."""
        broken = []
        with self._lock:
            for requirement, problems in judgements.items():
                record = self._records[requirement]
                record.judged += 1
                for problem in problems:
                    record.breaches.append(Breach(light(exchange), problem))
                    broken.append({"requirement": requirement, **asdict(problem)})
            if judgements and self._listener:
                self._listener(
                    "judgement",
                    {"exchange": exchange.number, "requirements": list(judgements), "broken": broken},
                )

    def error(self, requirement: str, cause: str, reason: str) -> None:
        """Something other than the requirement went wrong; the first reason of the gravest cause is kept."""
        with self._lock:
            record = self.record(requirement)
            if record.error is None or (record.error[0] != "suite" and cause == "suite"):
                record.error = (cause, reason)
                self._tell("error", {"requirement": requirement, "cause": cause, "reason": reason})

    def untried(self, requirement: str, reason: str) -> None:
        """The requirement, or a part of it, could not be tried."""
        with self._lock:
            record = self.record(requirement)
            if not record.untried:
                record.untried = reason
                self._tell("untried", {"requirement": requirement, "reason": reason})

    def took(self, requirement: str, seconds: float, *, finished: bool = True) -> None:
        """How long it took to try the requirement; `finished` is false where the run, its budget or its target ended first."""
        self.record(requirement).seconds = seconds
        self._tell("took", {"requirement": requirement, "seconds": round(seconds, 3), "finished": finished})

    def _tell(self, kind: str, data: dict[str, Any]) -> None:
        if self._listener:
            self._listener(kind, data)
