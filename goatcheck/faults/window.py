"""Faults of the sliding window: a key's minute that is cut short, passed, never over, or told wrongly."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from goatcheck.exchange import MISSING, Request, Response
from goatcheck.faults.changes import (
    action,
    answer,
    at,
    done_all_the_same,
    everyone,
    header,
    instead,
    meta,
    numbers,
    on,
    ruled,
    stage,
    together,
    unasked,
)
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.racing import let_others_in
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.limits import BUCKET
from goatcheck.model.world import Action, Stage, Step, World

_TOO_MANY = 429
_PROJECTS = "/projects"
_CREATE = "POST /projects/{projectId}/creators"
_AT_ONCE = 6
_HOUR = 3600


def _window(call: Call, response: Response) -> bool:
    return response.status == _TOO_MANY and "bucket" in response.meta and call.route is not None


def _told(change: Callable[[int], Any], headed: Callable[[int], Any] | None = None) -> Change:
    """Other seconds in `retryAfter`, and in the header where `headed` says so."""

    def edit(call: Call, response: Response) -> Response:
        seconds = response.meta["retryAfter"]
        edited = meta(retryAfter=change(seconds))(call, response)
        return header("Retry-After", str(headed(seconds)))(call, edited) if headed else edited

    return answer(_window, edit)


def _headed(change: Callable[[int], str]) -> Change:
    """Another text in `Retry-After`."""
    return answer(_window, lambda call, r: header("Retry-After", change(r.meta["retryAfter"]))(call, r))


def as_date(call: Call, response: Response) -> Response:
    """The wait told as the moment when it ends."""
    when = datetime.fromtimestamp(call.now + response.meta["retryAfter"], UTC)
    return header("Retry-After", format_datetime(when, usegmt=True))(call, response)


def _crowd(world: World) -> World:
    """More than a few requests of one key at the same moment are limited."""
    under_way: Counter[str] = Counter()
    lock = threading.Lock()

    def around(_world: World, request: Request, step: Step) -> Response:
        if request.path != _PROJECTS:
            return step(request)
        key = request.header("authorization") or ""
        with lock:
            under_way[key] += 1
            crowded = under_way[key] > _AT_ONCE
        try:
            let_others_in()
            return answers.window_limited(BUCKET, 1) if crowded else step(request)
        finally:
            with lock:
                under_way[key] -= 1

    return ruled(lambda rules: replace(rules, around=around))(world)


def _lost_counts(world: World) -> World:
    """Reading the projects is counted without a lock: requests at the same moment count as one."""
    counts: dict[tuple[str, int], int] = {}
    mine = threading.local()

    def around(world: World, request: Request, step: Step) -> Response:
        mine.count = None
        if request.path == _PROJECTS:
            place = (request.header("authorization") or "", int(world.clock.now() // 60))
            mine.count = counts.get(place, 0)
            let_others_in()
            counts[place] = mine.count + 1
        return step(request)

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            if mine.count is None:
                return inner(world, call)
            full = mine.count >= world.rules.numbers.window_requests
            return answers.window_limited(BUCKET, 30) if full else None

        return asked

    return stage("window", wrap)(ruled(lambda rules: replace(rules, around=around))(world))


def _penalty(whose: Callable[[Call], str], seconds: float, refusal: Callable[[float], Response]) -> Change:
    """Once a request was limited, all calls of the same `whose` are refused for so many seconds."""

    def change(world: World) -> World:
        until: dict[str, float] = {}

        def wrap(inner: Stage) -> Stage:
            def asked(world: World, call: Call) -> Answer:
                end = until.get(whose(call), 0.0)
                if call.now < end:
                    return refusal(end - call.now)
                refused = inner(world, call)
                if refused is not None:
                    until[whose(call)] = call.now + seconds
                return refused

            return asked

        return stage("window", wrap)(world)

    return change


def _limited(seconds: float) -> Response:
    return answers.window_limited(BUCKET, min(60, max(1, int(seconds))))


def _by_key(call: Call) -> str:
    return call.caller.token


def _by_org(call: Call) -> str:
    return call.home.id


def _by_nothing(_call: Call) -> str:
    return ""


def _spends_the_day(inner: Stage) -> Stage:
    """A limited request uses up what the org has left of its day."""

    def asked(world: World, call: Call) -> Answer:
        refusal = inner(world, call)
        if refusal is not None:
            world.state.usage[call.home.id] = (int(call.now // 86_400), call.home.plan.daily_requests)
        return refusal

    return asked


def _writes_only(inner: Stage) -> Stage:
    return lambda world, call: None if call.method == "GET" else inner(world, call)


def _later(world: World) -> World:
    """Limited creates wait in a queue, and are made when the next request of the key is served."""
    waiting: dict[str, Call] = {}

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is not None and call.method == "POST":
                waiting[call.caller.token] = call
            elif refusal is None and call.caller.token in waiting:
                _make(world, waiting.pop(call.caller.token))
            return refusal

        return asked

    return stage("window", wrap)(world)


def _make(world: World, call: Call) -> None:
    for name in ("path", "query", "body", "look-up"):
        if world.rules.stages[name](world, call) is not None:
            return
    world.rules.actions[call.served.operation](world, call)


def _counted_afterwards(world: World) -> World:
    """Creates are carried out first, and counted when they answer."""

    def wrap(inner: Action) -> Action:
        def act(broken: World, call: Call) -> Response:
            response = inner(broken, call)
            return world.rules.stages["window"](broken, call) or response

        return act

    return together(unasked("window", on(operation=_CREATE)), action(_CREATE, wrap))(world)


_PER_KEY_LIMITED = answers.window_limited(BUCKET, 60)

FAULTS = (
    Fault(
        "rate-code-own",
        "both rate limits have a code of their own",
        ("429.code", "code.known"),
        answer(at(_TOO_MANY), meta(code="too_many_requests")),
    ),
    Fault(
        "window-bucket-absent", "the bucket is not told", ("429.window.meta",), answer(_window, meta(bucket=MISSING))
    ),
    Fault("window-wait-text", "the wait is a text", ("429.window.meta",), _told(str)),
    Fault("window-wait-fraction", "the wait is a fraction", ("429.window.meta",), _told(lambda seconds: seconds - 0.5)),
    Fault(
        "window-wait-negative",
        "the wait is negative",
        ("429.window.meta", "429.window.bound", "429.window.agree"),
        _told(lambda _seconds: -1),
    ),
    Fault(
        "window-wait-absent",
        "the wait is not in the body",
        ("429.window.meta",),
        answer(_window, meta(retryAfter=MISSING)),
    ),
    Fault(
        "window-header-absent",
        "there is no Retry-After",
        ("429.window.header",),
        answer(_window, header("Retry-After")),
    ),
    Fault("window-header-date", "Retry-After is a date", ("429.window.header",), answer(_window, as_date)),
    Fault("window-header-fraction", "Retry-After is a fraction", ("429.window.header",), _headed(lambda s: f"{s}.5")),
    Fault("window-header-unit", "Retry-After has a unit", ("429.window.header",), _headed(lambda s: f"{s}s")),
    Fault(
        "window-header-two-more",
        "Retry-After is two seconds more",
        ("429.window.agree",),
        _headed(lambda s: str(s + 2)),
    ),
    Fault(
        "window-milliseconds",
        "the wait in the body is in milliseconds",
        ("429.window.agree", "429.window.bound"),
        _told(lambda s: s * 1000),
    ),
    Fault(
        "window-moment",
        "the wait in the body is the moment in Unix seconds",
        ("429.window.agree", "429.window.bound"),
        _told(lambda s: 1_781_000_000 + s),
    ),
    Fault(
        "window-wait-zero",
        "the wait is 0",
        ("429.window.bound",),
        _told(lambda _s: 0, lambda _s: 0),
        ("429.window.recovers",),
    ),
    Fault("window-wait-hour", "the wait is an hour", ("429.window.bound",), _told(lambda _s: 3600, lambda _s: 3600)),
    Fault("window-59", "59 requests a minute are let through", ("429.window.allowance",), numbers(window_requests=59)),
    Fault("window-51", "51 requests a minute are let through", ("429.window.allowance",), numbers(window_requests=51)),
    Fault(
        "window-crowd",
        "more than six requests at the same moment are limited",
        ("429.window.allowance",),
        _crowd,
    ),
    Fault("window-none", "a key's minute has no end of requests", ("429.window.enforced",), unasked("window")),
    Fault("window-75", "75 requests a minute are let through", ("429.window.enforced",), numbers(window_requests=75)),
    Fault("window-lost-counts", "requests at the same moment count as one", ("429.window.enforced",), _lost_counts),
    Fault("window-writes-only", "only writes are limited", ("429.window.enforced",), stage("window", _writes_only)),
    Fault(
        "window-forbidden",
        "a limited request is a 403",
        ("429.window.enforced", "403.scope.allows"),
        instead("window", everyone, answers.banned()),
    ),
    Fault(
        "window-for-the-org",
        "a limited key limits its whole org",
        ("429.window.per-key",),
        _penalty(_by_org, 60, _limited),
    ),
    Fault(
        "window-for-everybody",
        "a limited key limits everybody for a while",
        ("429.window.per-key",),
        _penalty(_by_nothing, 20, _limited),
    ),
    Fault(
        "window-spends-the-day",
        "a limited request uses up the org's day",
        ("429.window.per-key", "429.window.recovers"),
        stage("window", _spends_the_day),
        ("429.window.meta", "429.window.header"),
    ),
    Fault(
        "window-lock-of-five-minutes",
        "a limited key is locked for five minutes, and told less",
        ("429.window.recovers",),
        _penalty(_by_key, 300, _limited),
    ),
    Fault(
        "window-lock-of-a-day",
        "a limited key is locked for the day, and told a minute",
        ("429.window.recovers",),
        _penalty(_by_key, 86_400, lambda _seconds: _PER_KEY_LIMITED),
    ),
    Fault(
        "window-told-too-short",
        "a limited key is told to wait a second",
        ("429.window.recovers",),
        _told(lambda _s: 1, lambda _s: 1),
    ),
    Fault(
        "window-refused-but-made",
        "a limited create is made",
        ("429.window.no-effect",),
        done_all_the_same("window", on(method="POST")),
    ),
    Fault(
        "window-refused-but-made-later",
        "a limited create waits in a queue and is made once there is room",
        ("429.window.no-effect",),
        _later,
    ),
    Fault(
        "window-after-the-handler",
        "the limit is looked at when the handler has done its work",
        ("429.window.no-effect",),
        _counted_afterwards,
    ),
)
