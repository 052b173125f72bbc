"""What came of proving: one trial for each fault and seed, and what all of them show together. Plain values."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Trial:
    """One run of the suite against one fault.

    `red` maps the ids that turned red to "fail" or "warn", `errors` those that ended in an error to its reason, `green` are
    those that passed. `seconds` is what the run took in its worker.
    """

    fault: str
    summary: str
    seed: int
    breaks: tuple[str, ...]
    may: tuple[str, ...]
    red: Mapping[str, str]
    errors: Mapping[str, str]
    requests: int
    seconds: float
    green: tuple[str, ...] = ()

    def among(self, judged: Container[str], *, one_of_them: bool = False) -> Trial:
        """The same where only these ids can be judged: of the others none has to turn red. With `one_of_them` those that did are
        enough, if any did.
        """
        breaks = tuple(name for name in self.breaks if name in judged)
        if one_of_them:
            breaks = tuple(name for name in breaks if name in self.red) or breaks
        return replace(self, breaks=breaks, may=(*self.may, *(name for name in self.breaks if name not in breaks)))

    @property
    def missed(self) -> tuple[str, ...]:
        """The ids that had to turn red and did not."""
        return tuple(name for name in self.breaks if name not in self.red)

    @property
    def unexplained(self) -> tuple[str, ...]:
        """The ids that turned red although the fault does not touch them."""
        return tuple(name for name in self.red if name not in self.breaks and name not in self.may)

    @property
    def caught(self) -> bool:
        """Whether all that had to turn red did, and nothing that should not."""
        return not self.missed and not self.unexplained


@dataclass(frozen=True)
class Setting:
    """Under which bounds the runs of a proof are done. `title` completes "tried …", `stem` is the name of its files, `least` the
    share of the faults that must be caught, `bounds` are the profile's members that differ from those of the embedded mock:
    where there are any, a fault is caught by one of the requirements that it breaks, and those that need what it `lacks` can't
    show.
    """

    title: str
    stem: str
    least: float
    bounds: Mapping[str, Any] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()


DEFAULT = Setting("with the default budget", "proof", least=1.0)
"""As `goatcheck run` without a target: every request that a check wants, answers on demand, a clock to move."""

LIVE = Setting(
    "as on a live target (600 requests, 20 creations, nothing forced, no clock)",
    "proof-live",
    least=0.95,
    bounds={
        "base_url": "https://staging.invalid/api/v1",
        "clock": "",
        "force": None,
        "max_requests": 600,
        "max_creates": 20,
        "requests_per_minute": 50,
    },
    lacks=frozenset({"force", "clock", "creates", "requests"}),
)
"""As a run with the default profile of a live target, and every key and fixture in it."""


@dataclass(frozen=True)
class Proof:
    """All trials of one proof. `requirements` maps every id that its setting can judge to its level; `beyond` names the faults
    that break nothing of that, or can't show. `whole` is false where only some faults were tried, so that nothing can be said of requirements
    without a fault. `seconds` is what it took in all, `day` when it was (UTC, ISO 8601).
    """

    contract: str
    requirements: Mapping[str, str]
    trials: tuple[Trial, ...]
    whole: bool
    jobs: int
    seconds: float
    day: str
    setting: Setting = DEFAULT
    beyond: tuple[str, ...] = ()

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """The names of the faults that were tried."""
        return tuple(dict.fromkeys(trial.fault for trial in self.trials))

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """The seeds that each fault was tried with."""
        return tuple(dict.fromkeys(trial.seed for trial in self.trials))

    @property
    def stem(self) -> str:
        """The name of its files. One of several seeds does not take the place of one that is held against the suite in CI."""
        return self.setting.stem + (f"-{len(self.seeds)}-seeds" if len(self.seeds) > 1 else "")

    @cached_property
    def missed(self) -> tuple[Trial, ...]:
        """The trials in which something that had to turn red did not."""
        return tuple(trial for trial in self.trials if trial.missed)

    @cached_property
    def accused(self) -> tuple[Trial, ...]:
        """The trials in which something turned red without reason."""
        return tuple(trial for trial in self.trials if trial.unexplained)

    @property
    def share(self) -> float:
        """The part of the faults that were never missed, from 0 to 1."""
        return 1 - len({trial.fault for trial in self.missed}) / len(self.faults) if self.faults else 1.0

    @cached_property
    def catchers(self) -> Mapping[str, tuple[str, ...]]:
        """For each requirement the faults that it must catch, and caught with every seed."""
        failed = {(trial.fault, name) for trial in self.trials for name in trial.missed}
        pairs = dict.fromkeys((trial.fault, name) for trial in self.trials for name in trial.breaks)
        return {
            requirement: tuple(fault for fault, name in pairs if name == requirement and (fault, name) not in failed)
            for requirement in self.requirements
        }

    @cached_property
    def unproven(self) -> tuple[str, ...]:
        """The requirements that no fault turns red, where all faults were tried and all have to be caught."""
        everything = self.whole and self.setting.least == 1
        return tuple(name for name, faults in self.catchers.items() if not faults) if everything else ()

    @cached_property
    def collateral(self) -> Mapping[str, tuple[str, ...]]:
        """For each requirement the faults with which it turned red though they do not have to be caught by it."""
        pairs = dict.fromkeys((t.fault, name) for t in self.trials for name in t.red if name not in t.breaks)
        return {
            requirement: tuple(fault for fault, name in pairs if name == requirement)
            for requirement in self.requirements
        }

    @property
    def holds(self) -> bool:
        """Whether enough faults were caught, nothing was accused without reason, and no requirement is left unproven."""
        return self.share >= self.setting.least and not (self.accused or self.unproven)
