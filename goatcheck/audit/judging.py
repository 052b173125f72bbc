"""From what a recording holds to what it comes to: each entry that is the API's is judged by every observed check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from goatcheck.audit.tally import Order, Sighting, Tally
from goatcheck.checks import JUDGED_METHODS, is_inconclusive, observe, variant_of
from goatcheck.checks.compiled import Judgement, label
from goatcheck.exchange import Exchange, Problem, Response, light
from goatcheck.recorded import Api, Entry, Item, Unread, redacted

HEADERLESS = "the recording does not hold the headers of the response"
"""Why what a header should say can't be judged."""

BETWEEN = "a status of 502, 503 or 504, which is a gateway's or an overloaded server's word"
UNJUDGED_METHOD = "a method such as HEAD or OPTIONS, which no requirement is about"
NO_STATUS = "no status that HTTP has"

_REMEMBERED, _SHORT = 500, 4096
"""Answers that are remembered, and the bytes up to which one is: traffic holds the same few again and again."""

_ERROR = 400
_STATUSES = range(100, 1000)


@dataclass(frozen=True)
class Judge:
    """Judges the items of one recording, the one with that number and name."""

    api: Api
    name: str
    number: int = 0
    _known: dict[Response, Response] = field(default_factory=dict, repr=False, compare=False)

    def tally(self, items: Iterable[Item | None], first: int = 1) -> Tally:
        """What the items come to; `first` is the number of the first one."""
        tally = Tally()
        for number, item in enumerate(items, start=first):
            self.take(tally, item, number)
        return tally

    def take(self, tally: Tally, item: Item | None, number: int) -> None:
        """Add one item to a tally; None adds nothing."""
        if item is None:
            return
        order = (self.number, number)
        if isinstance(item, Unread):
            self._unread(tally, item, order)
            return
        tally.read += 1
        path = self.api.path(item)
        if path is None:
            tally.count(tally.elsewhere, item.origin)
            return
        reason = _says_nothing(item.exchange)
        if reason:
            tally.count(tally.silent, reason)
            return
        clean = redacted(item)
        self._judge(tally, clean, self._with_known_answer(self.api.exchange(clean)), order)

    def _with_known_answer(self, exchange: Exchange) -> Exchange:
        """The same with the answer as it came before, if it did: of that one it is known what it says by itself."""
        response = exchange.response
        if len(response.body) + sum(len(name) + len(value) for name, value in response.headers) > _SHORT:
            return exchange
        known = self._known.get(response)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[response] = response
            return exchange
        return Exchange(exchange.number, exchange.request, known, exchange.intent, exchange.sent, exchange.received)

    def _unread(self, tally: Tally, item: Unread, order: Order) -> None:
        if item.damage:
            tally.damage(order, self.place(item.place), item.reason)
        else:
            tally.read += 1
            tally.count(tally.silent, item.reason)

    def _judge(self, tally: Tally, entry: Entry, exchange: Exchange, order: Order) -> None:
        contract = self.api.contract
        status = exchange.response.status
        variant = variant_of(exchange, contract)
        tally.judged += 1
        tally.errors += status >= _ERROR and not exchange.response.oddity
        tally.answers[exchange.intent.operation, status, variant.id if variant else ""] += 1
        tally.count(tally.origins, entry.origin)
        tally.count(tally.keys, exchange.intent.key)
        for judgement in observe(exchange, contract):
            if not (judgement.problems or judgement.unjudged):
                tally.kept[judgement.requirement] += 1
                continue
            problems, hindrance = _of_what_is_there(judgement, entry)
            if hindrance:
                tally.hinder(judgement.requirement, order, hindrance)
                continue
            tally.kept[judgement.requirement] += 1
            intent = replace(exchange.intent, cause=label(status, variant))
            told = light(replace(exchange, number=order[1], intent=intent))
            place = self.place(entry.place)
            tally.saw(judgement.requirement, Sighting(order, place, self.api.base_url(entry), told, problems[0]))

    def place(self, place: str) -> str:
        """A place in the recording, told with the recording's name."""
        return f"{self.name}, {place}"


def _says_nothing(exchange: Exchange) -> str:
    """Why an exchange can't be held against the API; "" where it can."""
    if exchange.response.status not in _STATUSES:
        return NO_STATUS
    if is_inconclusive(exchange.response):
        return BETWEEN
    return "" if exchange.request.method in JUDGED_METHODS else UNJUDGED_METHOD


def _of_what_is_there(judgement: Judgement, entry: Entry) -> tuple[tuple[Problem, ...], str]:
    """The problems of a judgement that the recording can show, and why there can be no judgement ("" where there is one)."""
    if judgement.unjudged or entry.whole_headers:
        return judgement.problems, judgement.unjudged
    shown = tuple(problem for problem in judgement.problems if not _is_header(problem.where))
    return shown, HEADERLESS if judgement.problems and not shown else ""


def _is_header(where: str) -> bool:
    return where[:1].isupper()
