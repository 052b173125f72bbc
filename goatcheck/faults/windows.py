"""Faults of a minute that is not one for all that a key asks: by address, client, query or method each has its own."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from goatcheck.exchange import Response
from goatcheck.faults.changes import answer, done_all_the_same, on, stage
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.window import as_date
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import BUCKET
from goatcheck.model.world import Stage, World

_TOO_MANY = 429
_ANALYTICS = "GET /analytics"


def _apart(by: Callable[[Call], str]) -> Change:
    """A window for each thing that `by` tells of a call, in the place of the key's one."""

    def wrap(_inner: Stage) -> Stage:
        windows: dict[tuple[str, str], deque[float]] = {}

        def asked(world: World, call: Call) -> Answer:
            numbers = world.rules.numbers
            window = windows.setdefault((call.caller.token, by(call)), deque())
            while window and window[0] + numbers.window_seconds <= call.now:
                window.popleft()
            if len(window) >= numbers.window_requests:
                return answers.window_limited(BUCKET, math.ceil(window[0] + numbers.window_seconds - call.now))
            window.append(call.now)
            return None

        return asked

    return stage("window", wrap)


def _field(name: str) -> Callable[[Call], str]:
    return lambda call: call.request.header(name) or ""


def _limited_analytics(call: Call, response: Response) -> bool:
    return response.status == _TOO_MANY and "bucket" in response.meta and on(operation=_ANALYTICS)(call)


FAULTS = (
    Fault(
        "windows-by-address",
        "each address that a proxy names has a minute of its own",
        ("429.window.enforced",),
        _apart(_field("x-forwarded-for")),
        needs=("requests",),
    ),
    Fault(
        "windows-by-client",
        "each User-Agent has a minute of its own",
        ("429.window.enforced",),
        _apart(_field("user-agent")),
        needs=("requests",),
    ),
    Fault(
        "windows-by-query",
        "each path with its query has a minute of its own",
        ("429.window.enforced",),
        _apart(lambda call: call.request.target),
    ),
    Fault(
        "windows-of-writes",
        "writes have a minute of their own",
        ("429.window.enforced",),
        _apart(lambda call: "" if call.method == "GET" else "writes"),
        ("429.window.no-effect",),
    ),
    Fault(
        "windows-date-on-one-route",
        "limited analytics tell the wait as a date",
        ("429.window.header",),
        answer(_limited_analytics, as_date),
        needs=("requests",),
    ),
    Fault(
        "windows-campaign-deleted",
        "a limited deletion of a campaign is done",
        ("429.window.no-effect",),
        done_all_the_same("window", on(operation="DELETE /campaigns/{id}")),
        needs=("requests",),
    ),
    Fault(
        "windows-payout-method-renamed",
        "a limited change of a payout method is done",
        ("429.window.no-effect",),
        done_all_the_same("window", on(operation="PATCH /payout-methods/{id}")),
        needs=("requests",),
    ),
)
