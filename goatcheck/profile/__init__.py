"""The profile: what a target offers to a run, read from TOML into frozen values."""

from goatcheck.profile.loading import load_profile, loopback_profile
from goatcheck.profile.needs import Missing, lacking, merged, missing
from goatcheck.profile.parts import Call, Fixture, Force, Key, Profile, Waiver

__all__ = [
    "Call",
    "Fixture",
    "Force",
    "Key",
    "Missing",
    "Profile",
    "Waiver",
    "lacking",
    "load_profile",
    "loopback_profile",
    "merged",
    "missing",
]
