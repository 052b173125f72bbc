"""Going on with a run that was cut short: the same target, contract and seed, and what its journal says was not finished."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from goatcheck.conduct.earlier import Earlier
from goatcheck.conduct.journal import read_journal
from goatcheck.errors import UsageError

EMBEDDED = "embedded mock"
"""The name of the target where none was given."""

_MAY_DIFFER = {"max_requests", "max_creates"}
_OF_THE_PORT = {"base_url", "clock"}


def earlier_of(path: Path) -> Earlier:
    """What a journal says of how far its run came. Raises UsageError where it is no journal, or damaged."""
    journal = read_journal(path)
    try:
        return Earlier.of(journal)
    except (KeyError, TypeError) as error:
        raise UsageError(f"{path} is a journal of another goatcheck, or damaged: {error!r}") from error


def refuse_another(what: str, given: object, header: Mapping[str, Any], option: str) -> None:
    """Raises UsageError where something other than the journal's was asked for; None asks for nothing."""
    if given is not None and given != header[what]:
        raise UsageError(
            f"--resume: the run had the {what} {header[what]}, and {option} says {given}. Leave out {option}, or start anew."
        )


def refuse_another_profile(now: Mapping[str, Any], header: Mapping[str, Any]) -> None:
    """Raises UsageError where a profile (as data) is not the one that the run began with."""
    then, now = header["profile"], json.loads(json.dumps(now))
    passed_over = _MAY_DIFFER | (_OF_THE_PORT if then["name"] == now["name"] == EMBEDDED else set())
    other = sorted(
        name for name in then.keys() | now.keys() if name not in passed_over and then.get(name) != now.get(name)
    )
    if other:
        raise UsageError(
            f"--resume: the run was one of {then['base_url']} with another profile ({', '.join(other)} differ). "
            "Name the profile that it began with, or start anew."
        )
