"""What a profile says of a target, as frozen values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Key:
    """One key of the profile. `token` is the secret itself and shows in no repr; `scopes` sorted; `org` "" where unwritten
    means "main"; `state` is active, expired, revoked, banned, capped or spent.
    """

    name: str
    token: str = field(repr=False)
    scopes: tuple[str, ...] = ("read", "write")
    org: str = "main"
    state: str = "active"
    burst: bool = False

    @cached_property
    def role(self) -> str:
        """What the suites use it for: reader, writer-only, full, foreign or burst, or what its state is; "" for none."""
        if self.state != "active":
            return self.state
        if self.burst:
            return "burst"
        if self.scopes == ("read",):
            return "reader"
        if self.scopes == ("write",):
            return "writer-only"
        if {"read", "write"} <= set(self.scopes):
            return "full" if self.org == "main" else "foreign"
        return ""


@dataclass(frozen=True)
class Fixture:
    """Something that exists on the target: its id, and whether the run may delete it."""

    id: str
    expendable: bool = False


@dataclass(frozen=True)
class Call:
    """A request to a mock's own door, which puts it into a state. `url` is absolute, or a path of the target's origin; it and
    `body` are templates. No key goes with it.
    """

    url: str
    method: str = "POST"
    body: str = ""


@dataclass(frozen=True)
class Force:
    """How a mock is told to answer. Texts are templates with `{status}`, `{variant}` and `{code}`.

    `header` or `query` names what `value` is sent in. `path` is the URL that has each variant, relative to the base URL, and
    `paths` those of single variants, which win; "" and nothing where the operations themselves are asked. `before` is called
    before an answer on demand, `after` once it has come. An answer of one of `media_types`, or with one of `markers` in its
    headers or body, is an error of the mock's own: it could not do what it was told.
    """

    header: str = ""
    value: str = ""
    query: str = ""
    path: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)
    before: Call | None = None
    after: Call | None = None
    media_types: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()

    @property
    def has_urls(self) -> bool:
        """Whether each variant has a URL of its own, so that no operation is asked."""
        return bool(self.path or self.paths)


@dataclass(frozen=True)
class Waiver:
    """A broken requirement that is known and listed; `operation` "" means all, `until` is the last day (UTC)."""

    requirement: str
    reason: str
    operation: str = ""
    until: dt.date | None = None


@dataclass(frozen=True)
class Profile:
    """What a target offers. Times are seconds; `requests_per_minute` 0 means no pacing, `max_requests` 0 no bound. `ca_file`,
    `client_cert` and `client_key` are absolute paths, "" for none. `cannot` are the requirements that a mock's own answers can't meet, each with the reason.
    """

    base_url: str
    name: str = "target"
    kind: str = "live"
    writes: bool = False
    bursts: bool = False
    requests_per_minute: int = 50
    max_requests: int = 600
    max_creates: int = 20
    timeout: float = 10.0
    clock: str = ""
    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    fixtures: Mapping[str, Fixture] = field(default_factory=dict)
    admin_path: str = ""
    too_old: str = ""
    force: Force | None = None
    cannot: Mapping[str, str] = field(default_factory=dict)
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    accept_untried: Mapping[str, str] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def fixture_ids(self) -> frozenset[str]:
        """The ids of all fixtures, in lower case."""
        return frozenset(fixture.id.lower() for fixture in self.fixtures.values())

    def with_role(self, role: str) -> tuple[Key, ...]:
        """The keys of a role, in the order of the file."""
        return tuple(key for key in self.keys if key.role == role)

    def key(self, name: str) -> Key | None:
        """The key of that name, or None."""
        return next((key for key in self.keys if key.name == name), None)
