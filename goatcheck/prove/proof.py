"""What came of proving: one trial for each fault and seed, and what all of them show together. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Trial:
    """One run of the suite against one fault.

    `red` maps the ids that turned red to "fail" or "warn", `errors` those that ended in an error to its reason.
    `seconds` is what the run took in its worker.
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
class Proof:
    """All trials of one proof. `requirements` maps every id to its level; `whole` is false where only some faults were
    tried, so that nothing can be said of requirements without a fault. `seconds` is what it took in all.
    """

    contract: str
    requirements: Mapping[str, str]
    trials: tuple[Trial, ...]
    whole: bool
    jobs: int
    seconds: float

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """The names of the faults that were tried."""
        return tuple(dict.fromkeys(trial.fault for trial in self.trials))

    @cached_property
    def missed(self) -> tuple[Trial, ...]:
        """The trials in which something that had to turn red did not."""
        return tuple(trial for trial in self.trials if trial.missed)

    @cached_property
    def accused(self) -> tuple[Trial, ...]:
        """The trials in which something turned red without reason."""
        return tuple(trial for trial in self.trials if trial.unexplained)

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
        """The requirements that no fault turns red, where all faults were tried."""
        return tuple(name for name, faults in self.catchers.items() if not faults) if self.whole else ()

    @property
    def holds(self) -> bool:
        """Whether every fault was caught, nothing was accused without reason, and no requirement is left unproven."""
        return not (self.missed or self.accused or self.unproven)
