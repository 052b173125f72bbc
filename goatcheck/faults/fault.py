"""What a fault is: a small named change of a world, and the requirements that have to notice it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from goatcheck.model.world import World

Change = Callable[[World], World]
"""Turns a world into one that answers otherwise; the state stays the same, and what the change itself remembers is fresh."""


@dataclass(frozen=True)
class Fault:
    """One way in which a back end breaks the contract.

    `breaks` are the ids of the requirements that must turn red (fail, or warn for a SHOULD), `may` at most five that
    can't help turning red with them. `summary` completes "a back end where …". `needs` names what a profile has to have for the
    fault to show at all: "force" where only an answer on demand is changed, "clock" where hours must pass, "creates" where dozens of things are made,
    "requests" where it shows only in what is sent when requests are free.
    """

    name: str
    summary: str
    breaks: tuple[str, ...]
    apply: Change
    may: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
