"""Sequences of steps with references to earlier results, written by hand or drawn. Nothing is ever sent here.

Things are called by letters: a step means the thing that last bore its letter, in the org of the key that made it. Only
who plays a sequence knows names and ids.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

CREATOR, CAMPAIGN, PAYOUT_METHOD = "creator", "campaign", "payout_method"
_LETTERS = "abcd"
_LONGEST_WAIT = 6


@dataclass(frozen=True)
class Step:
    """One thing that is done with a key of the role `by`.

    `do` is create, rename, delete, repeat (a creation, under the same idempotency key), elsewhere (that key on another
    route), gone (a removed route), add (a creator to a campaign) or wait. `names` are letters: of all that is created in one
    request, of the thing that is renamed and its new one, of the campaign and the creator, of the thing aimed at. `of` is the role of its owner, "" for `by` itself; `under` the label of
    an idempotency key; `hours` how long a wait takes.
    """

    do: str
    names: tuple[str, ...] = ()
    by: str = "full"
    of: str = ""
    kind: str = CREATOR
    under: str = ""
    hours: int = 0

    @property
    def owner(self) -> str:
        """The role of the key whose thing this is about."""
        return self.of or self.by

    def __str__(self) -> str:
        """The step as the end of a sentence, such as "full renames creator a to b"."""
        whose = f"{self.of}'s " if self.of else ""
        kind = f"{whose}{self.kind.replace('_', ' ')}"
        key = f" under key {self.under}" if self.under else ""
        names = " and ".join(self.names)
        return {
            "create": lambda: f"{self.by} creates {kind} {names}{key}",
            "rename": lambda: f"{self.by} renames {kind} {self.names[0]} to {self.names[-1]}",
            "delete": lambda: f"{self.by} deletes {kind} {names}",
            "repeat": lambda: f"{self.by} repeats the creation{key}",
            "elsewhere": lambda: f"{self.by} creates {kind} {names} under the used key {self.under}",
            "gone": lambda: f"{self.by} asks for the stats of {kind} {names}",
            "add": lambda: f"{self.by} adds creator {self.names[-1]} to {kind} {self.names[0]}",
            "wait": lambda: f"{self.hours} hours pass",
        }[self.do]()


Sequence = tuple[Step, ...]


def create(*names: str, **how: str) -> Step:
    """Create one thing, or several creators in one request."""
    return Step("create", names, **how)  # type: ignore[arg-type]


def rename(name: str, new: str, **how: str) -> Step:
    """Give a thing a new name."""
    return Step("rename", (name, new), **how)  # type: ignore[arg-type]


def delete(name: str, **how: str) -> Step:
    """Delete a thing."""
    return Step("delete", (name,), **how)  # type: ignore[arg-type]


def repeat(key: str, **how: str) -> Step:
    """Send the creation again that was sent under this idempotency key."""
    return Step("repeat", under=key, **how)  # type: ignore[arg-type]


def elsewhere(key: str, name: str, kind: str = CAMPAIGN, **how: str) -> Step:
    """Create something of another kind under an idempotency key that was used."""
    return Step("elsewhere", (name,), kind=kind, under=key, **how)  # type: ignore[arg-type]


def gone(name: str, **how: str) -> Step:
    """Ask the removed route for a thing."""
    return Step("gone", (name,), **how)  # type: ignore[arg-type]


def add(campaign: str, creator: str, **how: str) -> Step:
    """Put a creator into a campaign."""
    return Step("add", (campaign, creator), kind=CAMPAIGN, **how)  # type: ignore[arg-type]


def wait(hours: int) -> Step:
    """Let so many hours pass."""
    return Step("wait", hours=hours)


@dataclass(frozen=True)
class Cast:
    """Who and what a drawn sequence is about.

    `owners` are roles of keys that make things of these `kinds`, `strangers` roles of other orgs, `readers` roles of the same
    org without the right to write. With `room` no more than so many creators fit, so more are asked for. `clock` lets time pass.
    """

    owners: tuple[str, ...]
    kinds: tuple[str, ...]
    strangers: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    room: int = 0
    clock: bool = False

    def among(self, roles: Collection[str]) -> Cast:
        """The same without the roles that there are no keys for."""
        owners, strangers, readers = (
            tuple(role for role in wanted if role in roles) for wanted in (self.owners, self.strangers, self.readers)
        )
        return replace(self, owners=owners, strangers=strangers, readers=readers)


def sequences(cast: Cast, length: int) -> SearchStrategy[Sequence]:
    """Sequences of so many steps that mostly mean something: what was made comes back, is in the way, is gone."""

    @st.composite
    def drawn(draw: DrawFn) -> Sequence:
        sketch = _Sketch(cast)
        for _ in range(length):
            ways = [steps for way in _WAYS if (steps := list(way(sketch)))]
            sketch.take(draw(st.sampled_from(draw(st.sampled_from(ways)))))
        return tuple(sketch.steps)

    return drawn()


@dataclass
class _Sketch:
    """What would be there after the steps so far, on a target that does as it should: letters by owner and kind."""

    cast: Cast
    steps: list[Step] = field(default_factory=list)
    there: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    removed: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    keys: dict[str, Step] = field(default_factory=dict)

    def homes(self) -> Iterator[tuple[str, str, list[str], list[str]]]:
        """Each owner and kind with the letters of what is there, and of what was removed."""
        for owner in self.cast.owners:
            for kind in self.cast.kinds:
                home = owner, kind
                yield owner, kind, self.there.setdefault(home, []), self.removed.setdefault(home, [])

    def take(self, step: Step) -> None:
        """Add a step, and do what it means."""
        self.steps.append(step)
        if step.by not in self.cast.owners or step.do not in {"create", "rename", "delete"} or step.of:
            return
        home = step.owner, step.kind
        there, removed = self.there[home], self.removed[home]
        new = step.names if step.do == "create" else step.names[1:]
        full = step.do == "create" and 0 < self.cast.room < len(there) + len(new)
        if full or (step.kind == CREATOR and set(new) & set(there)):
            return
        if step.do != "create" and step.names[0] in there:
            there.remove(step.names[0])
            removed.extend(step.names[:1] if step.do == "delete" else ())
        there.extend(new)
        self.removed[home] = [letter for letter in removed if letter not in new]
        if step.under:
            self.keys[step.under] = step


def _creations(sketch: _Sketch) -> Iterator[Step]:
    """Something new, something that was removed, and creators that are there."""
    for owner, kind, there, removed in sketch.homes():
        fresh = [letter for letter in _LETTERS if letter not in there + removed][:1]
        for letter in (*fresh, *removed, *(there if kind == CREATOR else ())):
            yield create(letter, by=owner, kind=kind)


def _creations_under_keys(sketch: _Sketch) -> Iterator[Step]:
    """Something new, or that was removed, under an idempotency key that was not used before, whatever came of it: what another
    body gets under a used one is open.
    """
    label = f"k{sum(step.do == 'create' and bool(step.under) for step in sketch.steps) + 1}"
    for owner, kind, there, removed in sketch.homes():
        fresh = [letter for letter in _LETTERS if letter not in there + removed][:1]
        for letter in (*fresh, *removed):
            yield create(letter, by=owner, kind=kind, under=label)


def _bulks(sketch: _Sketch) -> Iterator[Step]:
    """Two creators in one request, of whatever sort."""
    for owner, kind, _, _ in sketch.homes():
        if kind == CREATOR:
            yield from (create(*pair, by=owner) for pair in combinations(_LETTERS, 2))


def _renames(sketch: _Sketch) -> Iterator[Step]:
    """What is there gets a new name, creators also one that is taken or was removed; what is gone is renamed."""
    for owner, kind, there, removed in sketch.homes():
        for letter in (*there, *(removed if kind != CREATOR else ())):
            taken = (*there, *removed) if kind == CREATOR else ()
            fresh = [new for new in _LETTERS if new not in there + removed][:1]
            yield from (rename(letter, new, by=owner, kind=kind) for new in (*taken, *fresh) if new != letter)


def _deletions(sketch: _Sketch) -> Iterator[Step]:
    """What is there is deleted, and what is gone once more."""
    for owner, kind, there, removed in sketch.homes():
        yield from (delete(letter, by=owner, kind=kind) for letter in (*there, *removed))


def _repeats(sketch: _Sketch) -> Iterator[Step]:
    for label, first in sketch.keys.items():
        yield repeat(label, by=first.by, kind=first.kind)


def _elsewhere(sketch: _Sketch) -> Iterator[Step]:
    for label, first in sketch.keys.items():
        for kind in (CREATOR, CAMPAIGN, PAYOUT_METHOD):
            if kind != first.kind:
                yield elsewhere(label, "e", kind, by=first.by)


def _removed_routes(sketch: _Sketch) -> Iterator[Step]:
    for owner, kind, there, removed in sketch.homes():
        if kind != PAYOUT_METHOD:
            yield from (gone(letter, by=owner, kind=kind) for letter in (*there, *removed))


def _others(sketch: _Sketch) -> Iterator[Step]:
    """Strangers, and those who may only read, try to change what is there; strangers also what is gone."""
    for owner, kind, there, removed in sketch.homes():
        tries = [(by, letter) for by in sketch.cast.strangers if by != owner for letter in (*there, *removed)]
        tries += [(by, letter) for by in sketch.cast.readers if owner == "full" for letter in there]
        for by, letter in tries:
            yield delete(letter, by=by, of=owner, kind=kind)
            yield rename(letter, "s", by=by, of=owner, kind=kind)


def _waits(sketch: _Sketch) -> Iterator[Step]:
    if sketch.cast.clock and sketch.keys:
        yield from (wait(hours) for hours in range(1, _LONGEST_WAIT + 1))


_WAYS: tuple[Callable[[_Sketch], Iterator[Step]], ...] = (
    _creations,
    _deletions,
    _creations,
    _renames,
    _creations_under_keys,
    _bulks,
    _repeats,
    _deletions,
    _elsewhere,
    _others,
    _removed_routes,
    _waits,
)
"""The sorts of steps, the frequent ones more than once."""


def without(sequence: Sequence, start: int, size: int) -> Sequence:
    """A sequence without so many of its steps."""
    return sequence[:start] + sequence[start + size :]


def told(sequence: Sequence) -> str:
    """A sequence in words."""
    return "; ".join(map(str, sequence))
