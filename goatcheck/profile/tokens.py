"""Where a profile's keys come from: an environment variable, a file, or (on loopback) the profile itself.

Nothing here ever puts a key into a message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from goatcheck.profile.problems import KEY_SOURCES, Trouble, dotted

_USABLE = re.compile(r"[\x21-\x7e]{8,}")
_LOOKS_LIKE_A_KEY = re.compile(r"tga_[0-9a-f]{16,}")
_EXPECTED = "a key of at least 8 visible ASCII characters"


def token_of(
    name: str, key: Mapping[str, Any], *, folder: Path, environ: Mapping[str, str], loopback: bool
) -> str | Trouble:
    """The key itself, or what keeps it from being read. `key` is its table in the profile, already valid against the schema;
    `folder` is where relative paths start; `loopback` says whether the target is on this machine.
    """
    source = next(source for source in KEY_SOURCES if source in key)
    where, given = dotted(("keys", name, source)), str(key[source])
    if source != "token" and _LOOKS_LIKE_A_KEY.match(given):
        return Trouble(
            where, "the name of what holds the key", "a key", "Take the key out of the profile and name its place."
        )
    if source == "token" and not loopback:
        variable = "GOAT_" + re.sub(r"\W", "_", name).upper()
        advice = f'Put it into an environment variable and write token_env = "{variable}"'
        return Trouble(where, "no key in the profile of a target that is not on this machine", "one", advice)
    text = _READERS[source](where, given, folder, environ)
    if isinstance(text, Trouble):
        return text
    if not _USABLE.fullmatch(text.strip()):
        return Trouble(where, _EXPECTED, _ailment(text.strip()), "Look at what it holds.")
    return text.strip()


def _from_environment(where: str, variable: str, _: Path, environ: Mapping[str, str]) -> str | Trouble:
    if not environ.get(variable, "").strip():
        got = "an empty one" if variable in environ else "none"
        return Trouble(where, f"the environment variable {variable}", got, f"Set it: export {variable}=…")
    return environ[variable]


def _from_file(where: str, path: str, folder: Path, _: Mapping[str, str]) -> str | Trouble:
    try:
        return (folder / Path(path).expanduser()).read_text("ascii")
    except UnicodeDecodeError:
        return Trouble(where, _EXPECTED, "a file with other characters", "The file must hold the key and nothing else.")
    except (OSError, RuntimeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "a path that can't be followed"
        return Trouble(
            where, f"a readable file at {path}", reason.lower(), "A relative path starts at the profile's folder."
        )


def _as_written(_where: str, token: str, _folder: Path, _environ: Mapping[str, str]) -> str:
    return token


_READERS = {"token_env": _from_environment, "token_file": _from_file, "token": _as_written}


def _ailment(text: str) -> str:
    if not text:
        return "an empty one"
    return (
        "a shorter one"
        if _USABLE.fullmatch(text.ljust(8, "x"))
        else "one with a space, a line break or another character"
    )


def shared_tokens(tokens: Mapping[str, str]) -> list[Trouble]:
    """What is wrong with keys (by name) that are the same: one trouble for each repetition."""
    first: dict[str, str] = {}
    found = []
    for name, token in tokens.items():
        if token in first:
            other = dotted(("keys", first[token]))
            found.append(
                Trouble(
                    dotted(("keys", name)), "a key of its own", f"the same key as {other}", "Remove one of the two."
                )
            )
        first.setdefault(token, name)
    return found
