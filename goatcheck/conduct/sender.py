"""Sending one request of a run: budget, pace, retries of lost connections, the journal, and all observed checks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from goatcheck.checks import Observe, is_inconclusive, observe, variant_of
from goatcheck.conduct.answer import Answer, Recorder
from goatcheck.conduct.budget import Budget
from goatcheck.conduct.client import Client
from goatcheck.conduct.clock import TargetClock
from goatcheck.conduct.forcing import States, forcing_failed
from goatcheck.conduct.journal import JournalWriter
from goatcheck.conduct.ledger import Ledger
from goatcheck.conduct.pacing import MINUTE, Pacer
from goatcheck.conduct.patience import Patience, retry_after
from goatcheck.conduct.standing import made_by
from goatcheck.contract import Contract
from goatcheck.errors import Inconclusive, TargetGone, Unusable
from goatcheck.exchange import Exchange, Intent, Problem, Request, Response

_BACK_OFF = (0.2, 0.8, 2.0)
"""Seconds before each further try to connect; only a connection that never came about is tried again."""

_LOST = 3
"""After so many requests in a row without an answer the target is asked whether it is there at all."""

TOO_MANY = 429
_FAILED = 500
NO_ANSWER = 0
"""The status of an exchange in which no answer came."""


@dataclass
class Sender:
    """The one way to the target. `send` may be called from several threads; the keys keep their own pace.

    `unanswered` are the operations, with the names of the keys, of which nobody knows what they did: no answer came, or a
    server's failure.
    """

    contract: Contract
    client: Client
    clock: TargetClock
    pacer: Pacer
    budget: Budget
    ledger: Ledger
    recorder: Recorder
    states: States
    journal: JournalWriter | None = None
    observe: Observe = observe
    stopped: threading.Event = field(default_factory=threading.Event)
    patience: Patience = field(default_factory=Patience)
    gone: str = ""
    heartbeat: Request | None = None
    unanswered: set[tuple[str, str]] = field(default_factory=set)
    _number: int = 0
    _lost: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _began: float = field(default_factory=time.monotonic)

    @property
    def side_by_side(self) -> bool:
        """Whether the keys send at the same time: where they really have to wait, one key's wait is no other's."""
        return self.pacer.paces and not self.clock.jumps

    def send(
        self,
        request: Request,
        intent: Intent,
        *,
        paced: bool = True,
        expects_limit: bool = False,
        cleaning: bool = False,
    ) -> Answer:
        """Send one request and judge what comes back by every observed check.

        `paced` false lets a burst through at full speed; `expects_limit` true says that a 429 is no accident here;
        `cleaning` is for removing what the run made, which a spent budget must not prevent. Where no answer comes, but the
        target is there, the answer has status 0 and is disturbed. Raises TargetGone where the target is gone for good,
        NotExercised where the budget has ended, GeneratorError where the request can't be sent. Once the run is `stopped`
        nothing is sent but what cleans up, and nothing with a key that is limited for longer than is worth waiting:
        Inconclusive.
        """
        if self.gone:
            raise TargetGone(self.gone)
        if (over := self.patience.over(intent.key)) and not (cleaning or expects_limit):
            raise Inconclusive(over)
        # before it waits for its turn: what may not be sent must not wait
        self.budget.spend_request(intent.key, cleaning=cleaning)
        if paced:
            self.pacer.wait_for(intent.key)
        else:
            self.pacer.note(intent.key)
        if self.stopped.is_set() and not cleaning:
            self.budget.return_request(intent.key)
            raise Inconclusive("the run was interrupted")
        sent = time.monotonic() - self._began
        response = self._answered(request, intent)
        received = time.monotonic() - self._began
        with self._lock:
            self._number += 1
            exchange = Exchange(self._number, request, response, intent, round(sent, 6), round(received, 6))
            self.ledger.add(exchange)
            if self.journal:
                self.journal.exchange(exchange)
        if response.status == NO_ANSWER:
            return Answer(exchange, None, self.recorder, response.oddity, {}, lost=True)
        if date := response.header("date"):
            self.pacer.shift(self.clock.saw_date(date))
        answer = self._judged(exchange, expects_limit=expects_limit)
        return answer.kept if intent.burst else answer  # those of a burst are kept all together

    def resume(self) -> None:
        """A run that was stopped cleans up: what that takes may be sent again, within the budget."""
        if self.stopped.is_set():
            self.stopped = threading.Event()

    def take_up(self, exchanges: Sequence[Exchange]) -> None:
        """Go on after these exchanges: number and time what comes next, count them as spent, and let their keys rest.

        When they were sent is not known of the target's time: it may have been just now.
        """
        self._number = max((exchange.number for exchange in exchanges), default=0)
        self._began -= max((exchange.received for exchange in exchanges), default=0.0)
        self.budget.take_up((exchange.intent.key for exchange in exchanges), made_by(exchanges, self.contract))
        if self.clock.jumps and exchanges:
            self.clock.wait(MINUTE)
        for key in {exchange.intent.key for exchange in exchanges}:
            self.pacer.note(key)

    def known(self, exchange: Exchange) -> Answer:
        """The answer of an exchange that has been judged already; a limit in it is taken for an unexpected one."""
        status = exchange.response.status
        disturbed = (
            "" if status not in {NO_ANSWER, TOO_MANY} and not is_inconclusive(exchange.response) else "disturbed"
        )
        return Answer(exchange, variant_of(exchange, self.contract), self.recorder, disturbed)

    def _judged(self, exchange: Exchange, *, expects_limit: bool) -> Answer:
        """The answer, after every observed check has had its say."""
        problems: dict[str, tuple[Problem, ...]] = {}
        if not forcing_failed(exchange, self.contract, self.states.force):
            for judgement in self.observe(exchange, self.contract):
                if judgement.unjudged:
                    self.ledger.error(judgement.requirement, "inconclusive", judgement.unjudged)
                else:
                    problems[judgement.requirement] = judgement.problems
        self.ledger.judge(exchange, problems)
        return Answer(
            exchange,
            variant_of(exchange, self.contract),
            self.recorder,
            self._disturbance(exchange, expects_limit=expects_limit),
            problems,
        )

    def _disturbance(self, exchange: Exchange, *, expects_limit: bool) -> str:
        """What makes this answer say nothing about what was tried; "" where it speaks."""
        response, intent = exchange.response, exchange.intent
        line = f"{exchange.request.method} {exchange.request.path} was answered with {response.status}"
        if intent.forced:
            return ""
        if response.status != TOO_MANY:
            self.patience.served(intent.key)
        if is_inconclusive(response):
            return f"{line}, which is a gateway's or an overloaded server's word"
        if response.status == TOO_MANY and not expects_limit:
            told = retry_after(response, self.clock.now())
            self.pacer.hold(intent.key, self.patience.limited(intent.key, told))
            hint = (
                "" if self.pacer.paces else "; the profile sets no pace: requests_per_minute = 50 keeps below the limit"
            )
            return f"{line}: the key {intent.key or '(none)'} was rate-limited by something other than this check{hint}"
        return ""

    def _answered(self, request: Request, intent: Intent) -> Response:
        """One answer; where nobody knows what the request did, that is remembered."""
        try:
            with self.states.needed_for(intent.forced):
                response = self._exchange(request)
        except Unusable as error:  # what it answers from now on says nothing
            self.gone = str(error)
            raise
        except BaseException:
            self.unanswered.add((intent.operation, intent.key))
            raise
        if response.status == NO_ANSWER or response.status >= _FAILED:
            self.unanswered.add((intent.operation, intent.key))
        return response

    def _exchange(self, request: Request) -> Response:
        """One answer, with bounded tries for a connection that never came about."""
        try:
            response = self._connected(request)
        except TargetGone as error:
            with self._lock:
                self._lost += 1
                if error.cause_kind == "connect" or self._lost >= _LOST:
                    self._look_for_target(error)
            return Response(NO_ANSWER, oddity=f"{request.method} {request.path} got no answer: {error}")
        self._lost = 0
        self.heartbeat = self.heartbeat or request
        return response

    def _connected(self, request: Request) -> Response:
        for pause in _BACK_OFF:
            try:
                return self.client.send(request)
            except TargetGone as error:
                if error.cause_kind != "connect" or self.heartbeat is None:
                    raise
                time.sleep(pause)
        return self.client.send(request)

    def _look_for_target(self, error: TargetGone) -> None:
        """Ask once more what was answered before; a target that does not answer that either is gone for good."""
        self._lost = 0
        try:
            if self.heartbeat is None:
                raise error
            self.client.send(self.heartbeat)
        except TargetGone as again:
            self.gone = f"The target went away: {again}" if self.heartbeat else str(again)
            raise TargetGone(self.gone, again.cause_kind) from None


def recorder_for(ledger: Ledger, contract: Contract, current: Callable[[], str]) -> Recorder:
    """A recorder that writes into the ledger under the requirement that `current` names."""

    def judge(exchange: Exchange, problems: tuple[Problem, ...]) -> None:
        judgements: Mapping[str, tuple[Problem, ...]] = {current(): problems}
        ledger.judge(exchange, judgements)

    return Recorder(
        judge,
        lambda cause, reason: ledger.error(current(), cause, reason),
        lambda reason: ledger.untried(current(), reason),
        contract,
        lambda requirement: recorder_for(ledger, contract, lambda: requirement),
    )
