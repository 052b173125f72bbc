"""One run: the checks, their order, and what becomes of each of them."""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

import httpx

from goatcheck.checks import Observe, observe
from goatcheck.conduct.answer import Answer
from goatcheck.conduct.api import Api
from goatcheck.conduct.budget import Budget, BudgetEnded
from goatcheck.conduct.client import Client
from goatcheck.conduct.clock import RealClock, RemoteClock, TargetClock
from goatcheck.conduct.earlier import Earlier
from goatcheck.conduct.forcing import States
from goatcheck.conduct.interrupts import heeding_interrupts
from goatcheck.conduct.journal import JournalWriter
from goatcheck.conduct.lanes import Lane, StoppedAtOnce, side_by_side
from goatcheck.conduct.leaving import clean_up, leave
from goatcheck.conduct.ledger import Ledger
from goatcheck.conduct.pacing import Pacer
from goatcheck.conduct.preflight import preflight
from goatcheck.conduct.resources import Made
from goatcheck.conduct.secrets import Secrets
from goatcheck.conduct.sender import Sender, recorder_for
from goatcheck.conduct.standing import ids_in, with_ids
from goatcheck.conduct.sweeping import found_on, left_by_a_run
from goatcheck.conduct.tls import tls_for
from goatcheck.conduct.trial import CURRENT, OBSERVED, PHASES, Check, Trial
from goatcheck.conduct.wire import Wire
from goatcheck.contract import Contract, Requirement
from goatcheck.drawing import Draw
from goatcheck.errors import GoatcheckError, Inconclusive, NotExercised, TargetGone, Unusable
from goatcheck.exchange import Exchange, Request, Response
from goatcheck.profile.needs import lacking
from goatcheck.profile.parts import Key, Profile

DAY = 86_400.0
_LONGEST_RUN = 3 * 3_600.0
"""Seconds of the target's time that a run takes at the most."""

Told = Callable[[str], None]
"""Called with the id of each requirement when it has been tried."""


@dataclass(frozen=True)
class Options:
    """How a run is done: `max_examples` bounds random draws for each use, `strict` makes a broken SHOULD fail."""

    seed: int = 20260601
    max_examples: int = 5
    strict: bool = False
    label: str = ""


def new_marker() -> str:
    """A start for the names of all that a run makes."""
    return f"gc-{random.SystemRandom().getrandbits(24):06x}-"


