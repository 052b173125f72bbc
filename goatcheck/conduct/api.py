"""The API under test as the suites see it: its operations, the keys and fixtures of the profile, and a way to send."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from typing import Any, TypeVar

from goatcheck.conduct.answer import Answer
from goatcheck.conduct.safety import Known, objection, path_ids
from goatcheck.conduct.sender import Sender, forcing_failed
from goatcheck.conduct.trial import CURRENT, Trial
from goatcheck.conduct.workshop import KINDS, Workshop
from goatcheck.contract import Contract, Operation, Variant
from goatcheck.drawing import Draft, Draw, Endpoint
from goatcheck.errors import NotExercised
from goatcheck.exchange import Intent, Request, key_mark
from goatcheck.profile.address import is_loopback
from goatcheck.profile.parts import Key, Profile

T = TypeVar("T")

Credential = Key | str | None
"""How a request identifies itself: a key of the profile, an Authorization value as it is (for bad ones), or not at all."""


class Api:
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
        self.contract = contract
        self.profile = profile
        self.draw = draw
        self.sender = sender
        self.workshop = Workshop(self, marker)
        self._perform = perform
        self._scenes: dict[Any, Any] = {}
        self._scene_lock = threading.RLock()
        self._fresh: dict[Any, Answer] = {}
        self._today = dt.datetime.fromtimestamp(sender.clock.now(), dt.UTC).date()
        self.operations = self._endpoints(contract.operations)
        self.removed = self._endpoints(contract.removed)

    # What there is

    @property
    def reads(self) -> tuple[Endpoint, ...]:
        """Every GET operation."""
        return tuple(e for e in self.operations if not e.operation.writes)

    @property
    def writes(self) -> tuple[Endpoint, ...]:
        """Every POST, PATCH and DELETE operation that may be refused safely on this target."""
        return tuple(e for e in self.refusable if e.operation.writes)

    @property
    def refusable(self) -> tuple[Endpoint, ...]:
        """Every operation that can be aimed at nothing: without `writes`, a write needs an id in its path for that."""
        return tuple(
            e
            for e in self.operations
            if self.profile.writes or not e.operation.writes or e.operation.path_parameters
        )

    @property
    def with_ids(self) -> tuple[Endpoint, ...]:
        """Every operation with an id in its path."""
        return tuple(e for e in self.operations if e.operation.path_parameters)

    def endpoint(self, operation: str) -> Endpoint:
        """The endpoint of an operation such as "GET /creators"."""
        return next(e for e in (*self.operations, *self.removed) if e.operation.id == operation)

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

    @property
    def thorough(self) -> bool:
        """Whether requests are free: a target on loopback without a bound on requests."""
        return self.profile.max_requests == 0 and is_loopback(self.profile.base_url)

    def spread(self, ways: Sequence[T], endpoints: Sequence[Endpoint]) -> list[tuple[T, Endpoint]]:
        """Each way with each endpoint where requests are free; else each way once, and each endpoint once, in turn."""
        if not ways or not endpoints:
            return []
        if self.thorough:
            return [(way, endpoint) for way in ways for endpoint in endpoints]
        return [(ways[i % len(ways)], endpoints[i % len(endpoints)]) for i in range(max(len(ways), len(endpoints)))]

    # Aiming

    def known_ids(self, key: Key | None = None) -> dict[str, str]:
        """Ids by kind that exist for the main org, for reading: the project, and the first creator, campaign and payout
        method that a list shows. Nothing is made for it."""
        reader = key or self.key("reader") or self.key("full")
        if reader is None:
            return {}
        return self.once(_known_ids, reader)

    def own(self, kind: str, key: Key) -> Any:
        """The resource of that kind that this run made for refused requests to aim at."""
        return self.workshop.shared(kind, key, self.fixture("project") if KINDS[kind].in_project else "")

    def own_ids(self, key: Key) -> dict[str, str]:
        """The project and one resource of each kind that this run made: what a valid request may aim at."""
        return {"project": self.fixture("project"), **{kind: self.own(kind, key).id for kind in KINDS}}

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
        creates: int = 0,
        cleaning: bool = False,
    ) -> Answer:
        """Send a draft and return the answer, judged by all observed checks.

        `cause` tells apart the ways of one check (default: the draft's). A GET that was already answered, with no write
        since, is not sent again unless `fresh`. `forced` tells a mock which variant to answer with. `burst` is sent at full
        speed; `limited` says that a 429 is what this is about. `creates` is how many resources a success makes: refused
        when it would pass the profile's `max_creates`. `cleaning` removes what the run made, whatever the budget.
        """
        operation = self._operation(draft)
        request, intent = self._prepared(draft, key, operation, cause=cause, forced=forced, burst=burst)
        reusable = draft.method == "GET" and not (fresh or forced or burst)
        known = self._fresh.get(request) if reusable else None
        if known is None:
            if objected := objection(draft, operation, self.profile, self._known()):
                raise NotExercised(objected)
            if creates:
                self.sender.budget.spend_creates(creates)
            known = self.sender.send(
                request, intent, paced=not burst, expects_limit=burst or limited, beyond_budget=cleaning
            )
            self._learn(known, draft, operation, key, reusable=reusable)
        if trial := CURRENT.get():
            trial.answers.append(known)
        return known

    def force(self, endpoint: Endpoint, variant: Variant) -> Answer | None:
        """Ask a mock for one variant on one operation; None where it does not answer with it, for whatever reason."""
        draft = endpoint.valid({**self.known_ids(), **endpoint.absent()} if endpoint.operation.writes else self.known_ids())
        key = self.key("full") or next((k for k in self.profile.keys if k.state == "active"), None)
        answer = self.send(draft, key, cause=f"forced:{variant.id}", forced=variant)
        return None if forcing_failed(answer.exchange, self.contract) else answer

    def together(self, calls: Iterable[Callable[[], Answer]]) -> list[Answer]:
        """Run several sends at the same time and return their answers in the order of the calls."""
        waiting = list(calls)
        with ThreadPoolExecutor(max_workers=min(16, len(waiting) or 1)) as pool:
            return [f.result() for f in [pool.submit(copy_context().run, call) for call in waiting]]

    def wait(self, seconds: float) -> None:
        """Let time pass on the target: moves its clock where it has one that can be moved, sleeps elsewhere."""
        self._fresh.clear()
        self.sender.clock.wait(seconds)

    def now(self) -> float:
        """The target's time in Unix seconds."""
        return self.sender.clock.now()

    # Sharing

    def once(self, scene: Callable[..., T], *keys: Any) -> T:
        """What `scene(api, *keys)` returns, played once in a run however many checks learn from it."""
        with self._scene_lock:
            if (scene, keys) not in self._scenes:
                try:
                    self._scenes[scene, keys] = (scene(self, *keys), None)
                except Exception as error:  # noqa: BLE001 - told to each check that asks, again
                    self._scenes[scene, keys] = (None, error)
            value, error = self._scenes[scene, keys]
        if error is not None:
            raise error
        return value  # type: ignore[no-any-return]

    def answers_of(self, requirement: str) -> list[Answer]:
        """The answers that the check of another requirement got; that check runs first if it has not yet."""
        trial = self._perform(requirement)
        return [] if trial is None else [a for a in trial.answers if not a.disturbed]

    # Inside

    def _endpoints(self, operations: Iterable[Operation]) -> tuple[Endpoint, ...]:
        return tuple(Endpoint(operation, self.draw, self._today) for operation in operations)

    def _operation(self, draft: Draft) -> Operation | None:
        return next(
            (o for o in (*self.contract.operations, *self.contract.removed) if o.id == draft.operation),
            None,
        )

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
        request = draft.request()
        headers = request.headers
        if key is not None:
            value = key if isinstance(key, str) else f"Bearer {key_mark(key.name)}"
            headers = (("Authorization", value), *headers)
        if forced is not None and self.profile.force is not None:
            words = {"status": forced.status, "variant": forced.id, "code": forced.code}
            headers = (*headers, (self.profile.force.header, self.profile.force.value.format(**words)))
        if all(name.lower() != "accept" for name, _ in headers):
            headers = (*headers, ("Accept", "application/json"))
        trial = CURRENT.get()
        good = isinstance(key, Key) and key.state not in {"expired"}
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
        return replace(request, headers=headers), intent

    def _learn(
        self, answer: Answer, draft: Draft, operation: Operation | None, key: Credential, *, reusable: bool
    ) -> None:
        if draft.method not in {"GET", "HEAD", "OPTIONS"}:
            self._fresh.clear()
        elif reusable and not answer.disturbed:
            self._fresh[answer.exchange.request] = answer
        if answer.succeeded and not answer.exchange.intent.forced:
            owner = key if isinstance(key, Key) else self.key("full")
            if owner is not None:
                ids = path_ids(operation, draft.path) if operation else {}
                self.workshop.note(operation, ids, answer, owner)

    def _known(self) -> Known:
        return Known(made=self.workshop.made.keys(), others=self.workshop.seen)


def _known_ids(api: Api, key: Key) -> dict[str, str]:
    """The ids that a reading request may use."""
    ids: dict[str, str] = {}
    if "project" in api.profile.fixtures:
        ids["project"] = api.fixture("project")
    for kind, about in KINDS.items():
        answer = api.send(api.endpoint(about.lists).valid(), key)
        items: Mapping[str, Any] = next(iter(api.workshop.items(answer)), {})
        if isinstance(items.get("id"), str):
            ids[kind] = items["id"]
        if about.in_project and isinstance(items.get("project_id"), str):
            ids.setdefault("project", items["project_id"])
    if (fixture := api.profile.fixtures.get("default_payout_method")) is not None:
        ids.setdefault("payout_method", fixture.id)
    return ids
