"""Reading a profile: from TOML to frozen values, with defaults that depend on where the target is.

Every error is a UsageError that lists all that is wrong: the TOML key, what was expected, what was there, what to do.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from goatcheck.errors import UsageError
from goatcheck.profile.address import host_of, is_loopback, is_usable
from goatcheck.profile.named import named
from goatcheck.profile.parts import Call, Fixture, Force, Key, Profile, Waiver
from goatcheck.profile.problems import Trouble, troubles_of
from goatcheck.profile.tls import certificate_troubles, certificates_of
from goatcheck.profile.tokens import shared_tokens, token_of

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PATHS_AND_DATES = ("admin_path", "too_old")
_PLAIN = (
    "name",
    "kind",
    "writes",
    "bursts",
    "requests_per_minute",
    "max_requests",
    "max_creates",
    "timeout",
    "clock",
    "headers",
)
_LOOPBACK_DEFAULTS = {"writes": True, "bursts": True, "requests_per_minute": 0, "max_requests": 0, "max_creates": 500}


def load_profile(path: Path | str, environ: Mapping[str, str], base_url: str | None = None) -> Profile:
    """The profile in the TOML file at `path`, with its keys taken from `environ` or files. A bare name such as "prism" means
    the profile of that name that comes along, unless there is a file called so.

    `base_url` overrides the file's; what is allowed or assumed on loopback only then follows the overriding one.
    Raises UsageError with everything that is wrong.
    """
    path = named(path)
    data = _plain_values(_read(path))
    if base_url is not None:
        _check_option(base_url)
        target = data.setdefault("target", {})
        if isinstance(target, dict):
            target["base_url"] = base_url
    troubles = troubles_of(data) or _unusable_urls(data["target"]) or _not_for_live(data)
    if troubles:
        raise _refusal(path, troubles)
    tokens: dict[str, str] = {}
    loopback = is_loopback(data["target"]["base_url"])
    for name, key in data.get("keys", {}).items():
        token = token_of(name, key, folder=path.parent, environ=environ, loopback=loopback)
        if isinstance(token, Trouble):
            troubles.append(token)
        else:
            tokens[name] = token
    troubles += shared_tokens(tokens)
    certificates = certificates_of(data["target"], path.parent)
    troubles += certificate_troubles(certificates)
    if troubles:
        raise _refusal(path, troubles)
    return _profile(data, tokens, certificates)


def loopback_profile(base_url: str) -> Profile:
    """The profile of a target of which only the base URL is known: no keys, no fixtures, the defaults of its host.

    Raises UsageError where the URL can't be used.
    """
    _check_option(base_url)
    return _profile({"target": {"base_url": base_url}}, {})


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"The profile {path} does not exist. Check the path, or write one with: goatcheck init {path}"
        ) from None
    except IsADirectoryError:
        raise UsageError(f"The profile {path} is a folder. Name the TOML file in it.") from None
    except OSError as error:
        raise UsageError(
            f"The profile {path} can't be read: {error.strerror}. Check the path and its rights."
        ) from None
    if content.startswith(_BOM):
        raise UsageError(
            f"The profile {path} starts with a byte order mark, which TOML does not allow. Save it as UTF-8 without one."
        )
    try:
        return tomllib.loads(content.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        guess = ", it looks like UTF-16" if content.startswith(_UTF_16) else ""
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"The profile {path} is not UTF-8 (line {line}, byte {error.start} of the file{guess}). Save it as UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"The profile {path} is no TOML: {error}. Correct that place; text values need quotes."
        ) from None


def _plain_values(value: Any) -> Any:
    """The data of a TOML file as JSON has it: dates as text; None for infinity and nan, which pass every bound."""
    if isinstance(value, dict):
        return {name: _plain_values(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain_values(item) for item in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _check_option(base_url: str) -> None:
    target = {"base_url": base_url}
    for trouble in troubles_of({"target": target}) or _unusable_urls(target):
        got = trouble.got
        raise UsageError(
            str(
                Trouble(
                    "--base-url", trouble.expected, got, "Write, for example, --base-url http://127.0.0.1:8080/api/v1"
                )
            )
        )


def _unusable_urls(target: Mapping[str, Any]) -> list[Trouble]:
    expected = "a URL with a host, and a port from 1 to 65535 or none"
    return [
        Trouble(f"target.{name}", expected, f'"{target[name]}"', "Correct it.")
        for name in ("base_url", "clock")
        if name in target and not is_usable(target[name])
    ]


def _not_for_live(data: Mapping[str, Any]) -> list[Trouble]:
    if "cannot" not in data or data["target"].get("kind") == "mock":
        return []
    advice = "What a live target breaks can be waived: [[waivers]]"
    return [Trouble("cannot", 'a mock, that is kind = "mock" in [target]', "a live target", advice)]


def _refusal(path: Path, troubles: Sequence[Trouble]) -> UsageError:
    count = "one problem" if len(troubles) == 1 else f"{len(troubles)} problems"
    return UsageError("\n".join([f"The profile {path} has {count}:", *(f"  - {trouble}" for trouble in troubles)]))


def _profile(
    data: Mapping[str, Any], tokens: Mapping[str, str], certificates: Mapping[str, str] = MappingProxyType({})
) -> Profile:
    """The frozen profile of data that is valid; `tokens` are its keys by name, `certificates` its files by member."""
    target, fixtures = data["target"], data.get("fixtures", {})
    base_url = target["base_url"].rstrip("/")
    given = {name: target[name] for name in _PLAIN if name in target}
    return Profile(
        base_url=base_url,
        **{"name": host_of(base_url), **(_LOOPBACK_DEFAULTS if is_loopback(base_url) else {}), **given, **certificates},
        keys=tuple(_key(name, table, tokens[name]) for name, table in data.get("keys", {}).items()),
        fixtures={name: _fixture(value) for name, value in fixtures.items() if name not in _PATHS_AND_DATES},
        **{name: fixtures[name] for name in _PATHS_AND_DATES if name in fixtures},
        force=_force(data["force"]) if "force" in data else None,
        cannot=data.get("cannot", {}),
        not_applicable=data.get("not_applicable", {}),
        accept_untried=data.get("accept_untried", {}),
        waivers=tuple(_waiver(table) for table in data.get("waivers", ())),
    )


def _key(name: str, table: Mapping[str, Any], token: str) -> Key:
    known = {member: table[member] for member in ("org", "state", "burst") if member in table}
    return Key(name, token, scopes=tuple(sorted(table.get("scopes", ("read", "write")))), **known)


def _force(table: Mapping[str, Any]) -> Force:
    calls = {name: Call(**table[name]) for name in ("before", "after") if name in table}
    lists = {name: tuple(table[name]) for name in ("media_types", "markers") if name in table}
    return Force(**{**table, **calls, **lists})


def _fixture(value: str | Mapping[str, Any]) -> Fixture:
    return Fixture(value) if isinstance(value, str) else Fixture(value["id"], value.get("expendable", False))


def _waiver(table: Mapping[str, Any]) -> Waiver:
    until = dt.date.fromisoformat(table["until"]) if "until" in table else None
    return Waiver(table["requirement"], table["reason"], table.get("operation", ""), until)
