"""What has a path template, found by the paths that it is of, however much there is of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, Generic, Protocol, TypeVar


class Placed(Protocol):
    """What has a path template, such as ``/creators/{id}``."""

    @property
    def template(self) -> str:
        """The template, which starts with a slash."""
        ...


P = TypeVar("P", bound=Placed)

_REMEMBERED = 1000
"""Paths that are remembered: most of those that are asked for come again."""

_Form = tuple[Callable[[Sequence[str]], Any], frozenset[int], dict[Any, list[P]]]
"""Templates that have their parameters at the same steps: what takes the others of a path, which steps the parameters are, and the
things by the others.
"""


class Places(Generic[P]):
    """Things by the steps of their templates that are no parameters. A look-up asks once for each way in which templates of as
    many steps have parameters, and not once for each thing.
    """

    def __init__(self, things: Iterable[P]) -> None:
        found: dict[tuple[int, tuple[int, ...]], dict[Any, list[P]]] = {}
        for thing in things:
            steps = thing.template.split("/")
            # before the first slash there is nothing, and so no parameter
            fixed = (0, *(number for number, step in enumerate(steps) if number and not step.startswith("{")))
            found.setdefault((len(steps), fixed), {}).setdefault(itemgetter(*fixed)(steps), []).append(thing)
        self._forms: dict[int, list[_Form[P]]] = {}
        for (length, fixed), alike in sorted(found.items(), key=lambda form: -len(form[0][1])):
            free = frozenset(range(length)).difference(fixed)
            self._forms.setdefault(length, []).append((itemgetter(*fixed), free, alike))

        self._known: dict[str, list[P]] = {}

    def on(self, path: str) -> list[P]:
        """The things whose template a path is of, those with fewer parameters first; no parameter is empty."""
        known = self._known.get(path)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[path] = known = self._found(path)
        return known

    def _found(self, path: str) -> list[P]:
        steps = path.split("/")
        forms = self._forms.get(len(steps), ())
        if "" in steps[1:]:
            empty = {number for number, step in enumerate(steps) if not step}
            forms = [form for form in forms if form[1].isdisjoint(empty)]
        return [thing for fixed, _, alike in forms for thing in alike.get(fixed(steps), ())]
