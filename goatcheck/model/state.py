"""What a world knows: orgs, users, keys and their resources, as frozen values in tables that change."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from goatcheck.exchange import Response

DAY = 86_400


@dataclass(frozen=True)
class Plan:
    """What an org may use: requests per UTC day, days of history, and the maximum for each limit key."""

    daily_requests: int
    retention_days: int
    caps: Mapping[str, int]


@dataclass(frozen=True)
class Org:
    """An organisation: whose resources no other org sees."""

    id: str
    name: str
    plan: Plan
    banned: bool = False


@dataclass(frozen=True)
class User:
    """The person who made a key."""

    id: str
    banned: bool = False


@dataclass(frozen=True)
class ApiKey:
    """A key: its secret `token`, scopes, and the Unix time from which it is expired (None for never)."""

    name: str
    token: str = field(repr=False)
    org_id: str
    user_id: str
    scopes: frozenset[str]
    expires_at: float | None = None


@dataclass(frozen=True)
class Project:
    """A project of an org."""

    id: str
    org_id: str
    order: int
    name: str


@dataclass(frozen=True)
class Creator:
    """A tracked account. A removed one stays, so that its handle can come back under the same id."""

    id: str
    org_id: str
    project_id: str
    order: int
    handle: str
    tracking_mode: str
    tracking_start_date: str
    readme: str | None = None
    removed: bool = False


@dataclass(frozen=True)
class Video:
    """A video of a creator."""

    id: str
    org_id: str
    project_id: str
    creator_id: str
    order: int
    views: int


@dataclass(frozen=True)
class Item:
    """A member of a campaign: `kind` is creator, video or campaign."""

    id: str
    kind: str
    item_id: str


@dataclass(frozen=True)
class Campaign:
    """A campaign with its members; `created_at` and `target_at` are RFC 3339 times."""

    id: str
    org_id: str
    project_id: str
    order: int
    name: str
    created_at: str
    readme: str | None = None
    target_views: float | None = None
    target_at: str | None = None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class PayoutMethod:
    """A way of paying out; a seeded one is the default that came with the org."""

    id: str
    org_id: str
    order: int
    name: str
    seeded: bool = False


@dataclass(frozen=True)
class Remembered:
    """The first answer under an idempotency key: what was asked, when (Unix seconds), and the answer."""

    template: str
    path: str
    body: bytes
    at: float
    response: Response


@dataclass(eq=False)
class State:
    """Everything that changes. Resources by id, keys by token; `random` makes the ids.

    `usage` holds each org's last UTC day (days since 1970) with its requests, `windows` the times of each token's
    requests, `remembered` the first answers by org id and idempotency key. `lock` guards one step.
    """

    random: Random
    orgs: dict[str, Org] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    creators: dict[str, Creator] = field(default_factory=dict)
    videos: dict[str, Video] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    payout_methods: dict[str, PayoutMethod] = field(default_factory=dict)
    usage: dict[str, tuple[int, int]] = field(default_factory=dict)
    windows: dict[str, deque[float]] = field(default_factory=dict)
    remembered: dict[tuple[str, str], Remembered] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _order: int = 0

    def new_id(self) -> str:
        """A fresh uuid, the same for the same seed and history."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def next_order(self) -> int:
        """The next place in the order of creation, in which lists are told."""
        self._order += 1
        return self._order


def today(now: float) -> dt.date:
    """The UTC date of a Unix time."""
    return dt.datetime.fromtimestamp(now, dt.UTC).date()


def timestamp(now: float) -> str:
    """A Unix time as RFC 3339 in UTC, to the millisecond."""
    return dt.datetime.fromtimestamp(now, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
