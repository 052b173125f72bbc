"""Playing one sequence on the target: its letters get fresh names, its references the ids that lists show."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

from goatcheck.conduct.moment import Judgement, Moment, Reading, Rule, judged
from goatcheck.conduct.resources import KINDS, Made, id_of
from goatcheck.drawing.sequences import CREATOR, Sequence, Step
from goatcheck.errors import GoatcheckError, Inconclusive

if TYPE_CHECKING:
    from goatcheck.conduct.answer import Answer
    from goatcheck.conduct.api import Api
    from goatcheck.drawing import Draft, Endpoint
    from goatcheck.profile.parts import Key

HOUR, DAY = 3600, 86_400
_KEPT = 23 * HOUR
"""Seconds for which the first answer under an idempotency key must come again, with an hour to spare."""

_ADD = "POST /campaigns/{id}/items"

_MARGIN = 600
"""Seconds before midnight that no wait comes near."""

_AIMED = frozenset({"rename", "delete", "gone", "add"})
"""Steps that aim at something."""

Home = tuple[str, str]
"""A role and a kind: whose things of which sort."""


@dataclass(frozen=True)
class Stage:
    """Who plays: the key of each role. `cap` is how many creators the org of the role "capped" may have."""

    actors: Mapping[str, Key]
    cap: int | None = None


@dataclass(frozen=True)
class Played:
    """The steps that were carried out, and what the rules say: of all `held` steps, and of the last one where it broke some."""

    steps: Sequence
    held: tuple[Judgement, ...]
    broken: tuple[Judgement, ...] = ()

    def breaks(self, rule: Rule) -> bool:
        """Whether it ends with that rule broken."""
        return any(judgement.rule == rule for judgement in self.broken)


@dataclass(frozen=True)
class _First:
    """What was sent under an idempotency key at first, when (Unix seconds), and the answer."""

    step: Step
    draft: Draft
    names: tuple[str, ...]
    answer: Answer
    at: float

    @property
    def key(self) -> str:
        """The idempotency key itself."""
        return dict(self.draft.headers)["Idempotency-Key"]


def played(api: Api, stage: Stage, steps: Iterable[Step], rules: Iterable[Rule]) -> Played:
    """Play a sequence until its end or until a rule is broken, then remove what it made.

    Steps that mean nothing (their thing was never made) are left out. Raises what sending raises, and Inconclusive where
    something unrelated got in the way.
    """
    play, rules = _Play(api, stage), tuple(rules)
    done: list[Step] = []
    held: list[Judgement] = []
    try:
        for step in steps:
            if step.do == "wait":
                done.extend([step] if play.wait(step.hours * HOUR) else [])
                continue
            moment = play.perform(step)
            if moment is None:
                continue
            done.append(step)
            said = judged(moment, rules)
            if broken := tuple(judgement for judgement in said if judgement.problems):
                return Played(tuple(done), tuple(held), broken)
            held += said
            if not _told_in_full(moment):
                break
    finally:
        play.leave()
    return Played(tuple(done), tuple(held))


def _told_in_full(moment: Moment) -> bool:
    """Whether the lists show what a success has done; where they don't, or not yet, nothing more can be said."""
    if not (moment.own and moment.answer.succeeded):
        return True
    if moment.step.do == "delete":
        return all(thing != moment.aimed for thing, _ in moment.after.things)
    return moment.step.do != "create" or all(moment.after.named(name) for name in moment.names)


