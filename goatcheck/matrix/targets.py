"""TARGETS.toml: which targets to lay side by side. All that is wrong with it, or with a profile that it names, is told at once
and before anything is sent.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from goatcheck.errors import UsageError
from goatcheck.profile.address import is_loopback
from goatcheck.profile.named import names
from goatcheck.profile.parts import Profile
from goatcheck.profile.problems import Trouble, did_you_mean
from goatcheck.rooms import room

_MEMBERS = {
    "profile": (
        'a profile: the name of one that comes along, or a file as seen from here, as in profile = "staging.toml"'
    ),
    "base_url": 'the base URL to use instead of the profile\'s, as in base_url = "http://127.0.0.1:4010"',
    "label": 'a short text, as in label = "staging"',
}
_PORTS = {"http": 80, "https": 443}
_LONGEST = 60


@dataclass(frozen=True)
class Target:
    """One target: its name in the tables, its profile and base URL as `goatcheck run` takes them ("": that of the profile), the
    origin that it is on, and the folder (a plain name, no other target's) for its reports.
    """

    name: str
    profile: str
    base_url: str
    label: str
    origin: str
    folder: str


def load_targets(path: Path, profile_of: Callable[[Path, str | None], Profile]) -> tuple[Target, ...]:
    """The targets that a file lists, in its order. `profile_of` loads a profile, with another base URL if there is one; what is
    wrong with it comes as UsageError. Raises UsageError with everything that is wrong.
    """
    tables = _read(path).get("targets")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise UsageError(f"{path}: targets: expected a table [[targets]] for each target, got none. {_example()}")
    troubles: list[str] = []
    found: list[Target] = []
    for number, table in enumerate(tables):
        wrong = [str(trouble) for trouble in _troubles(f"targets[{number}]", table)]
        if not wrong:
            try:
                found.append(_target(path, table, profile_of))
            except UsageError as error:
                wrong = [f"targets[{number}].profile: {error}"]
        troubles += wrong
    if troubles:
        raise UsageError(
            "\n".join([f"{path} names targets that can't be judged:", *(f"  - {each}" for each in troubles)])
        )
    return _with_folders(found)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(
            f"{path} can't be read: {error.strerror}. Name a file that lists targets. {_example()}"
        ) from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise UsageError(f"{path} is no TOML: {error}. Correct that place. {_example()}") from error
    if unknown := [name for name in data if name != "targets"]:
        raise UsageError(f"{path}: {unknown[0]}: expected nothing but [[targets]], got an unknown name. {_example()}")
    return data


def _example() -> str:
    return 'Write, for example:\n\n  [[targets]]\n  profile = "staging.toml"\n\n  [[targets]]\n  profile = "prism"'


def _troubles(where: str, table: Mapping[str, Any]) -> list[Trouble]:
    found = [
        Trouble(f"{where}.{name}", "a name that a target knows", "an unknown one", did_you_mean(name, _MEMBERS))
        for name in table
        if name not in _MEMBERS
    ]
    for name, expected in _MEMBERS.items():
        if name in table and (not isinstance(table[name], str) or not table[name].strip()):
            found.append(Trouble(f"{where}.{name}", expected, "no text"))
    if "profile" not in table:
        found.append(Trouble(f"{where}.profile", _MEMBERS["profile"], "nothing"))
    return found


def _target(path: Path, table: Mapping[str, str], profile_of: Callable[[Path, str | None], Profile]) -> Target:
    profile = _profile(path.parent, table["profile"])
    loaded = profile_of(Path(profile), table.get("base_url"))
    label = table.get("label", "")
    return Target(label or loaded.name, profile, table.get("base_url", ""), label, _origin(loaded.base_url), "")


def _profile(folder: Path, wanted: str) -> str:
    """A profile as `goatcheck run` finds it: beside the list, or one that comes along and that no file of the working folder hides."""
    beside = folder / wanted
    if wanted in names() and not beside.exists():
        return wanted if not Path(wanted).exists() else str(room("profiles") / f"{wanted}.toml")
    if Path(wanted).suffix == "" and not beside.exists():
        raise UsageError(
            f"there is no file {beside}, and no profile of that name comes along. {did_you_mean(wanted, names())}"
        )
    return str(beside)


def _origin(base_url: str) -> str:
    """Scheme, host and port of a URL, one text for all ways to write them."""
    parts = urlsplit(base_url)
    host = "loopback" if is_loopback(base_url) else (parts.hostname or "").rstrip(".")
    return f"{parts.scheme}://{host}:{parts.port or _PORTS.get(parts.scheme, 0)}"


def _with_folders(targets: list[Target]) -> tuple[Target, ...]:
    """The targets, each with a folder name of its own that is safe on every file system."""
    taken: set[str] = set()
    named = []
    for target in targets:
        plain = re.sub(r"[^a-z0-9]+", "-", target.name.lower()).strip("-")[:_LONGEST] or "target"
        folder = next(
            name for name in (plain, *(f"{plain}-{n}" for n in range(2, len(targets) + 2))) if name not in taken
        )
        taken.add(folder)
        named.append(replace(target, folder=folder))
    return tuple(named)
