"""Removing what killed runs left on a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goatcheck.conduct.resources import Made
from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.errors import TargetGone, Unusable, UsageError
from goatcheck.session import Wanted


@dataclass(frozen=True)
class Cleaned:
    """What was `found`, and sentences on what is `left` or could not be looked at."""

    found: Sequence[Made]
    left: Sequence[str]


def clean(wanted: Wanted, *, dry_run: bool = False) -> Cleaned:
    """Find what runs have left on the target and remove it; `dry_run` only finds it.

    Raises UsageError where the profile does not allow writes, Unusable where the target can't be reached.
    """
    profile = wanted.profile
    if profile is None:
        raise AssertionError("the embedded mock is clean")
    if not (profile.writes or dry_run):
        raise UsageError(
            "target.writes is false, so nothing may be removed. Set it to true, or only look with --dry-run."
        )
    run = Run(wanted.contract, profile, all_checks(), wanted.selected)
    try:
        found = run.sweep(remove=not dry_run)
    except TargetGone as error:
        raise Unusable(str(error)) from None
    return Cleaned(found, run.leftovers)
