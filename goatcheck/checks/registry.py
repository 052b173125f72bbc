"""The checks that are functions, by the requirement that they judge: data, filled by `@observed` as modules load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from goatcheck.checks.view import Reads, View
from goatcheck.exchange import Problem

Check = Callable[[View], tuple[Problem, ...] | None]
"""Judges one requirement by one exchange: the problems found, none where it held, None where it does not apply."""

ERRORS = "[4-9][0-9][0-9]*"
"""Every response of status 400 and up."""

SUCCESSES = "2xx"
"""Every response of a status from 200 to 299."""

ANSWERS = "*"
"""Every response."""


@dataclass(frozen=True)
class Observed:
    """A check with its place: `on` is a pattern of labels (see `label`), `reads` how far it sees into a response, and
    `relates` whether it relates the answer to the request, so that an answer made on demand says nothing. `alone` is true for one
    that looks at nothing but the answer: what it says of one it says of all that are alike.
    """

    check: Check
    on: str
    reads: Reads
    relates: bool
    alone: bool


CHECKS: dict[str, Observed] = {}
"""Every check that is a function, by the id of its requirement."""


def observed(
    *requirements: str, on: str, reads: Reads = Reads.META, relates: bool = False, alone: bool = True
) -> Callable[[Check], Check]:
    """Register a function as the check of one or more requirements. What relates answer and request is never `alone`."""

    def register(check: Check) -> Check:
        CHECKS.update(dict.fromkeys(requirements, Observed(check, on, reads, relates, alone and not relates)))
        return check

    return register


def fits(label: str, pattern: str) -> bool:
    """Whether a label is one that a pattern means: "402.limit", "402.*" (also a plain "402"), or one of the above."""
    return fnmatchcase(label, pattern) or (pattern.endswith(".*") and label == pattern[:-2])
