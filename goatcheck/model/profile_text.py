"""A profile as TOML text: what a user would write to have a world tested."""

from __future__ import annotations

import json
from collections.abc import Iterator

from goatcheck.model.world import World
from goatcheck.profile.parts import Profile


def profile_toml(world: World, base_url: str, clock_url: str) -> str:
    """The profile of a world that is served at `base_url`, its clock at `clock_url` ("" for none). Holds the keys themselves."""
    return "\n".join(_lines(world.profile, base_url, clock_url)) + "\n"


def _lines(profile: Profile, base_url: str, clock_url: str) -> Iterator[str]:
    yield "[target]"
    yield f"name = {_toml(profile.name)}"
    yield f"base_url = {_toml(base_url)}"
    yield f"kind = {_toml(profile.kind)}"
    yield f"writes = {_toml(profile.writes)}"
    yield f"bursts = {_toml(profile.bursts)}"
    yield f"requests_per_minute = {profile.requests_per_minute}"
    yield f"max_requests = {profile.max_requests}"
    yield f"max_creates = {profile.max_creates}"
    if clock_url:
        yield f"clock = {_toml(clock_url)}"
    for key in profile.keys:
        yield from (
            "",
            f"[keys.{_toml(key.name)}]",
            f"token = {_toml(key.token)}",
            f"scopes = {_toml(list(key.scopes))}",
        )
        yield from (f"org = {_toml(key.org)}", f"state = {_toml(key.state)}", f"burst = {_toml(key.burst)}")
    yield from ("", "[fixtures]")
    for name, fixture in profile.fixtures.items():
        plain = _toml(fixture.id)
        yield f"{name} = {{ id = {plain}, expendable = true }}" if fixture.expendable else f"{name} = {plain}"
    if profile.admin_path:
        yield f"admin_path = {_toml(profile.admin_path)}"
    if profile.too_old:
        yield f"too_old = {_toml(profile.too_old)}"
    if profile.force:
        yield from ("", "[force]", f"header = {_toml(profile.force.header)}", f"value = {_toml(profile.force.value)}")


def _toml(value: object) -> str:
    """Texts, booleans and lists of texts: TOML writes them as JSON does, but for DEL."""
    return json.dumps(value).replace("\x7f", "\\u007f")
