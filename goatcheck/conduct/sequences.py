"""Evidence from sequences: each is played step by step, and where a rule is broken the shortest one that shows it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from goatcheck.conduct.budget import BudgetEnded
from goatcheck.conduct.leaving import clean_up
from goatcheck.conduct.moment import Judgement, Rule
from goatcheck.conduct.playing import Played, Stage, played
from goatcheck.conduct.trial import CURRENT
from goatcheck.drawing.sequences import CREATOR, Cast, Sequence, sequences, told, without
from goatcheck.errors import Inconclusive

if TYPE_CHECKING:
    from goatcheck.conduct.api import Api

ROOM = 2
"""So many creators fit into the capped org when a sequence begins."""

_FREE, _SHARE, _SOME = 1_500, 10, 60
"""The most requests: where they are free, for each drawn sequence of a cast; the part of a bounded budget; else."""

_LEAST = 25
"""With fewer requests than that no sequence is begun."""

_SHRINKING = 150
"""The most requests that are spent on making one sequence shorter."""

_LENGTH = 10
"""Steps of a drawn sequence."""

_CAPPED = "capped"


@dataclass(frozen=True)
class Troupe:
    """What is played, and by which rules: `stories` are written by hand, `casts` say what to draw; `brief` are stories for where
    requests are dear: few, which tell much.
    """

    rules: tuple[Rule, ...]
    stories: tuple[Sequence, ...]
    brief: tuple[Sequence, ...]
    casts: tuple[Cast, ...]


def play_all(api: Api, troupe: Troupe) -> None:
    """Play every story, and where requests are free drawn sequences too, with what keys there are and what is left to spend.

    Nothing is said of a target that is not to be written to, or that answers from examples; nothing is held against a
    requirement for lack of means. What is judged is written down under the requirement of the rule.
    """
    total = _allowance(api)
    if api.key("full") is None or not api.profile.writes or api.profile.kind == "mock" or total < _LEAST:
        return
    stage = Stage({role: key for role in ("full", "reader", "foreign", "capped") if (key := api.key(role))})
    rules = tuple(rule for rule in troupe.rules if rule.requirement in api.contract.by_id)
    show = _Show(api, replace(stage, cap=_cap(api)), rules, api.sender.budget.requests + total)
    _clear(api)
    try:
        for sequence in _fitting(api, show.stage, troupe):
            show.play(sequence)
    except BudgetEnded:
        return  # it was meant to be as much as there is


@dataclass
class _Show:
    """The sequences of one run. `until` is the number of requests at which it ends."""

    api: Api
    stage: Stage
    rules: tuple[Rule, ...]
    until: int

    def play(self, sequence: Sequence) -> None:
        """Play one sequence and write down what it shows. Raises BudgetEnded where there is no more to spend."""
        try:
            found = self._played(sequence)
        except Inconclusive:
            return  # something got in the way of it; others may fare better
        for judgement in found.held:
            _write(judgement, ())
        news = [judgement for judgement in found.broken if not self._known(judgement)]
        if not news:
            return
        shortest = self._shortest(found, news[0].rule)
        if news[0].rule.twice and shortest is found and not self._again(found.steps, news[0].rule):
            _disturbed(news[0])
            return
        shown = {judgement.rule: judgement for judgement in shortest.broken}
        for judgement in news:
            if judgement.rule in shown:
                _write(shown[judgement.rule], shortest.steps)
            elif not judgement.rule.twice:
                _write(judgement, found.steps)

    def _known(self, judgement: Judgement) -> bool:
        """Whether the same was found before, on the same operation."""
        breaches = self.api.sender.ledger.record(judgement.rule.requirement).breaches
        return any(breach.exchange.intent.operation == judgement.answer.operation for breach in breaches)

    def _played(self, sequence: Sequence) -> Played:
        if self.api.sender.budget.requests >= self.until:
            raise BudgetEnded("the sequences have had their share of the run's requests")
        if _CAPPED in _roles(sequence):
            _leave_room(self.api, self.stage)
        return played(self.api, self.stage, sequence, self.rules)

    def _again(self, sequence: Sequence, rule: Rule) -> Played | None:
        """What comes of a sequence that is to break that rule; None where it does not, or can't be played any more."""
        try:
            found = self._played(sequence)
        except (BudgetEnded, Inconclusive):
            return None
        return found if found.breaks(rule) else None

    def _shortest(self, found: Played, rule: Rule) -> Played:
        """The shortest sequence that was seen to break the rule: steps are left out, many at a time, then one by one."""
        end = min(self.until, self.api.sender.budget.requests + _SHRINKING)
        size = len(found.steps) // 2
        while size:
            start, shorter = 0, None
            while start < len(found.steps) - 1 and self.api.sender.budget.requests < end:
                left_out = min(size, len(found.steps) - 1 - start)
                shorter = self._again(without(found.steps, start, left_out), rule)
                found = shorter or found
                start += 0 if shorter else left_out
            size //= 2
        return found


