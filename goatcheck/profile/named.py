"""The profiles that come along: found by name, so that `--profile prism` is enough."""

from __future__ import annotations

from pathlib import Path

from goatcheck.errors import UsageError
from goatcheck.profile.problems import did_you_mean
from goatcheck.rooms import room


def names() -> tuple[str, ...]:
    """The names of the profiles that come along."""
    return tuple(sorted(path.stem for path in room("profiles").glob("*.toml")))


def named(profile: Path | str) -> Path:
    """The file that a profile is in: the path itself, or for a bare name (no folder, no suffix) the one that comes along.

    Raises UsageError for a bare name that is neither a file nor one of those.
    """
    path = Path(profile)
    if str(path) != path.stem or path.exists():
        return path
    if path.stem not in names():
        raise UsageError(
            f"There is no profile {path}: no file is called so, and none of that name comes along. "
            f"{did_you_mean(path.stem, names())} Or write one with: goatcheck init {path}.toml"
        )
    return room("profiles") / f"{path.stem}.toml"
