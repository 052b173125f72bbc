"""What a requirement needs of a profile, and what to add where it is not there.

The tokens are those of `Requirement.needs`: ``role:NAME``, ``roles:NAME:COUNT`` (of one org), ``roles-of-org:NAME`` (another
active key of that key's org), ``fixture:NAME``, ``writes``, ``bursts``, ``clock``, ``force`` and ``stateful``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from goatcheck.profile.parts import Profile
from goatcheck.profile.template import CLOCK_LINES, FIXTURE_LINES, FORCE_LINES, ROLE_LINES

_ROLES = {
    "reader": "an active key with exactly the scope read",
    "writer-only": "an active key with exactly the scope write",
    "full": "an active key of the org main with read and write",
    "foreign": "an active key of another org with read and write",
    "capped": "a key of an org with a low creator cap",
    "spent": "a key of an org whose daily quota is used up",
    "expired": "an expired key",
    "revoked": "a key that was revoked",
    "banned": "a key of a banned org",
    "burst": "an active key that may spend its minute",
}


@dataclass(frozen=True)
class Missing:
    """What a profile lacks: a short sentence, and the TOML lines that would add it, "" where none could."""

    reason: str
    add: str


def missing(need: str, profile: Profile) -> Missing | None:
    """What the profile lacks of a need, or None where it has it. Raises KeyError for a need that does not exist."""
    kind, _, rest = need.partition(":")
    return _NEEDS[kind](rest, profile)


def lacking(needs: Iterable[str], profile: Profile) -> dict[str, Missing]:
    """What the profile lacks of several needs. Where a mock knows no state nothing added would help, so nothing is asked for."""
    found = {need: lack for need in needs if (lack := missing(need, profile)) is not None}
    if "stateful" in found:
        return {need: replace(lack, add="") for need, lack in found.items() if need in _OF_THE_TARGET}
    return found


def merged(additions: Iterable[str]) -> str:
    """The TOML lines of several `Missing.add` as one text to paste: each table once, each line in it once, blank lines between."""
    tables: dict[str, dict[str, None]] = {}
    for block in "\n\n".join(filter(None, additions)).split("\n\n"):
        head, *lines = block.splitlines() or [""]
        tables.setdefault(head, {}).update(dict.fromkeys(lines))
    return "\n\n".join("\n".join([head, *lines]) for head, lines in tables.items())


def _role(role: str, profile: Profile) -> Missing | None:
    description = _ROLES[role]
    return (
        None if profile.with_role(role) else Missing(f"The profile has no {role} key: {description}.", ROLE_LINES[role])
    )


def _roles(rest: str, profile: Profile) -> Missing | None:
    role, _, count = rest.partition(":")
    lines = ROLE_LINES[role].replace(f"[keys.{role}]", f"[keys.second-{role}]")
    lines = lines.replace(f"GOAT_{role.upper()}", f"GOAT_SECOND_{role.upper()}")
    most = max(Counter(key.org for key in profile.with_role(role)).values(), default=0)
    return None if most >= int(count) else Missing(f"The profile has no {count} {role} keys of one org.", lines)


def _neighbour(role: str, profile: Profile) -> Missing | None:
    first = next(iter(profile.with_role(role)), None)
    if first and any(key.org == first.org and key.state == "active" and key != first for key in profile.keys):
        return None
    lines = f'[keys.neighbour]\ntoken_env = "GOAT_NEIGHBOUR"\norg = "{first.org if first else "main"}"'
    if first:
        return Missing(f"The profile has no second active key of the org of the {role} key.", lines)
    return Missing(f"The profile has no {role} key, and none beside it in its org.", f"{ROLE_LINES[role]}\n\n{lines}")


def _fixture(name: str, profile: Profile) -> Missing | None:
    lines = f"[fixtures]\n{FIXTURE_LINES[name]}"
    if name == "default_payout_method":
        fixture = profile.fixtures.get(name)
        there = fixture is not None and fixture.expendable
        return (
            None if there else Missing("The profile has no default payout method that a run may try to delete.", lines)
        )
    there = bool({"admin_path": profile.admin_path, "too_old": profile.too_old}.get(name) or name in profile.fixtures)
    return None if there else Missing(f"The profile has no fixture {name}.", lines)


def _writes(_: str, profile: Profile) -> Missing | None:
    return None if profile.writes else Missing("The profile does not allow writes.", "[target]\nwrites = true")


def _bursts(_: str, profile: Profile) -> Missing | None:
    return None if profile.bursts else Missing("The profile does not allow bursts.", "[target]\nbursts = true")


def _clock(_: str, profile: Profile) -> Missing | None:
    return None if profile.clock else Missing("The target has no clock that can be moved.", f"[target]\n{CLOCK_LINES}")


def _force(_: str, profile: Profile) -> Missing | None:
    return None if profile.force else Missing("The target can't be told which error to answer with.", FORCE_LINES)


def _stateful(_: str, profile: Profile) -> Missing | None:
    return Missing("The target is a mock that knows no state.", "") if profile.kind == "mock" else None


_OF_THE_TARGET = frozenset({"stateful", "clock", "force"})
"""Needs that a target meets by what it is, whatever the profile adds."""

_NEEDS: dict[str, Callable[[str, Profile], Missing | None]] = {
    "role": _role,
    "roles": _roles,
    "roles-of-org": _neighbour,
    "fixture": _fixture,
    "writes": _writes,
    "bursts": _bursts,
    "clock": _clock,
    "force": _force,
    "stateful": _stateful,
}
