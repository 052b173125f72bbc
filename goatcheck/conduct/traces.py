"""Whether a refused write took effect all the same: each attempt carries a name of its own, which must not turn up."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from goatcheck.conduct.resources import KINDS, Made, names_in
from goatcheck.conduct.workshop import Workshop

if TYPE_CHECKING:
    from goatcheck.conduct.answer import Answer
    from goatcheck.exchange import Request
    from goatcheck.profile.parts import Key


def everything(workshop: Workshop, key: Key) -> frozenset[str]:
    """Every text in every list that the key sees, in lower case."""
    return frozenset(text.lower() for kind in KINDS for item in workshop.listed(kind, key) for text in texts_in(item))


def must_have_no_effect(workshop: Workshop, answer: Answer, there: Collection[str]) -> bool:
    """Judge a refused write by what is `there` afterwards: nothing that it asked for, and all that it aimed at."""
    found = _effect(workshop, answer, there)
    return answer.must(
        ok=not found, message=f"the refused request took effect: {found}", expected="nothing changed", got=found
    )


def _effect(workshop: Workshop, answer: Answer, there: Collection[str]) -> str:
    number = answer.exchange.number
    request = answer.exchange.request
    if request.method in {"PATCH", "DELETE"}:
        victim = workshop.made.get(request.path.rsplit("/", 1)[-1])
        # what another request removed, before or after this one, is missing for a reason of its own
        missing = victim and victim.name.lower() not in there and not _listed_now(workshop, victim)
        if victim and missing and workshop.removed.setdefault(victim.id, number) == number:
            return f"the {victim.kind} {victim.name} is not there any more, or not by that name"
    asked = {text.lstrip("@").lower() for text in _asked(request, workshop.marker)}
    left = {text for text in asked if text.startswith(workshop.marker) and text in there}
    if left:  # what another request made by that name, before or after this one, is there for a reason of its own
        left -= {made.name.lower() for made in workshop.made.values() if made.number != number}
    return f"{', '.join(sorted(left))} is there" if left else ""


def _listed_now(workshop: Workshop, made: Made) -> bool:
    """Whether a list shows it by now: one that lags says nothing of a thing that was made just before."""
    items = workshop.listed(made.kind, made.owner, fresh=True)
    return made.name.lower() in {text.lower() for item in items for text in texts_in(item)}


def _asked(request: Request, marker: str) -> Iterator[str]:
    """Every text that a body asks for; of one that is no JSON, every name of this run that can be read in it."""
    if request.document.problem:
        yield from names_in(request.body or b"", marker)
    yield from texts_in(request.document.value)


def texts_in(value: Any) -> Iterator[str]:
    """Every string that is a value somewhere in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from texts_in(member)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