class _Play:
    def __init__(self, api: Api, stage: Stage) -> None:
        self._api = api
        self._stage = stage
        self._names: dict[tuple[Home, str], str] = {}
        self._bearers: dict[tuple[Home, str], str] = {}
        self._readings: dict[Home, Reading] = {}
        self._shown: dict[Home, tuple[str, ...]] = {}
        self._firsts: dict[str, _First] = {}
        self._deleted: set[str] = set()
        self._turn = cycle((False, True))
        """Every second creation asks for more than a name."""

    def perform(self, step: Step) -> Moment | None:
        """Carry a step out; None where it means nothing."""
        home, first = (step.owner, step.kind), self._firsts.get(step.under)
        aimed = self._bearers.get((home, step.names[0]), "") if step.do in _AIMED else ""
        old = step.do in {"repeat", "elsewhere"} and (first is None or self._api.now() > first.at + _KEPT)
        if old or (step.do in _AIMED and not aimed) or (step.do == "add" and not self._member(step)):
            return None
        if step.do == "gone" and not _gone(self._api, step.kind):
            return None
        key, owner = self._stage.actors[step.by], self._stage.actors[step.owner]
        if not self._is_told_of(step, key, owner):
            return None
        names = self._asked(step, first)
        returning = any(self._bearers.get((home, letter)) in self._deleted for letter in step.names)
        was_gone = aimed in self._deleted
        before = self._readings.get(home) or self._read(home)
        cap = self._stage.cap if home == ("capped", CREATOR) else None
        draft = self._draft(step, names, aimed, first)
        answer = self._api.send(
            draft,
            key,
            cause=f"in a sequence: {step}",
            fresh=True,
            creates=_expected(step, names, before, cap),
            removes_with=owner,
        )
        if answer.disturbed:
            raise Inconclusive(answer.disturbed)
        self._learn(step, draft, names, aimed, answer)
        after = before if step.do == "gone" else self._read(home)
        if key.org != owner.org and step.do != "gone":
            self._read((step.by, step.kind))
        return Moment(
            step,
            answer,
            before,
            after,
            names,
            aimed,
            stranger=key.org != owner.org,
            powerless="write" not in key.scopes,
            gone=was_gone,
            returning=returning,
            shown=tuple(name for shown in self._shown.values() for name in shown),
            first=first.answer if first and step.do == "repeat" else None,
            cap=cap,
        )

    def wait(self, seconds: float) -> bool:
        """Let time pass where the target has a clock, but no day; whether it did."""
        today = DAY - self._api.now() % DAY
        if not self._api.profile.clock or seconds + _MARGIN > today:
            return False
        self._api.wait(seconds)
        return True

    def leave(self) -> None:
        """Remove what this sequence made; what can't be removed is told when the run cleans up."""
        mine = {name.lower() for name in self._names.values()}
        for made in self._api.workshop.remaining:
            if made.name.lower() in mine:
                with contextlib.suppress(GoatcheckError):
                    self._api.workshop.remove(made, cause="after a sequence", cleaning=True)

    def _asked(self, step: Step, first: _First | None) -> tuple[str, ...]:
        """The names that a step asks for."""
        if step.do == "repeat" and first is not None:
            return first.names
        letters = step.names if step.do in {"create", "elsewhere"} else step.names[1:] if step.do == "rename" else ()
        return tuple(self._name((step.owner, step.kind), letter) for letter in letters)

    def _name(self, home: Home, letter: str) -> str:
        if (home, letter) not in self._names:
            self._names[home, letter] = self._api.workshop.name(letter)
        return self._names[home, letter]

    def _draft(self, step: Step, names: tuple[str, ...], aimed: str, first: _First | None) -> Draft:
        if step.do == "repeat" and first is not None:
            return first.draft
        if step.do == "gone":
            return _gone(self._api, step.kind)[0].valid({step.kind: aimed})
        if step.do == "add":
            adding = self._api.endpoint(_ADD)
            return adding.valid({step.kind: aimed}, item_type=CREATOR, item_id=self._member(step))
        member = KINDS[step.kind].name
        if step.do in {"rename", "delete"}:
            method = "PATCH" if step.do == "rename" else "DELETE"
            body = {member: names[0]} if step.do == "rename" else {}
            if body and step.kind == CREATOR and self._api.thorough:
                body["readme"] = f"About {names[0]}"
            return _endpoint(self._api, method, step.kind).valid({step.kind: aimed}, **body)
        in_project = KINDS[step.kind].in_project
        project = self._api.project_of(self._stage.actors[step.owner]) if in_project else ""
        draft = self._api.workshop.draft(step.kind, project, names[0])
        if step.kind == CREATOR and self._api.thorough and next(self._turn):
            draft = draft.with_json({member: names[0], "tracking_mode": "selective"})
        if len(names) > 1:
            draft = draft.with_json({"creators": [{member: name} for name in names]})
        sent = first.key if first else self._api.workshop.idempotency_key() if step.under else ""
        return draft.with_headers(("Idempotency-Key", sent)) if sent else draft

    def _is_told_of(self, step: Step, key: Key, owner: Key) -> bool:
        """Whether the contract says what a step gets: an `Idempotency-Key` counts where the operation is documented to take one, and
        whether a stranger that may not write is told of its scope or of nothing is open.
        """
        maker = next(e.operation for e in self._api.operations if e.operation.makes == step.kind)
        return (maker.idempotent_by_key or not step.under) and (key.org == owner.org or "write" in key.scopes)

    def _member(self, step: Step) -> str:
        """The id of the creator that a step is to add."""
        return self._bearers.get(((step.owner, CREATOR), step.names[-1]), "")

    def _learn(self, step: Step, draft: Draft, names: tuple[str, ...], aimed: str, answer: Answer) -> None:
        if not answer.succeeded:
            return
        if step.do == "delete":
            self._deleted.add(aimed)
        if step.do == "create" and step.under:
            self._firsts[step.under] = _First(step, draft, names, answer, self._api.now())

    def _read(self, home: Home) -> Reading:
        """What a role's list of a kind shows of this sequence."""
        role, kind = home
        key, workshop = self._stage.actors[role], self._api.workshop
        items = workshop.listed_in_org(kind, key) if role == "capped" else workshop.listed(kind, key)
        letters = {name.lower(): place for place, name in self._names.items()}
        things: list[tuple[str, str]] = []
        said: list[tuple[str, str]] = []
        shown: list[str] = []
        for item in items:
            thing, name = id_of(item), str(item.get(KINDS[kind].name)).lower()
            if name not in letters or not thing:
                continue
            (owner, letter) = letters[name]
            if self._stage.actors[owner[0]].org != key.org:
                shown.append(name)
                continue
            things.append((thing, name))
            said.append((thing, self._said(kind, item)))
            self._bearers[owner, letter] = thing
            self._recognise(kind, thing, name, key)
        self._shown[home] = tuple(shown)
        self._readings[home] = Reading(tuple(things), len(items), tuple(said))
        return self._readings[home]

    def _said(self, kind: str, item: Mapping[str, Any]) -> str:
        """What a list tells of a thing beside its name, of all that may be asked for."""
        if not self._api.thorough:
            return ""
        members = self._api.members(kind) & item.keys() - {KINDS[kind].name}
        return json.dumps({name: item[name] for name in sorted(members)})

    def _recognise(self, kind: str, thing: str, name: str, owner: Key) -> None:
        """Let the run know what it made, where no answer has told its id, and what came back."""
        workshop = self._api.workshop
        workshop.keep(workshop.made.get(thing) or Made(kind, thing, name, owner))
        self._deleted.discard(thing)


def _expected(step: Step, names: tuple[str, ...], before: Reading, cap: int | None) -> int:
    """How many resources a step makes on a target that does as it should."""
    there = any(before.named(name) for name in names)
    full = cap is not None and before.count + len(names) > cap
    return 0 if step.do != "create" or there or full else len(names)


def _endpoint(api: Api, method: str, kind: str) -> Endpoint:
    return next(e for e in api.operations if e.operation.method == method and e.operation.target == kind)


def _gone(api: Api, kind: str) -> list[Endpoint]:
    """The removed routes of a kind, of which an edition of the contract may have none."""
    return [e for e in api.removed if e.operation.target == kind]
