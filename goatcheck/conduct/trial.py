"""A requirement being tried: the function that tries it, and what it has sent so far."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from goatcheck.conduct.answer import Answer

PHASES = ("daily", "main", "window", "reset", "after", "rest")
"""The order of a run: what hangs on the day first, what spends a key's minute late, what moves the day last; then what
looks back on everything, and what takes only the rest of the budget."""

OBSERVED = "observed"
"""Names the check that helps requirements which are seen, not sent."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Check:
    """A function of a suite that tries one requirement. `roles` are the key roles that its parameters name.

    Further evidence has a name in place of a requirement, and `shows` what it is worth running for.
    """

    requirement: str
    function: Callable[..., None]
    phase: str
    roles: tuple[str, ...]
    shows: tuple[str, ...] = ()

    @cached_property
    def claim(self) -> str:
        """The sentence that it proves: the first line of its docstring."""
        return (inspect.getdoc(self.function) or self.requirement).partition("\n")[0]

    @property
    def lane(self) -> str:
        """The lane that it runs in: the role of the first key it takes, "" for none."""
        return self.roles[0] if self.roles else ""


def requirement(name: str, *, phase: str = "main") -> Callable[[F], F]:
    """Mark a suite's function as the trial of one requirement.

    Its first parameter is the `api`; each further one names a key role (`reader`, `full`, `writer_only`, …) and is given
    the profile's key of that role, or None.
    """
    if phase not in PHASES:
        raise ValueError(f"{phase} is no phase: {', '.join(PHASES)}")

    def mark(function: F) -> F:
        roles = tuple(p.replace("_", "-") for p in list(inspect.signature(function).parameters)[1:])
        function.goatcheck = Check(name, function, phase, roles)  # type: ignore[attr-defined]
        return function

    return mark


def evidence(name: str, *shows: str) -> Callable[[F], F]:
    """Mark a suite's function as further evidence, beside the checks of the requirements that it `shows` something of.

    It is given the `api` alone, runs last with what is left to spend, and judges by answers that are `about` a requirement.
    """

    def mark(function: F) -> F:
        function.goatcheck = Check(name, function, PHASES[-1], (), shows)  # type: ignore[attr-defined]
        return function

    return mark


def observing(function: F) -> F:
    """Mark the suite's function that shows what else is to be seen; each seen requirement becomes an item of it."""
    return requirement(OBSERVED, phase="after")(function)


@dataclass
class Trial:
    """One check in one run, with the answers it got; `lock` lets it run once, whoever asks first.

    `trouble` is empty, or says what kept it from trying all that the profile would let it try; `cut` is true where that was
    the end of the run, of its budget or of its target.
    """

    check: Check
    answers: list[Answer] = field(default_factory=list)
    tried: bool = False
    trouble: str = ""
    cut: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)


CURRENT: ContextVar[Trial | None] = ContextVar("goatcheck_trial", default=None)
"""The trial that the running thread is about."""
