"""Faults of the daily quota: an org's day that does not count, is told wrongly, or never ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from goatcheck.exchange import MISSING, Response
from goatcheck.faults.changes import (
    answer,
    everyone,
    instead,
    meta,
    on,
    stage,
    unasked,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import BUCKET
from goatcheck.model.world import Stage, World

_TOO_MANY = 429
_HOUR = 3600


def _daily(call: Call, response: Response) -> bool:
    return response.status == _TOO_MANY and "bucket" not in response.meta and call.route is not None


def _quota(decide: Callable[[Stage, World, Call], Answer]) -> Change:
    """Another way to decide whether an org's day is used up."""
    return stage("quota", lambda inner: lambda world, call: decide(inner, world, call))


def _at_midnight_of(hours: int) -> Change:
    """The day ends at midnight so many hours east of Greenwich."""
    return _quota(lambda inner, world, call: inner(world, replace(call, now=call.now + hours * _HOUR)))


def _never(_inner: Stage, world: World, call: Call) -> Answer:
    _, used = world.state.usage.get(call.home.id, (0, 0))
    return answers.daily_limited() if used >= call.home.plan.daily_requests else None


def _lazily_reset(world: World) -> World:
    """The first request of a new day is still counted to the old one."""
    refused: set[str] = set()

    def decide(inner: Stage, world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        if refusal is not None:
            refused.add(call.home.id)
        elif call.home.id in refused:
            refused.discard(call.home.id)
            return answers.daily_limited()
        return refusal

    return _quota(decide)(world)


def _rolling(world: World) -> World:
    """The quota comes back a day after it was first found used up."""
    first: dict[str, float] = {}

    def decide(inner: Stage, world: World, call: Call) -> Answer:
        if inner(world, call) is not None:
            first.setdefault(call.home.id, call.now)
        began = first.get(call.home.id)
        return answers.daily_limited() if began is not None and call.now < began + 24 * _HOUR else None

    return _quota(decide)(world)


def _first_key_only(world: World) -> World:
    """Only the first key of an org that meets its used-up quota is stopped."""
    first: dict[str, str] = {}

    def decide(inner: Stage, world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        if refusal is not None and first.setdefault(call.home.id, call.caller.token) != call.caller.token:
            return None
        return refusal

    return _quota(decide)(world)


def _other_keys(told: Response) -> Change:
    """Every other key of an org whose quota is used up is told something else."""

    def change(world: World) -> World:
        first: dict[str, str] = {}

        def decide(inner: Stage, world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is not None and first.setdefault(call.home.id, call.caller.token) != call.caller.token:
                return told
            return refusal

        return _quota(decide)(world)

    return change


FAULTS = (
    Fault("daily-code-absent", "the daily quota has no code", ("429.code",), answer(_daily, meta(code=MISSING))),
    Fault(
        "daily-wait-text", "the wait of the day is a text", ("429.daily.meta",), answer(_daily, meta(retryAfter="3421"))
    ),
    Fault(
        "daily-wait-negative",
        "the wait of the day is negative",
        ("429.daily.meta",),
        answer(_daily, meta(retryAfter=-60)),
    ),
    Fault(
        "daily-wait-milliseconds",
        "the wait of the day is in milliseconds",
        ("429.daily.meta",),
        answer(_daily, meta(retryAfter=3_421_000)),
    ),
    Fault(
        "daily-wait-fraction",
        "the wait of the day is a fraction",
        ("429.daily.meta",),
        answer(_daily, meta(retryAfter=3421.5)),
    ),
    Fault(
        "daily-reads-free",
        "reads do not mind the quota",
        ("429.daily.enforced", "429.daily.org-wide", "429.daily.resets"),
        unasked("quota", on(method="GET")),
    ),
    Fault(
        "daily-writes-free",
        "deletions do not mind the quota",
        ("429.daily.enforced",),
        unasked("quota", on(method="DELETE")),
        ("429.daily.org-wide",),
    ),
    Fault(
        "daily-one-route-free",
        "analytics do not mind the quota",
        ("429.daily.enforced",),
        unasked("quota", on(operation="GET /analytics")),
    ),
    Fault(
        "daily-as-plan-limit",
        "a used-up day is told as a limit of the plan",
        (
            "429.daily.enforced",
            "429.daily.org-wide",
            "429.daily.resets",
            "402.limit.writes-only",
            "402.limit.key-known",
        ),
        instead("quota", everyone, answers.limit_reached("max_api_requests_per_day", 500, 500)),
    ),
    Fault(
        "daily-as-window",
        "a used-up day is told as a full window",
        ("429.daily.enforced", "429.daily.org-wide"),
        instead("quota", everyone, answers.window_limited("daily", 60)),
    ),
    Fault("daily-per-key", "a used-up day stops one key of the org", ("429.daily.org-wide",), _first_key_only),
    Fault(
        "daily-other-key-forbidden",
        "the other keys of an org whose day is used up are forbidden",
        ("429.daily.org-wide",),
        _other_keys(answers.banned()),
    ),
    Fault(
        "daily-other-key-window",
        "the other keys of an org whose day is used up are told of a window",
        ("429.daily.org-wide",),
        _other_keys(answers.window_limited(BUCKET, 60)),
    ),
    Fault("daily-never-resets", "a used-up day does not end", ("429.daily.resets",), _quota(_never)),
    Fault("daily-local-midnight-east", "the day ends at midnight in Athens", ("429.daily.resets",), _at_midnight_of(2)),
    Fault(
        "daily-local-midnight-west", "the day ends at midnight in New York", ("429.daily.resets",), _at_midnight_of(-5)
    ),
    Fault("daily-rolling", "the day ends 24 hours after it was used up", ("429.daily.resets",), _rolling),
    Fault(
        "daily-first-request-lost", "the first request of a new day is refused", ("429.daily.resets",), _lazily_reset
    ),
)
