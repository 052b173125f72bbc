"""What recorded traffic came to, in bounded memory, and mergeable: parts may be counted apart and put together in any grouping.

`merged` is associative and an empty tally changes nothing, so that a recording may be cut anywhere and its pieces judged side by
side. What is kept of many is kept by a total order, which makes the choice the same however the pieces are put together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import Any, TypeVar

from goatcheck.conduct.verdict import SHOWN
from goatcheck.exchange import Exchange, Problem

KEPT = 50
"""How many different names, such as hosts, are counted apart."""

TOLD = 20
"""How many places of damage are told apart."""

Order = tuple[int, int]
"""Where an entry comes: the number of its recording, and its own."""

Damage = tuple[Order, str, str]
"""A place where a recording can't be read: where it comes, the place in words, and why."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Sighting:
    """A requirement seen broken: the exchange, the problem, and where it was read: "traffic.har, entry 17"."""

    order: Order
    place: str
    base_url: str
    exchange: Exchange
    problem: Problem

    @property
    def kind(self) -> tuple[str, str]:
        """What makes it another kind of break: the operation and the form of the answer."""
        return self.exchange.intent.operation, self.exchange.intent.cause

    @property
    def rank(self) -> tuple[int, Order]:
        """The smaller, the better it shows what is wrong."""
        request = self.exchange.request
        return len(request.target) + len(request.body or b""), self.order


@dataclass
class Tally:
    """The facts of a piece of recorded traffic.

    `read` counts entries, `judged` those that were judged, `errors` the errors among them that were judged with their bodies.
    `answers` counts them by operation, status and variant; `origins` and `keys` by where they were sent and with which key.
    `kept`, `broken` and `hindered` count, by requirement, the exchanges that it was judged on, broken by, or could not be judged
    on; `hindrances` has the first reason of the latter, `sightings` the best examples of the broken. `elsewhere` counts by origin what
    is not the API's, `silent` by reason what says nothing of it, `damages` has the first places where a recording can't be
    read, each with its reason, `damaged` their number.
    """

    read: int = 0
    judged: int = 0
    errors: int = 0
    damaged: int = 0
    answers: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    hindered: Counter[str] = field(default_factory=Counter)
    hindrances: dict[str, tuple[Order, str]] = field(default_factory=dict)
    sightings: dict[str, tuple[Sighting, ...]] = field(default_factory=dict)
    damages: tuple[Damage, ...] = ()

    def damage(self, order: Order, place: str, reason: str) -> None:
        """A place where a recording can't be read."""
        self.damaged += 1
        self.damages = _first([*self.damages, (order, place, reason)])

    def hinder(self, requirement: str, order: Order, reason: str) -> None:
        """A requirement could not be judged on an exchange that it is about."""
        self.hindered[requirement] += 1
        self.hindrances[requirement] = min(self.hindrances.get(requirement, (order, reason)), (order, reason))

    def saw(self, requirement: str, sighting: Sighting) -> None:
        """A requirement was broken by an exchange."""
        self.broken[requirement] += 1
        self.sightings[requirement] = _best((*self.sightings.get(requirement, ()), sighting))

    def count(self, where: Counter[str], name: str) -> None:
        """One more of that name, as long as it is one of those that are counted apart."""
        where[name] += 1
        if len(where) > KEPT:
            del where[max(where)]


def merged(one: Tally, other: Tally) -> Tally:
    """The facts of two pieces together."""
    return Tally(
        read=one.read + other.read,
        judged=one.judged + other.judged,
        errors=one.errors + other.errors,
        damaged=one.damaged + other.damaged,
        answers=_sum(one.answers, other.answers),
        origins=_few(_sum(one.origins, other.origins)),
        keys=_few(_sum(one.keys, other.keys)),
        elsewhere=_few(_sum(one.elsewhere, other.elsewhere)),
        silent=_few(_sum(one.silent, other.silent)),
        kept=_sum(one.kept, other.kept),
        broken=_sum(one.broken, other.broken),
        hindered=_sum(one.hindered, other.hindered),
        hindrances=_joined(one.hindrances, other.hindrances, min),
        sightings=_joined(one.sightings, other.sightings, lambda a, b: _best((*a, *b))),
        damages=_first([*one.damages, *other.damages]),
    )


def moved(tally: Tally, by: int, place: Callable[[int], str]) -> Tally:
    """The facts of a piece of JSON lines whose lines were counted from 1, with `by` lines before it; `place` has the place of a line
    in words.
    """

    def order(old: Order) -> Order:
        return old[0], old[1] + by

    def sighting(old: Sighting) -> Sighting:
        number = old.order[1] + by
        return replace(old, order=order(old.order), place=place(number), exchange=replace(old.exchange, number=number))

    return replace(
        tally,
        hindrances={name: (order(old), reason) for name, (old, reason) in tally.hindrances.items()},
        sightings={name: tuple(map(sighting, old)) for name, old in tally.sightings.items()},
        damages=tuple((order(old), place(old[1] + by), reason) for old, _, reason in tally.damages),
    )


def _sum(one: Counter[K], other: Counter[K]) -> Counter[K]:
    return one + other


def _few(counter: Counter[str]) -> Counter[str]:
    """The names that come first: whichever are among the first of all were so in every piece, so their counts are whole."""
    return Counter({name: counter[name] for name in nsmallest(KEPT, counter)})


def _joined(one: Mapping[K, V], other: Mapping[K, V], join: Callable[[V, V], V]) -> dict[K, V]:
    return {**one, **{name: join(one[name], value) if name in one else value for name, value in other.items()}}


def _first(damages: Iterable[Damage]) -> tuple[Damage, ...]:
    return tuple(sorted(damages)[:TOLD])


def _best(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """The best example of each kind, the best five kinds."""
    best: dict[Any, Sighting] = {}
    for sighting in sorted(sightings, key=lambda one: one.rank):
        best.setdefault(sighting.kind, sighting)
    return tuple(best.values())[:SHOWN]
