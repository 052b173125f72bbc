"""How much may be asked: the sliding window of a key, the daily quota of an org, the count caps of its plan."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import DAY

if TYPE_CHECKING:
    from goatcheck.model.world import Stage, World

BUCKET = "v1Api"

Count = Callable[["World", Call], int]
"""How many of something exist for the call, or how many the call asks for."""


def used_today(world: World, org_id: str, now: float) -> int:
    """The org's requests of the UTC day of `now`."""
    day, used = world.state.usage.get(org_id, (0, 0))
    return used if day == int(now // DAY) else 0


def refuse_spent(world: World, call: Call) -> Answer:
    """429 while the org's requests of this UTC day are used up."""
    spent = used_today(world, call.home.id, call.now) >= call.home.plan.daily_requests
    return answers.daily_limited() if spent else None


def refuse_crowded(world: World, call: Call) -> Answer:
    """429 where the key's window is full; else the request takes a place in it. Refused requests take none."""
    numbers = world.rules.numbers
    window = world.state.windows.setdefault(call.caller.token, deque())
    while window and window[0] + numbers.window_seconds <= call.now:
        window.popleft()
    if len(window) >= numbers.window_requests:
        wait = window[0] + numbers.window_seconds - call.now
        return answers.window_limited(BUCKET, max(1, math.ceil(wait)))
    window.append(call.now)
    return None


def meter(world: World, call: Call) -> Answer:
    """Count the request towards the org's day; never answers."""
    used = used_today(world, call.home.id, call.now)
    world.state.usage[call.home.id] = (int(call.now // DAY), used + 1)
    return None


def cap(limit_key: str, existing: Count, asked: Count) -> Stage:
    """A stage that answers 402 where `existing` and `asked` together exceed the plan's maximum for `limit_key`."""

    def refuse_beyond_cap(world: World, call: Call) -> Answer:
        current, maximum = existing(world, call), call.home.plan.caps[limit_key]
        full = current + asked(world, call) > maximum
        return answers.limit_reached(limit_key, current, maximum) if full else None

    return refuse_beyond_cap


def one(_world: World, _call: Call) -> int:
    """What a call for a single thing asks for."""
    return 1
