"""Finding what killed runs left on a target: things that are named as a run names what it makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from goatcheck.conduct.resources import KINDS, Made, id_of
from goatcheck.errors import Inconclusive, NotExercised

if TYPE_CHECKING:
    from goatcheck.conduct.api import Api
    from goatcheck.profile.parts import Key

_MARKER = re.compile(r"@?gc-[0-9a-f]{6}-", re.IGNORECASE)

Told = Callable[[str], None]
"""Called with a sentence for people about what could not be looked at."""


def left_by_a_run(name: str) -> bool:
    """Whether a name starts as those do that runs give: ``gc-``, six hexadecimal digits, ``-``."""
    return _MARKER.match(name) is not None


def found_on(api: Api, told: Told, *, ours: Callable[[str], bool] = left_by_a_run) -> list[Made]:
    """Everything whose name is `ours` in the lists of the profile's projects, each with a key of its org that can remove it.

    From here on the api takes it for its own. What could not be looked at is told.
    """
    found = []
    for owner in _owners(api):
        for kind, about in KINDS.items():
            try:
                items = api.workshop.listed(kind, owner)
            except (Inconclusive, NotExercised) as reason:
                told(f"What is in {about.lists} of {owner.name} is not known: {reason}")
                continue
            for item in items:
                name = item.get(about.name)
                if isinstance(name, str) and id_of(item) and ours(name):
                    found.append(Made(kind, id_of(item), name, owner))
    for made in found:
        api.workshop.keep(made)
    return found


def _owners(api: Api) -> Iterator[Key]:
    """One key of each org that reads and writes."""
    seen = set()
    for key in api.profile.keys:
        able = key.state in {"active", "capped"} and {"read", "write"} <= set(key.scopes)
        if able and not key.burst and key.org not in seen:
            seen.add(key.org)
            yield key