@dataclass
class Run:
    """A run of the suites against one target. `selected` are the ids of the requirements that are wanted.

    `marker` starts the names of all that it makes. `earlier` is what was done of it before, if it is gone on with. `interrupted` and `unusable` say how it ended; `started` is Unix seconds.
    """

    contract: Contract
    profile: Profile
    checks: Mapping[str, Check]
    selected: tuple[str, ...]
    options: Options = field(default_factory=Options)
    transport: httpx.BaseTransport | None = None
    journal: JournalWriter | None = None
    draw: Draw | None = None
    target_clock: TargetClock | None = None
    wire: Wire | None = None
    observe: Observe = observe
    marker: str = field(default_factory=new_marker)
    earlier: Earlier | None = None
    told: Told = lambda _requirement: None
    interrupted: bool = False
    unusable: str = ""
    leftovers: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.time)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Put the parts together; nothing is sent yet."""
        self.secrets = self.wire.secrets if self.wire else Secrets({key.name: key.token for key in self.profile.keys})
        self.ledger = Ledger(self.journal.write if self.journal else None)
        self.budget = Budget(self.profile.max_requests, self.profile.max_creates)
        self.client = Client(
            self.profile.base_url,
            self.secrets,
            timeout=self.profile.timeout,
            headers=self.profile.headers,
            tls=tls_for(self.profile.base_url, self.profile),
            transport=self.transport,
            wire=self.wire,
        )
        url = self.profile.clock
        self.clock: TargetClock = self.target_clock or (
            RemoteClock(url, self.transport, tls_for(url, self.profile)) if url else RealClock()
        )
        self._trials = {name: Trial(check) for name, check in self.checks.items()}
        self._stop = threading.Event()

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """The selected requirements, in the contract's order."""
        wanted = set(self.selected)
        return tuple(r for r in self.contract.requirements if r.id in wanted)

    def missing(self, requirement: Requirement) -> dict[str, str]:
        """The needs of a requirement that the profile does not meet, each with the reason."""
        return {need: lack.reason for need, lack in lacking(requirement.needs, self.profile).items()}

    def execute(self) -> None:
        """Try everything that is selected, then clean up. Never raises for what a target does; Ctrl-C ends it early."""
        began, self.seconds = time.monotonic(), 0.0
        try:
            with heeding_interrupts(self._interrupt):
                self._tried_and_cleaned()
        except Unusable as error:
            self.unusable = str(error)
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            self.interrupted = self.interrupted or self._stop.is_set()
            self._close()
            self.seconds += time.monotonic() - began

    def _tried_and_cleaned(self) -> None:
        self.api = api = self._api()
        try:
            if self.earlier:
                self._take_up(api, self.earlier)
            self._try_everything(api)
        except TargetGone as error:
            self.unusable = str(error)
        except StoppedAtOnce:
            self.interrupted = True
            self._doubt_unanswered()
            leave(api.workshop, self.leftovers.append)
            return
        except KeyboardInterrupt:
            self.interrupted = True
            self._interrupt()
        self.unusable = self.unusable or api.sender.gone
        self._clean_up()

    def _take_up(self, api: Api, earlier: Earlier) -> None:
        """Know what is known already, and remove what the earlier part of the run has left."""
        self.seconds = earlier.seconds
        seen = {requirement.id for requirement in self.contract.requirements if requirement.how == "seen"}
        earlier.tell(self.ledger, self.journal.exchange if self.journal else lambda _exchange: None, seen=seen)
        api.take_up(earlier.exchanges)
        if earlier.markers and self.profile.writes:
            with suppress(BudgetEnded):
                found_on(
                    api, self.leftovers.append, ours=lambda name: name.lower().lstrip("@").startswith(earlier.markers)
                )
            self._clean_up()

    def _clean_up(self) -> None:
        """Remove what was made, at the keys' own pace, even where the run was interrupted."""
        self.clock.resume()
        self.api.sender.resume()
        self._doubt_unanswered()
        clean_up(self.api.workshop, self.leftovers.append, self.budget)

    def _doubt_unanswered(self) -> None:
        """A create without an answer may have made something all the same."""
        makers = {operation.id: operation.makes for operation in self.contract.operations if operation.makes}
        for operation, name in self.api.sender.unanswered:
            owner = self.profile.key(name) or self.api.key("full")
            if operation in makers and owner is not None:
                self.api.workshop.untold.add((makers[operation], owner))

    @property
    def unforced(self) -> dict[str, str]:
        """The variants that a mock was asked for in vain, each with the reason."""
        return self.api.unforced if hasattr(self, "api") else {}

    def look(self) -> tuple[Answer, dict[Key, Answer]]:
        """One GET without a key, and one with each key of the profile. Raises TargetGone where nothing is there."""
        self.api = api = self._api()
        try:
            request = api.reads[0].valid()
            keyless = api.send(request, None, limited=True)
            return keyless, {key: api.send(request, key, limited=True) for key in self.profile.keys}
        finally:
            self._close()

    def sweep(self, *, remove: bool, ours: Callable[[str], bool] = left_by_a_run) -> list[Made]:
        """Find what earlier runs left on the target, and `remove` it. Raises TargetGone where nothing is there."""
        self.api = api = self._api()
        try:
            found = found_on(api, self.leftovers.append, ours=ours)
            if remove:
                self._clean_up()
        finally:
            self._close()
        return found

    def replay(self, exchange: Exchange, before: Iterable[Exchange] = ()) -> Answer:
        """Send one recorded request again, then remove what it made. Raises what sending raises.

        `before` are the creates that it stands on: they are sent first, and their new ids take the place of the old ones.
        Raises Inconclusive where one of them is refused.
        """
        self.api = self._api()
        ids: dict[str, str] = {}
        try:
            for create in before:
                again = self.api.replay(replace(create, request=with_ids(create.request, ids)))
                if not again.succeeded:
                    raise Inconclusive(f"what it stands on could not be made again: {again.summary}")
                ids |= zip(ids_in(create.response), ids_in(again.response), strict=False)
            return self.api.replay(replace(exchange, request=with_ids(exchange.request, ids)))
        finally:
            self._clean_up()
            self._close()

    def perform(self, requirement: str) -> Trial | None:
        """Try one requirement, unless that was done already; its trial, or None where the suites have no such check."""
        trial = self._trials.get(requirement)
        if trial is None:
            return None
        with trial.lock:
            if not trial.tried:
                trial.tried = True
                self._try(trial)
        return trial

    def _close(self) -> None:
        self.client.close()
        self.clock.close()

    def _api(self) -> Api:
        pacer = Pacer(self.profile.requests_per_minute, self.clock)
        recorder = recorder_for(self.ledger, self.contract, _current_requirement)
        sender = Sender(
            self.contract,
            self.client,
            self.clock,
            pacer,
            self.budget,
            self.ledger,
            recorder,
            States(self.profile.force, self.profile.base_url, self.contract, self._post),
            journal=self.journal,
            observe=self.observe,
            stopped=self._stop,
        )
        draw = self.draw or Draw(self.options.seed, self.options.max_examples)
        return Api(self.contract, self.profile, draw, sender, marker=self.marker, perform=self.perform)

    def _post(self, origin: str, request: Request) -> Response:
        """Send a request past the API, to a door of the target's own."""
        tls = tls_for(origin, self.profile)
        client = Client(origin, self.secrets, timeout=self.profile.timeout, tls=tls, transport=self.transport)
        try:
            return client.send(request)
        finally:
            if self.transport is None:
                client.close()

    def _try_everything(self, api: Api) -> None:
        with suppress(BudgetEnded):  # what is not tried will say so
            preflight(api)
        if not api.sender.side_by_side:
            for phase in _in_order(self.clock):
                for lane in self._lanes(phase):
                    lane()
            return
        # Whoever limits by address would limit every key with the one that is spent: the burst comes when all others are through.
        for phases in (PHASES[:2], *((phase,) for phase in PHASES[2:])):
            side_by_side(self._lanes(*phases), interrupt=self._interrupt)

    def _lanes(self, *phases: str) -> list[Lane]:
        """The checks of these phases by lane, each in the order of the phases."""
        lanes: dict[str, list[str]] = {}
        for phase in phases:
            for name in self._wanted():
                check = self._trials[name].check
                if check.phase == phase:
                    lanes.setdefault(check.lane, []).append(name)
        # The capped org's creates come first: they are paid for several at a time, and some of it is given back.
        return [partial(self._run_lane, lanes[role]) for role in sorted(lanes, key=lambda role: role != "capped")]

    def _wanted(self) -> list[str]:
        """The checks to run: those of the selected requirements, and those that show what selected ones only see."""
        wanted: set[str] = set()
        for requirement in self.requirements:
            if requirement.how == "seen":
                wanted |= {OBSERVED, *requirement.provided_by}
            else:
                wanted.add(requirement.id)
        # further evidence is dear: for a part of the contract it is wanted only where requests are free
        if self.api.thorough or len(self.requirements) == len(self.contract.requirements):
            wanted |= {name for name, check in self.checks.items() if not wanted.isdisjoint(check.shows)}
        return [name for name in self._trials if name in wanted]

    def _interrupt(self) -> None:
        """Nobody waits any more, nothing is sent but what cleans up."""
        self._stop.set()
        self.clock.interrupt()

    def _run_lane(self, lane: Iterable[str]) -> None:
        for name in lane:
            if self._stop.is_set():
                return
            if self.earlier is None or name not in self.earlier.finished:
                self.perform(name)
            self.told(name)

    def _try(self, trial: Trial) -> None:
        """Run one check; whatever it raises becomes a fact about its requirement, never an accusation of the target."""
        name = trial.check.requirement
        if self._stop.is_set():
            return
        requirement = self.contract.by_id.get(name)
        lacks = self.missing(requirement) if requirement else {}
        if lacks:
            self.ledger.untried(name, " ".join(lacks.values()))
            return
        if name in self.profile.not_applicable:
            return
        keys = [self.api.key(role) for role in trial.check.roles]
        before = CURRENT.set(trial)
        began = time.monotonic()
        try:
            trial.check.function(self.api, *keys)
        except NotExercised as reason:
            trial.cut = trial.cut or isinstance(reason, BudgetEnded)
            self.ledger.untried(name, str(reason))
        except Inconclusive as reason:
            self.ledger.error(name, "inconclusive", str(reason))
        except (TargetGone, Unusable) as reason:
            trial.cut = True
            self.ledger.error(name, "target", str(reason))
        except GoatcheckError as reason:
            self._our_fault(trial.check, str(reason))
        except Exception as bug:  # noqa: BLE001 - a bug of ours in one check must not end the run, nor look like a finding
            self._our_fault(trial.check, self.secrets.redact(_told(bug)))
        except BaseException:
            trial.cut = True
            self.ledger.untried(name, "the run was stopped before it was tried in full")
            raise
        finally:
            CURRENT.reset(before)
            finished = not (trial.cut or self._stop.is_set())
            self.ledger.took(name, time.monotonic() - began, finished=finished)
            record = self.ledger.record(name)
            trial.trouble = record.error[1] if record.error else record.untried

    def _our_fault(self, check: Check, reason: str) -> None:
        """Write down that a check failed for a reason of ours; where it is further evidence, for all that it should show."""
        for name in check.shows or (check.requirement,):
            self.ledger.error(name, "suite", reason)


def selected(contract: Contract, wanted: Iterable[str]) -> tuple[str, ...]:
    """The ids of the requirements that a selection of ids and beginnings of ids means; everything for an empty one."""
    parts = tuple(wanted)
    if not parts:
        return tuple(contract.by_id)
    exact = {part for part in parts if part in contract.by_id}
    beginnings = tuple(part for part in parts if part not in exact)
    return tuple(name for name in contract.by_id if name in exact or (beginnings and name.startswith(beginnings)))


def _in_order(clock: TargetClock) -> tuple[str, ...]:
    """The phases of a run that moves the clock: where midnight is so near that it would be crossed by accident, it is crossed
    on purpose, right after what hangs on the day.
    """
    if not clock.jumps or DAY - clock.now() % DAY > _LONGEST_RUN:
        return PHASES
    return ("daily", "reset", *(phase for phase in PHASES if phase not in {"daily", "reset"}))


def _current_requirement() -> str:
    trial = CURRENT.get()
    return trial.check.requirement if trial else ""


def _told(bug: Exception) -> str:
    last = traceback.extract_tb(bug.__traceback__)[-1]
    return f"{type(bug).__name__}: {bug} (in {last.name}, {last.filename.rsplit('/', 1)[-1]}:{last.lineno})"
