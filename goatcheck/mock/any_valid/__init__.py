"""The mock in any valid form: one of the many servers that keep the contract, chosen by a seed.

What the documents leave open is decided by the seed, once for a world; what they leave free from answer to answer (texts,
further members of `meta`) is drawn for each. A suite that accuses such a server is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from goatcheck.mock.any_valid.bodies import Bodies
from goatcheck.mock.any_valid.changes import Choice, sorted_endings
from goatcheck.mock.any_valid.leniency import LENIENCY
from goatcheck.mock.any_valid.liberties import LIBERTIES
from goatcheck.mock.any_valid.limits import LIMITS
from goatcheck.mock.any_valid.order import ORDER
from goatcheck.mock.any_valid.shapes import SHAPES
from goatcheck.mock.any_valid.wire import WIRE
from goatcheck.model.world import World

__all__ = ["DIMENSIONS", "any_valid", "breaks", "choices"]

DIMENSIONS = {**ORDER, **SHAPES, **LENIENCY, **LIMITS, **WIRE, **LIBERTIES}
"""Everything that is open, each with the ways to decide it, in the order in which the decisions are carried out."""


def choices(seed: int) -> dict[str, Choice]:
    """How a seed decides each dimension. Any run of as many seeds as a dimension has ways contains each way at least
    once, where it starts at a multiple of that number; how dimensions meet changes from one such run to the next.
    """
    return {name: _pick(name, ways, seed) for name, ways in DIMENSIONS.items()}


def breaks(seed: int) -> frozenset[str]:
    """The SHOULDs that the world of a seed breaks. It keeps every MUST."""
    return frozenset(name for choice in choices(seed).values() for name in choice.breaks)


def any_valid(world: World, seed: int) -> World:
    """The same world, sharing its state, in the form that the seed chooses."""
    random = Random(f"answers:{seed}")  # noqa: S311 - answers that repeat, no secrets
    rules = world.rules.with_ending("errors", Bodies.of(seed, random).ending)
    for choice in choices(seed).values():
        rules = choice.change(rules, random)
    return replace(world, rules=sorted_endings(rules))


def _pick(name: str, ways: tuple[Choice, ...], seed: int) -> Choice:
    block, place = divmod(seed, len(ways))
    shuffled = Random(f"{name}:{block}").sample(ways, len(ways))  # noqa: S311 - a choice that repeats, no secret
    return shuffled[place]
