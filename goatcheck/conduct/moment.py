"""One step of a sequence that has been played: what was asked, what came back, what was there before and after.

Rules look at moments. What may be judged is always what the target itself has shown: it is followed wherever the
documents leave open what it does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from goatcheck.conduct.answer import Answer
from goatcheck.drawing.sequences import Step
from goatcheck.exchange import Exchange, Problem


@dataclass(frozen=True)
class Reading:
    """What a list showed: id and name (in lower case) of each thing of this sequence, whoever's it is, and how many there are in all;
    and `said`, for each id, what else it tells of what may be asked for (none where requests are dear).
    """

    things: tuple[tuple[str, str], ...] = ()
    count: int = 0
    said: tuple[tuple[str, str], ...] = ()

    def named(self, name: str) -> int:
        """How many things of that name there are."""
        return sum(other == name.lower() for _, other in self.things)


@dataclass(frozen=True)
class Moment:
    """A step with its `answer`, and how the owner's things were listed `before` and `after` it.

    `names` are those that it asks for, `aimed` the id that it aims at ("" for none), `stranger` and `powerless` say that
    the key is another org's, or may not write. `gone` means that what it aims at was deleted, `returning` that one of `names`
    was borne by something that was. `shown` are the names of another org's things that a list shows. `first` is the answer that a repeated creation got at first. `cap` is how many creators the owner's org may
    have, None where that is not known.
    """

    step: Step
    answer: Answer
    before: Reading
    after: Reading
    names: tuple[str, ...] = ()
    aimed: str = ""
    stranger: bool = False
    powerless: bool = False
    gone: bool = False
    returning: bool = False
    shown: tuple[str, ...] = ()
    first: Answer | None = None
    cap: int | None = None

    @property
    def own(self) -> bool:
        """Whether somebody deals with what is their own, as they may."""
        return not (self.stranger or self.powerless)

    @property
    def asks_for_new_names(self) -> bool:
        """Whether it is a creation or a rename for the first time: no repetition, no idempotency key of another, and no rename of what
        was deleted.
        """
        return self.own and (self.step.do == "create" or (self.step.do == "rename" and not self.gone))

    @property
    def taken(self) -> tuple[str, ...]:
        """The names asked for that were there before on something else."""
        others = [name for thing, name in self.before.things if thing != self.aimed]
        return tuple(name for name in self.names if name.lower() in others)

    @property
    def twice(self) -> tuple[str, ...]:
        """The names asked for that are there more than once, and were not before."""
        return tuple(name for name in self.names if self.after.named(name) > max(1, self.before.named(name)))

    @property
    def fits(self) -> bool | None:
        """Whether there is room for all that a creation asks for; None where nothing can be said of that."""
        if self.cap is None or self.step.do != "create" or self.taken or not self.own:
            return None
        return self.before.count + len(self.names) <= self.cap

    @cached_property
    def change(self) -> str:
        """What is otherwise in the owner's list than before; "" for nothing."""
        before, after = set(self.before.things), set(self.after.things)
        lost = sorted(name for _, name in before - after)
        new = sorted(name for _, name in after - before)
        told = [f"{', '.join(lost)} is not there any more"] if lost else []
        told += [f"{', '.join(new)} is there"] if new else []
        if not told and (other := dict(self.before.said).items() ^ dict(self.after.said).items()):
            names = dict(self.after.things)
            told.append(
                f"{', '.join(sorted({names.get(thing, thing) for thing, _ in other}))} is otherwise than it was"
            )
        return "; ".join(told)

    def must_change_nothing(self) -> bool:
        """The owner's things must be as they were."""
        return self.answer.must(
            ok=not self.change,
            message=f"the refused request took effect: {self.change}",
            expected="nothing changed",
            got=self.change,
        )


Judge = Callable[[Moment], None]
"""Judges what it can by the `must…` of a moment and its answer."""


@dataclass(frozen=True)
class Rule:
    """What one requirement says of every moment. With `twice` it has to be seen broken twice before it counts."""

    requirement: str
    judge: Judge
    twice: bool = False

    @property
    def claim(self) -> str:
        """The sentence that it holds a target to."""
        return (inspect.getdoc(self.judge) or self.requirement).partition("\n")[0]


def rule(requirement: str, *, twice: bool = False) -> Callable[[Judge], Rule]:
    """Make a rule of a function that judges moments."""
    return lambda judge: Rule(requirement, judge, twice)


@dataclass(frozen=True)
class Judgement:
    """What a rule says of an exchange; no problems where it held."""

    rule: Rule
    answer: Answer
    problems: tuple[Problem, ...]


def judged(moment: Moment, rules: Iterable[Rule]) -> list[Judgement]:
    """What the rules say of a moment; nothing is written down yet."""
    found: list[Judgement] = []
    noted: list[Problem] = []
    said: list[Exchange] = []
    listening = replace(moment, answer=_noting(moment.answer, said, noted))
    for each in rules:
        each.judge(listening)
        if said:
            found.append(Judgement(each, moment.answer, tuple(noted)))
        said.clear()
        noted.clear()
    return found


def _noting(answer: Answer, said: list[Exchange], noted: list[Problem]) -> Answer:
    """The same answer, whose judgements go into two lists: all exchanges judged, all problems."""

    def judge(exchange: Exchange, problems: tuple[Problem, ...]) -> None:
        said.append(exchange)
        noted.extend(problems)

    return replace(answer, recorder=replace(answer.recorder, judge=judge))