def _write(judgement: Judgement, steps: Sequence) -> None:
    """Write a judgement down under its rule's requirement, with the sequence that led to it where it is a finding."""
    answer = judgement.answer
    before = f" (after this: {told(steps[:-1])})" if len(steps) > 1 else ""
    problems = tuple(replace(problem, message=problem.message + before) for problem in judgement.problems)
    answer.recorder.about(judgement.rule.requirement).judge(answer.exchange, problems)


def _disturbed(judgement: Judgement) -> None:
    """Something was seen once and not again: no finding, and no pass either."""
    answer = judgement.answer
    reason = (
        f"{answer.operation} was answered with {answer.summary} once and not again (exchange {answer.exchange.number})"
    )
    answer.recorder.about(judgement.rule.requirement).error("inconclusive", reason)


def _roles(sequence: Sequence) -> set[str]:
    return {role for step in sequence if step.do != "wait" for role in (step.by, step.owner)}


def _allowance(api: Api) -> int:
    """The most requests that sequences may take; where requests are bounded, only of those that nothing else has needed."""
    budget = api.sender.budget
    if api.thorough:
        return _FREE * max(1, _each(api))
    if not budget.max_requests:
        return _SOME
    return min(budget.max_requests // _SHARE, budget.max_requests - budget.requests - budget.remaining())


def _each(api: Api) -> int:
    """How many sequences are drawn for each cast."""
    return api.draw.max_examples // 2


def _cap(api: Api) -> int | None:
    """The cap of the capped org as a refusal of this run has told it; None for none, or where it was seen not to hold."""
    if api.sender.ledger.record("402.limit.enforced").breaches:
        return None
    capped = api.key(_CAPPED)
    makers = {endpoint.operation.id for endpoint in api.operations if endpoint.operation.makes == CREATOR}
    asked = [a for a in api.all_answers() if capped and a.exchange.intent.key == capped.name and a.operation in makers]
    refusals = [answer for answer in asked if answer.is_("402.limit")]
    told_cap = refusals[-1].response.meta.get("max") if refusals else None
    return int(told_cap) if isinstance(told_cap, int | float) else None


def _clear(api: Api) -> None:
    """Remove what the run has made so far, so that lists are short and the capped org has room."""
    before = CURRENT.set(None)
    try:
        clean_up(api.workshop, lambda _: None)
    finally:
        CURRENT.reset(before)


def _leave_room(api: Api, stage: Stage) -> None:
    """Fill the capped org until so many creators fit as sequences need. Inconclusive where no more do from the start."""
    capped, cap = stage.actors[_CAPPED], stage.cap or 0
    room = cap - len(api.workshop.listed_in_org(CREATOR, capped))
    for _ in range(room - ROOM):
        api.workshop.make(CREATOR, capped)
    if room < 1:
        raise Inconclusive("the capped org has no room for a sequence")


def _fitting(api: Api, stage: Stage, troupe: Troupe) -> Iterator[Sequence]:
    """The sequences that can be played with these keys: the stories, then what is drawn."""
    roles = set(stage.actors) - (set() if stage.cap else {_CAPPED})
    yield from (story for story in (troupe.stories if api.thorough else troupe.brief) if _roles(story) <= roles)
    for cast in troupe.casts if api.thorough else ():
        present = cast.among(roles)
        if present.owners:
            label = f"sequences: {present}"
            # the first that is drawn is the simplest there is
            yield from api.draw.examples(label, sequences(present, _LENGTH), _each(api) + 1)[1:]
