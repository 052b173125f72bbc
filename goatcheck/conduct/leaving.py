"""The end of a run on a target: what it made is removed, and what could not be is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from goatcheck.conduct.budget import Budget
from goatcheck.errors import GoatcheckError

if TYPE_CHECKING:
    from goatcheck.conduct.resources import Made
    from goatcheck.conduct.workshop import Workshop
    from goatcheck.profile.parts import Key

Told = Callable[[str], None]
"""Called with a sentence for people about something that is left."""

_GONE = {"404", "410"}
_TRIES = 3
"""So often something is tried to be removed, where a limit or a gateway got in the way."""


def clean_up(workshop: Workshop, told: Told, budget: Budget | None = None) -> None:
    """Remove everything that a run made and that is still there, and tell what could not be removed.

    Each thing has a request of the `budget` kept back for it (None: there is no bound). More are sent only while there are some to spare: again for what something
    unrelated kept from being removed, and to look for what was made without its id being told. Raises KeyboardInterrupt
    when interrupted, after telling what is left.
    """
    budget = budget or Budget(0, 0)
    left: dict[Made, str] = {}
    unknown = _untold(workshop)
    try:
        again = _remove(workshop, workshop.remaining, left)
        while unknown:
            try:
                with budget.keeping():
                    workshop.find_made(*unknown[0])
            except GoatcheckError as error:
                told(_may_be_left(workshop, unknown[0][0], str(error)))
            del unknown[0]
        again += _remove(workshop, [made for made in workshop.remaining if made not in left], left)
        for _ in range(_TRIES - 1):
            again = _remove(workshop, again, left) if again and budget.spare else []
    finally:
        for made, reason in left.items():
            told(f"{made} is left on the target: {reason}")
        for kind, _ in unknown:
            told(_may_be_left(workshop, kind, "looking for it was interrupted"))


def leave(workshop: Workshop, told: Told) -> None:
    """Tell what is left where nothing is removed any more."""
    for made in workshop.remaining:
        told(f"{made} is left on the target: the run was stopped at once")
    for kind, _ in _untold(workshop):
        told(_may_be_left(workshop, kind, "the run was stopped at once"))


def _untold(workshop: Workshop) -> list[tuple[str, Key]]:
    """The kinds, with the keys, of which there may be things that no answer has told, in an order that is always the same."""
    return sorted(workshop.untold, key=lambda unknown: (unknown[0], unknown[1].name))


def _may_be_left(workshop: Workshop, kind: str, why: str) -> str:
    return f"A {kind} whose name starts with {workshop.marker} may be left on the target: {why}"


def _remove(workshop: Workshop, things: Iterable[Made], left: dict[Made, str]) -> list[Made]:
    """Try to remove things; `left` is what remains of them and why. Returns what might go at another try."""
    waiting = list(things)
    again = []
    left.update(dict.fromkeys(waiting, "removing it was interrupted"))
    for made in waiting:
        try:
            answer = workshop.remove(made, cause="clean up", cleaning=True)
        except GoatcheckError as error:
            left[made] = str(error)
            continue
        if answer.succeeded or answer.is_(*_GONE):
            del left[made]
            continue
        left[made] = answer.summary
        if answer.disturbed:
            again.append(made)
    return again
