"""The API as a pure state machine: what it answers to a request in a state at a time."""

from goatcheck.model.clock import Clock
from goatcheck.model.editions import as_edition
from goatcheck.model.profile_text import profile_toml
from goatcheck.model.reference import REFERENCE
from goatcheck.model.world import Numbers, Rules, World
from goatcheck.model.worlds import reference_world, rehearsal_world

__all__ = [
    "REFERENCE",
    "Clock",
    "Numbers",
    "Rules",
    "World",
    "as_edition",
    "profile_toml",
    "reference_world",
    "rehearsal_world",
]
