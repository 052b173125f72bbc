"""Rate limits as strict as they may be, and what else they may tell; what others do on the target meanwhile."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from random import Random

from goatcheck.exchange import Response
from goatcheck.mock.any_valid.changes import Choice, document, with_document, with_headers, with_stage_before
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import BUCKET
from goatcheck.model.state import Campaign, Creator, PayoutMethod, timestamp, today
from goatcheck.model.world import Rules, World

_AT_LEAST, _AT_MOST = 60, 74
_TOO_MANY = 429
_DAY, _MINUTE = 86_400, 60
_EVERY = 60


def _up_to(size: int) -> Choice:
    return Choice(
        f"from request {size + 1}",
        lambda rules, _: replace(rules, numbers=replace(rules.numbers, window_requests=size)),
    )


def _counting(*, refused_too: bool, wavering: bool) -> Callable[[Rules, Random], Rules]:
    """A window that counts what it refuses, or whose end wavers between the two bounds of the contract."""

    def change(rules: Rules, random: Random) -> Rules:
        def refuse_crowded(world: World, call: Call) -> Answer:
            window = world.state.windows.setdefault(call.caller.token, deque())
            while window and window[0] + _MINUTE <= call.now:
                window.popleft()
            most = random.randint(_AT_LEAST, _AT_MOST) if wavering else _AT_LEAST
            crowded = len(window) >= most
            if refused_too or not crowded:
                window.append(call.now)
            if not crowded:
                return None
            # the next one is served as soon as fewer than the fewest are left
            wait = window[len(window) - _AT_LEAST] + _MINUTE - call.now
            return answers.window_limited(BUCKET, max(1, math.ceil(wait)))

        return rules.with_stage("window", refuse_crowded)

    return change


def _off_by_one(header: int, member: int) -> Choice:
    """A wait that header and body tell differently, by a second; no wait is told shorter than it is by more."""

    def ending(_world: World, _call: Call, response: Response) -> Response:
        body = document(response) if response.status == _TOO_MANY else {}
        if not body or "bucket" not in body["meta"]:
            return response
        wait = int(body["meta"]["retryAfter"])
        body["meta"]["retryAfter"] = min(max(1, wait + member), _MINUTE)
        return with_headers(with_document(response, body), ("Retry-After", str(max(0, wait + header))))

    return Choice(f"header {header:+d}, member {member:+d}", lambda rules, _: rules.with_ending("retry", ending))


def _told_by_the_day(_world: World, call: Call, response: Response) -> Response:
    """A spent day says when it ends."""
    if response.status != _TOO_MANY or "bucket" in document(response)["meta"]:
        return response
    left = math.ceil(_DAY - call.now % _DAY)
    body = document(response)
    body["meta"]["retryAfter"] = left
    return with_headers(with_document(response, body), ("Retry-After", str(left)))


def _others(rules: Rules, _random: Random) -> Rules:
    """Every now and then somebody else makes something in an org without caps."""
    numbers = count(1)

    def busy(world: World, call: Call) -> Answer:
        number = next(numbers)
        if number % _EVERY:
            return None
        state = world.state
        for project in list(state.projects.values()):
            if state.orgs[project.org_id].plan.caps["max_creators_per_org"] > number:
                org, home = project.org_id, project.id
                new = [state.new_id() for _ in range(3)]
                order = state.next_order()
                start = today(call.now).isoformat()
                state.creators[new[0]] = Creator(new[0], org, home, order, f"somebody.{number}", "auto", start)
                state.campaigns[new[1]] = Campaign(
                    new[1], org, home, order, f"Somebody's {number}", timestamp(call.now)
                )
                state.payout_methods[new[2]] = PayoutMethod(new[2], org, order, f"Somebody's {number}")
        return None

    return with_stage_before(rules, "others", busy, next(iter(rules.stages)))


LIMITS: Mapping[str, tuple[Choice, ...]] = {
    "the window": (
        Choice("60, what is refused does not count"),
        Choice("60, what is refused counts", _counting(refused_too=True, wavering=False)),
        _up_to(_AT_MOST),
        _up_to(67),
        Choice("wavering", _counting(refused_too=False, wavering=True)),
    ),
    "the wait that a window tells": (
        Choice("the same twice"),
        _off_by_one(0, -1),
        _off_by_one(-1, 0),
        _off_by_one(1, 0),
    ),
    "the wait that a day tells": (
        Choice("none"),
        Choice("until midnight", lambda rules, _: rules.with_ending("day", _told_by_the_day)),
    ),
    "others on the target": (Choice("idle"), Choice("busy", _others)),
}
