"""All faults by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from goatcheck.errors import UsageError
from goatcheck.faults import (
    bulk,
    caps,
    company,
    conflicts,
    daily,
    elsewhere,
    envelope,
    exports,
    failures,
    forms,
    gone,
    handles,
    keys,
    limits,
    lookup,
    malformed,
    oddities,
    precedence,
    rarely,
    refusals,
    repetitions,
    requests,
    retention,
    scopes,
    sequences,
    spellings,
    states,
    statuses,
    strangers,
    success,
    validation,
    window,
    windows,
)
from goatcheck.faults.fault import Fault
from goatcheck.model.world import World

_THEMES = (
    envelope,
    requests,
    statuses,
    validation,
    refusals,
    keys,
    malformed,
    limits,
    caps,
    retention,
    scopes,
    lookup,
    strangers,
    gone,
    conflicts,
    repetitions,
    handles,
    bulk,
    window,
    windows,
    daily,
    elsewhere,
    exports,
    forms,
    precedence,
    failures,
    oddities,
    success,
    sequences,
    spellings,
    states,
    company,
    rarely,
)


@cache
def catalogue() -> Mapping[str, Fault]:
    """Every fault by its name, in the order of the contract's sections."""
    faults = [fault for theme in _THEMES for fault in theme.FAULTS]
    found = {fault.name: fault for fault in faults}
    if len(found) < len(faults):
        raise AssertionError("two faults have one name")
    return MappingProxyType(found)


def broken_world(world: World, names: Iterable[str]) -> World:
    """The world with these faults. Raises UsageError for a name that is none."""
    known = catalogue()
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, n=3))
            raise UsageError(f"There is no fault {name!r}." + (f" Did you mean {near}?" if near else ""))
        world = known[name].apply(world)
    return world
