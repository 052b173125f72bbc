"""The API under test as the suites see it: its operations, the keys and fixtures of the profile, and a way to send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from goatcheck.conduct import forms
from goatcheck.conduct.answer import Answer
from goatcheck.conduct.forcing import demanding, forcing_failed
from goatcheck.conduct.lanes import together
from goatcheck.conduct.looking import first_project, known_ids
from goatcheck.conduct.recall import Recall
from goatcheck.conduct.resources import Keyed
from goatcheck.conduct.safety import Known, objection, path_ids
from goatcheck.conduct.sender import Sender
from goatcheck.conduct.surface import Surface
from goatcheck.conduct.traces import everything, must_have_no_effect
from goatcheck.conduct.trial import CURRENT, Trial
from goatcheck.conduct.workshop import Workshop
from goatcheck.contract import Contract, Operation, Variant
from goatcheck.drawing import Draft, Draw, Endpoint
from goatcheck.errors import Inconclusive, NotExercised
from goatcheck.exchange import UUID, Exchange, Intent, Request, key_mark
from goatcheck.profile.parts import Key, Profile

T = TypeVar("T")

Credential = Key | str | None
"""How a request identifies itself: a key of the profile, an Authorization value as it is (for bad ones), or not at all."""

NO_ACCEPT = ("Accept", "")
"""Among a draft's headers: send no `Accept` at all."""


