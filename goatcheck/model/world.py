"""A world: the rules by which it answers, what it knows, and its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from goatcheck.contract.places import Places
from goatcheck.exchange import Request, Response
from goatcheck.model.call import Answer, Call, Route
from goatcheck.model.clock import Clock
from goatcheck.model.state import State
from goatcheck.profile.parts import Profile

Stage = Callable[["World", Call], Answer]
"""One question to a call: a response refuses it, None lets it pass."""

Action = Callable[["World", Call], Response]
"""What an operation does and answers."""

Ending = Callable[["World", Call, Response], Response]
"""A last change to every answer."""

Step = Callable[[Request], Response]
"""Answering one request under the world's lock."""

Around = Callable[["World", Request, Step], Response]
"""What happens around a step, outside of the lock: normally just the step."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of the API that are no plan's: sizes in bytes, times in seconds."""

    window_requests: int = 60
    window_seconds: float = 60.0
    idempotency_seconds: float = 86_400.0
    body_bytes: int = 1_048_576
    default_days: int = 30
    default_page: int = 50


@dataclass(frozen=True)
class Rules:
    """How a world answers, held as data so that any part can be replaced.

    `routes` by operation id. `stages` are asked in order, the first answer counts. Where none answers, `conflicts`
    (look-up and state) and `caps` of the operation are asked, then its action answers. `endings` change every answer in
    order. `forced` holds the answer that is given on demand for each variant. `around` surrounds each step.
    """

    routes: Mapping[str, Route]
    stages: Mapping[str, Stage]
    conflicts: Mapping[str, Stage]
    caps: Mapping[str, Stage]
    actions: Mapping[str, Action]
    endings: Mapping[str, Ending]
    forced: Mapping[str, Response]
    around: Around
    numbers: Numbers = field(default_factory=Numbers)

    @cached_property
    def places(self) -> Places[Route]:
        """The routes by their paths."""
        return Places(self.routes.values())

    def with_stage(self, name: str, stage: Stage) -> Rules:
        """The same rules with one stage replaced, or a new one asked last."""
        return replace(self, stages={**self.stages, name: stage})

    def without_stage(self, name: str) -> Rules:
        """The same rules without one stage."""
        return replace(self, stages={n: stage for n, stage in self.stages.items() if n != name})

    def with_stage_first(self, name: str, before: str) -> Rules:
        """The same rules with the stage `name` asked just before the stage `before`."""
        moved: dict[str, Stage] = {}
        for other, stage in self.without_stage(name).stages.items():
            if other == before:
                moved[name] = self.stages[name]
            moved[other] = stage
        return replace(self, stages=moved)

    def with_action(self, operation: str, action: Action) -> Rules:
        """The same rules with another action for one operation."""
        return replace(self, actions={**self.actions, operation: action})

    def with_ending(self, name: str, ending: Ending) -> Rules:
        """The same rules with one ending replaced, or a new one that changes the answer last."""
        return replace(self, endings={**self.endings, name: ending})


@dataclass(frozen=True, eq=False)
class World:
    """The API as a state machine: `answer` is its only step. `profile` says what a run may rely on (its base URL is empty).

    The answers depend on the requests, the clock and the state alone. A world with other rules
    (`dataclasses.replace`) shares the state.
    """

    rules: Rules
    state: State
    clock: Clock
    profile: Profile

    def answer(self, request: Request) -> Response:
        """The response to a request that holds its real key. May be called by several threads."""
        return self.rules.around(self, request, self._step)

    def _step(self, request: Request) -> Response:
        with self.state.lock:
            method = "GET" if request.method == "HEAD" else request.method
            call = Call(request, self.clock.now(), method)
            response = self._decide(call)
            for ending in self.rules.endings.values():
                response = ending(self, call, response)
            return response

    def _decide(self, call: Call) -> Response:
        for stage in self.rules.stages.values():
            refusal = stage(self, call)
            if refusal is not None:
                return refusal
        return self.rules.actions[call.served.operation](self, call)


def plain(_world: World, request: Request, step: Step) -> Response:
    """The step with nothing around it."""
    return step(request)
