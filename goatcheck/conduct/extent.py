"""How much is sent: everything where requests are free, elsewhere so little that each way and each operation has its turn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

from goatcheck.conduct.trial import CURRENT
from goatcheck.drawing import Draft, Endpoint
from goatcheck.profile.address import is_loopback
from goatcheck.profile.parts import Profile

T = TypeVar("T")

_ENOUGH, _PLENTY = 3, 40
_MANY_CREATES = 4 * _PLENTY
"""So many creates are enough for each operation that makes something to be asked plenty of times."""
_RACES = 3


class Extent:
    """What a profile allows of requests, put to use."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._tried: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        """By check, since each goes its own way: how often each oddity, and each place, was tried."""

    @property
    def thorough(self) -> bool:
        """Whether requests are free: a target on loopback without a bound on requests."""
        return self.profile.max_requests == 0 and is_loopback(self.profile.base_url)

    @property
    def creates_freely(self) -> bool:
        """Whether creates are free too: with a low bound on them one check would leave none for those that need few."""
        return self.thorough and self.profile.max_creates >= _MANY_CREATES

    @property
    def demands_everywhere(self) -> bool:
        """Whether answers on demand are asked for on each operation: a mock's are, unless each variant has a URL of its own."""
        return self.profile.kind == "mock" and not (self.profile.force and self.profile.force.has_urls)

    @property
    def enough(self) -> int:
        """How many drawn requests make enough for one operation."""
        return _PLENTY if self.thorough else _ENOUGH

    @property
    def rounds(self) -> int:
        """How often a race is run."""
        return _RACES if self.thorough else 1

    def valids(self, endpoint: Endpoint, ids: Mapping[str, str], **marker: str) -> Sequence[Draft]:
        """What is documented as valid: at one edge at a time where requests are free, else few that are at many at once."""
        valids = endpoint.valids if self.thorough else endpoint.valids_together
        return valids(self.enough, ids, **marker)

    def some(self, drafts: Sequence[Draft]) -> list[Draft]:
        """All drafts where requests are free, else one of each place (what its label says before the colon): of those the one
        whose oddity (what follows) was tried least.
        """
        if self.thorough:
            return list(drafts)
        places: dict[str, list[Draft]] = {}
        for draft in drafts:
            places.setdefault(draft.cause.partition(":")[0], []).append(draft)
        return [self._least_tried(place) for place in places.values()]

    def least_tried(self, drafts: Sequence[Draft], most: int) -> list[Draft]:
        """All drafts where requests are free, else `most` of them: those whose oddities were tried least, be it on other operations."""
        left = list(drafts)
        if self.thorough or len(left) <= most:
            return left
        found = []
        for _ in range(most):
            found.append(self._least_tried(left))
            left.remove(found[-1])
        return found

    def _least_tried(self, drafts: Sequence[Draft]) -> Draft:
        trial = CURRENT.get()
        tried = self._tried[trial.check.requirement if trial else ""]
        draft = min(drafts, key=lambda one: (tried[_oddity(one)], "together" not in one.cause, tried[_place(one)]))
        tried.update((_oddity(draft), _place(draft)))
        return draft

    def few(self, ways: Sequence[T], number: int, most: int = 1) -> list[T]:
        """All ways where requests are free, else `most` of them, others for each `number`."""
        if self.thorough or len(ways) <= most:
            return list(ways)
        return [ways[(number * most + i) % len(ways)] for i in range(most)]

    def further(self, ways: Sequence[T]) -> Sequence[T]:
        """All ways where requests are free, else none: they go beyond what is tried everywhere."""
        return ways if self.thorough else ()

    @staticmethod
    def in_turn(ways: Sequence[T], endpoints: Sequence[Endpoint]) -> list[tuple[T, Endpoint]]:
        """Each way with one endpoint, another for each."""
        return [(way, endpoints[number % len(endpoints)]) for number, way in enumerate(ways)]

    def spread(self, ways: Sequence[T], endpoints: Sequence[Endpoint]) -> list[tuple[T, Endpoint]]:
        """Each way with each endpoint where requests are free; else each way once and each endpoint once, in turn."""
        if self.thorough:
            return [(way, endpoint) for way in ways for endpoint in endpoints]
        most = max(len(ways), len(endpoints)) if ways and endpoints else 0
        return [(ways[i % len(ways)], endpoints[i % len(endpoints)]) for i in range(most)]


def _oddity(draft: Draft) -> tuple[str, ...]:
    """What is odd about a draft, wherever in a body or query it stands."""
    return (*draft.broken, draft.cause.partition(":")[2])


def _place(draft: Draft) -> tuple[str, ...]:
    """Where it is odd."""
    return (draft.cause.partition(":")[0],)