class Api(Surface):
    """What a suite's check is given. Sending judges by all observed checks; what is sent is bound by the profile."""

    def __init__(
        self,
        contract: Contract,
        profile: Profile,
        draw: Draw,
        sender: Sender,
        *,
        marker: str,
        perform: Callable[[str], Trial | None],
    ) -> None:
        super().__init__(contract, profile, draw, dt.datetime.fromtimestamp(sender.clock.now(), dt.UTC).date())
        self.sender = sender
        self.workshop = Workshop(self, marker)
        self._ids = Known(homes=self.workshop.homes, made=self.workshop.ours, others=self.workshop.seen)
        sender.budget.remaining = lambda: self.workshop.left
        self._perform = perform
        self._sent: list[Answer] = []
        self._scenes: dict[Any, tuple[Any, Exception | None]] = {}
        self._recall = Recall(side_by_side=sender.side_by_side)
        self.unforced: dict[str, str] = {}

    # Operations

    def request(self, method: str, path: str) -> Draft:
        """A bare request that is none of the operations: an admin endpoint, an unknown route, a method not served."""
        return Draft(method, path, operation=f"{method} {UUID.sub('{id}', path)}")

    def may_send(self, draft: Draft) -> bool:
        """Whether a draft is harmless enough for this target."""
        return not objection(draft, self._operation(draft), self.profile, self._ids)

    # Keys and ids

    def key(self, role: str) -> Key | None:
        """The first key of a role, or None."""
        return next(iter(self.profile.with_role(role)), None)

    def keys(self, role: str) -> tuple[Key, ...]:
        """All keys of a role."""
        return self.profile.with_role(role)

    def fixture(self, name: str) -> str:
        """The id of a fixture; raises NotExercised where the profile has none."""
        found = self.profile.fixtures.get(name)
        if found is None:
            raise NotExercised(f"the profile has no fixture {name}: add it under [fixtures]")
        return found.id

    def project_of(self, key: Key) -> str:
        """The project of a key's org: the profile's, else the first that the key sees."""
        orgs = {"main": "project"} | {
            k.org: f"{k.role}_project" for k in self.profile.keys if k.role in {"capped", "foreign"}
        }
        name = orgs.get(key.org, "")
        return self.fixture(name) if name in self.profile.fixtures else self.once(first_project, key)

    def known_ids(self, key: Key) -> dict[str, str]:
        """Ids by kind that exist, for reading: the project, and the first thing of each kind that a list shows."""
        return self.once(known_ids, key)

    def readable_ids(self, endpoint: Endpoint) -> dict[str, str]:
        """Ids that exist where the operation only reads, none (so: absent ones) where it writes."""
        reader = self.key("reader") or self.key("full")
        return self.known_ids(reader) if reader and not endpoint.operation.writes else {}

    def other_forms(self, endpoint: Endpoint, ids: dict[str, str] | None = None) -> list[Draft]:
        """The smallest valid request once more in each other form, which a server may handle elsewhere: with all parameters, under
        an `Idempotency-Key`, as CSV, with another body. Where requests are dear only as CSV. `ids` are those in the path (default: `readable_ids`).
        """
        return forms.other_forms(self, endpoint, self.readable_ids(endpoint) if ids is None else ids)

    def next_pages(self, endpoint: Endpoint) -> list[Draft]:
        """Where requests are free, the second page of a list, if it has one: its cursor may be worth nothing for another key."""
        key = self.key("reader") or self.key("full")
        found = self.once(forms.next_pages, key) if key and self.thorough else {}
        return [found[endpoint.operation.id]] if endpoint.operation.id in found else []

    def keyed_creates(self, owner: Key) -> list[Keyed]:
        """Creates that succeeded under an `Idempotency-Key`, the same for all checks; none where creates are dear."""
        return self.once(forms.keyed_creates, owner) if self.creates_freely and self.profile.writes else []

    def affordable(self, drafts: Sequence[Draft], endpoint: Endpoint) -> list[Draft]:
        """Of drafts that may make something: those that name all of it as this run's, and where creates are not free one of
        each form (what its label says after the colon), but the smallest of all, which others send.
        """
        named = [draft for draft in drafts if self.workshop.asks_for(draft, endpoint) is not None]
        if self.creates_freely or not endpoint.operation.makes:
            return named
        return list({draft.cause.partition(":")[2]: draft for draft in reversed(named[1:])}.values())[::-1]

    def wrong_in_one_way(self, endpoint: Endpoint) -> list[Draft]:
        """A draft with a wrong query, one with a wrong body, one with a wrong path, where the operation has such; one of
        them, in turn, where requests are not free.
        """
        kinds = (endpoint.broken_queries(), endpoint.broken_bodies(), endpoint.broken_paths())
        return self.few([drafts[0] for drafts in kinds if drafts], self.operations.index(endpoint))

    def wrong_all_over(self, endpoint: Endpoint) -> list[Draft]:
        """Where requests are free, drafts that are wrong in several ways at once, or lack all of their query or body."""
        return forms.wrong_all_over(self, endpoint) if self.thorough else []

    def wrong_anyway(self, endpoint: Endpoint) -> list[Draft]:
        """What is wrong in itself, for a request that is refused before anybody looks: where requests are dear, one shows both."""
        return [] if self.thorough else self.wrong_in_one_way(endpoint)

    # Sending

    def send(
        self,
        draft: Draft,
        key: Credential = None,
        *,
        cause: str = "",
        fresh: bool = False,
        forced: Variant | None = None,
        burst: bool = False,
        limited: bool = False,
        at_once: bool = False,
        creates: int = 0,
        cleaning: bool = False,
        removes_with: Key | None = None,
    ) -> Answer:
        """Send a draft and return the answer, judged by all observed checks.

        `cause` tells apart the ways of one check (default: the draft's). A GET that was already answered, with no write
        since, is not sent again unless `fresh`. `forced` tells a mock which variant to answer with. `burst` is sent at full
        speed; `limited` says that a 429 is what this is about, `at_once` that the key's pace must not delay it. `creates` is
        how many resources a success makes: NotExercised when that would pass the profile's `max_creates`. `cleaning` removes what the run made, whatever the budget.
        `removes_with` is the key that can remove what a broken target makes of this (default: the sending one).
        """
        operation = self._operation(draft)
        request, intent = self._prepared(draft, key, operation, cause=cause, forced=forced, burst=burst)
        reusable = draft.method == "GET" and not (fresh or forced or burst)
        answer = self._recall.of(request) if reusable else None
        if answer is None:
            if objected := objection(draft, operation, self.profile, self._ids):
                raise NotExercised(objected)
            self.sender.budget.spend_creates(creates)
            left, made = self._recall.leaves(request), 0
            try:
                answer = self.sender.send(
                    request, intent, paced=not (burst or at_once), expects_limit=burst or limited, cleaning=cleaning
                )
                made = self._learn(answer, operation, removes_with or key)
            except KeyboardInterrupt:  # whatever came of it, nobody has taken note
                self.sender.unanswered.add((intent.operation, intent.key))
                raise
            finally:
                self._recall.came(request, answer if reusable else None, left)
                self.sender.budget.settle_creates(creates, made)
        if trial := CURRENT.get():
            trial.answers.append(answer.kept)
        return answer

    def refused(self, endpoint: Endpoint, key: Credential, *, cause: str, wrong: Sequence[Draft] = ()) -> Answer:
        """Send what must be refused for its key alone, aimed at nothing where it writes; or first one that is `wrong` as well.

        Where a look-up or a validation came first (404, 400: only a SHOULD forbids that), it is sent once more, aimed at
        something real that this run made, so that nothing but the key is left to refuse it for. Where that can't be, and
        the first one was not aimed at something real either, the answer says nothing.
        """
        for draft in wrong[:1]:
            answer = self.send(draft, key, cause=cause)
            if answer.succeeded or answer.disturbed or answer.is_("401", "403"):
                return answer
        ids = self.readable_ids(endpoint)
        answer = self.send(endpoint.valid(ids), key, cause=cause)
        if not answer.is_("404", "400"):
            return answer
        owner = self.key("full")
        if owner is not None and self.profile.writes and "project" in self.profile.fixtures and _of_org(key, owner.org):
            real = self.workshop.attempt(endpoint, owner, self.workshop.own_ids(owner))
            return self.send(real, key, cause=cause, fresh=True, removes_with=owner)
        reader = self.key("reader") or owner
        if endpoint.aims_at_something(ids) and reader is not None and _of_org(key, reader.org):
            return answer
        reason = f"{endpoint.operation.id} could only be aimed at nothing, and was answered with {answer.summary}"
        return replace(answer, beside=f"{reason}: a full key, writes = true and a project would let this be tried")

    def refused_in_all_forms(self, endpoint: Endpoint, key: Credential, *, cause: str) -> list[Answer]:
        """As `refused`, and once more for each of the request's other forms, which a server may handle elsewhere."""
        asked = [self.refused(endpoint, key, cause=cause)]
        for other in (*self.other_forms(endpoint), *self.next_pages(endpoint)):
            label = f"{cause}, {other.cause}"
            if endpoint.operation.writes:
                asked.append(self.refused(endpoint, key, cause=label, wrong=[other]))
            else:
                asked.append(self.send(other, key, cause=label))
        return asked

    def nowhere(self, endpoint: Endpoint, key: Key) -> dict[str, str]:
        """Ids for a request whose path means nothing, and whose query and body mean things that the key sees."""
        return {**self.known_ids(key), **endpoint.absent()}

    def attempt(self, endpoint: Endpoint, ids: dict[str, str], key: Key, *, cause: str, owner: Key) -> Answer:
        """Send what must be refused, aimed at real things of `owner` that this run made, with a name of its own in it."""
        return self.send(self.workshop.attempt(endpoint, owner, ids), key, cause=cause, fresh=True, removes_with=owner)

    def everything(self, key: Key) -> frozenset[str]:
        """Every text in every list that a key sees, in lower case."""
        return everything(self.workshop, key)

    def must_have_no_effect(self, answer: Answer, there: frozenset[str]) -> bool:
        """Judge a refused write by `everything` that was there after it."""
        return must_have_no_effect(self.workshop, answer, there)

    def force(self, endpoint: Endpoint, variant: Variant) -> Answer:
        """Ask a mock for one variant on one operation; NotExercised where it answers with something else."""
        key = (
            self.key("full") or self.key("reader") or next((k for k in self.profile.keys if k.state == "active"), None)
        )
        ids = self.known_ids(key) if key and not endpoint.operation.writes and self.profile.kind != "mock" else {}
        answer = self.send(endpoint.valid(ids), key, cause=f"forced:{variant.id}", forced=variant)
        if reason := forcing_failed(answer.exchange, self.contract, self.profile.force):
            raise NotExercised(reason)
        return answer

    def repeat(self, exchange: Exchange) -> Answer:
        """Send a request of this run once more, as it was."""
        return self.sender.send(exchange.request, replace(exchange.intent, cause=exchange.intent.cause or "again"))

    def replay(self, exchange: Exchange) -> Answer:
        """Send a request of an earlier run once more, as it was, if this target's profile allows it."""
        request = exchange.request
        operation = self.contract.named(exchange.intent.operation)
        draft = Draft(request.method, request.path, request.query, operation=exchange.intent.operation)
        if objected := objection(draft, operation, self.profile, self._ids):
            raise NotExercised(objected)
        answer = self.sender.send(request, exchange.intent, expects_limit=True)
        self._learn(answer, operation, self.profile.key(exchange.intent.key))
        return answer

    together = staticmethod(together)

    # Time

    def now(self) -> float:
        """The target's time in Unix seconds."""
        return self.sender.clock.now()

    def wait(self, seconds: float) -> None:
        """Let time pass on the target: moves its clock where it has one that can be moved, sleeps elsewhere."""
        self._recall.forget()
        self.sender.clock.wait(seconds)

    def rest(self, key: Key, seconds: float) -> None:
        """Wait until a key has sent nothing for so long."""
        last = self.sender.pacer.idle_since(key.name)
        if last is not None:
            self.wait(max(0.0, last + seconds - self.now()))

    # Sharing

    def once(self, scene: Callable[..., T], *keys: Any) -> T:
        """What `scene(api, *keys)` returns, played once in a run however many checks learn from it."""
        with self.workshop.turns.of((scene, keys)):
            if (scene, keys) not in self._scenes:
                try:
                    self._scenes[scene, keys] = (scene(self, *keys), None)
                except (NotExercised, Inconclusive) as error:
                    self._scenes[scene, keys] = (None, error)
            value, reason = self._scenes[scene, keys]
        if reason is not None:
            raise reason
        return value  # type: ignore[no-any-return]

    def answers_of(self, requirement: str) -> list[Answer]:
        """The answers that the check of another requirement got; that check runs first if it has not yet.

        Where that one could not be tried in full, neither can be what follows from it.
        """
        trial = self._perform(requirement)
        if trial is None:
            return []
        if (current := CURRENT.get()) and trial.cut:
            current.cut = True
        if trial.trouble:
            self.skip(f"{requirement}, which this follows from, was not tried in full: {trial.trouble}")
        return [answer for answer in trial.answers if not answer.disturbed]

    def all_answers(self) -> list[Answer]:
        """Every answer of this run so far, but for forced and disturbed ones."""
        return [a for a in self._sent if not a.disturbed and not a.exchange.intent.forced]

    def skip(self, reason: str) -> None:
        """A part of what is being tried can't be tried: the rest is, but what it comes to is not exercised at the best."""
        trial = CURRENT.get()
        if trial is None:
            raise AssertionError("something was skipped outside of a trial")
        self.sender.ledger.untried(trial.check.requirement, reason)

    def take_up(self, exchanges: Sequence[Exchange]) -> None:
        """Go on after these exchanges of an earlier part of the run: they count as its own."""
        self._sent += [self.sender.known(exchange) for exchange in exchanges]
        self.sender.take_up(exchanges)

    def let_go(self) -> None:
        """Let go of all there is, at the end: the parts of a run know each other, and would stay until garbage is looked for."""
        vars(self).clear()

    # Inside

    def _operation(self, draft: Draft) -> Operation | None:
        return self.contract.named(draft.operation)

    def _prepared(
        self,
        draft: Draft,
        key: Credential,
        operation: Operation | None,
        *,
        cause: str,
        forced: Variant | None,
        burst: bool,
    ) -> tuple[Request, Intent]:
        headers = draft.headers
        if key is not None:
            headers = (("Authorization", key if isinstance(key, str) else f"Bearer {key_mark(key.name)}"), *headers)
        accept = [field for field in headers if field[0].lower() == "accept"]
        if not accept:
            headers = (*headers, ("Accept", "application/json"))
        elif NO_ACCEPT in accept:
            headers = tuple(field for field in headers if field != NO_ACCEPT)
        request = draft.request(headers)
        if forced is not None and self.profile.force is not None:
            request = demanding(request, self.profile.force, forced)
        trial = CURRENT.get()
        good = isinstance(key, Key) and key.state not in {"expired", "revoked"}
        intent = Intent(
            requirement=trial.check.requirement if trial else "",
            purpose=trial.check.claim if trial else "",
            operation=operation.id if operation else draft.operation,
            key=key.name if isinstance(key, Key) else "",
            cause=cause or draft.cause,
            broken=draft.broken if good else (*draft.broken, "key"),
            forced=forced.id if forced else "",
            burst=burst,
        )
        return request, intent

    def _learn(self, answer: Answer, operation: Operation | None, key: Credential) -> int:
        """Keep what an answer tells; how many resources it made that were not known before."""
        request = answer.exchange.request
        self._sent.append(answer.kept)
        owner = key if isinstance(key, Key) else self.key("full")
        if answer.succeeded and not answer.exchange.intent.forced and operation is not None and owner is not None:
            return self.workshop.note(operation, path_ids(operation, request.path), answer, owner)
        return 0


def _of_org(key: Credential, org: str) -> bool:
    """Whether a credential is a key of an org, or belongs to none that could be told."""
    return not isinstance(key, Key) or key.org == org
