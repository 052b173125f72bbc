"""Worlds to test against: the reference one, and one made to fit a profile."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from goatcheck.model.clock import Clock
from goatcheck.model.forced import HEADER
from goatcheck.model.reference import REFERENCE, with_admin
from goatcheck.model.state import (
    DAY,
    ApiKey,
    Campaign,
    Creator,
    Org,
    PayoutMethod,
    Plan,
    Project,
    State,
    User,
    Video,
    timestamp,
    today,
)
from goatcheck.model.world import World
from goatcheck.profile.parts import Fixture, Force, Key, Profile

START = dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC).timestamp()
"""When worlds begin that are given no clock: far from any midnight."""

ROOMY = {
    "max_creators_per_org": 100_000,
    "max_campaigns_per_project": 100_000,
    "max_campaign_items_per_campaign": 1_000,
    "max_payout_methods_per_org": 100_000,
}
TIGHT = dict.fromkeys(ROOMY, 5)
_REQUESTS, _FEW_REQUESTS, _HISTORY = 1_000_000, 1, 365


def reference_world(seed: int = 0, clock: Clock | None = None) -> World:
    """The documented API with every role of key and every fixture; the same ids and keys for the same seed.

    Beyond its profile it has the key "admin" (admin alone), for which there is no role.
    """
    random = Random(seed)  # noqa: S311 - ids that repeat, no secrets
    profile = _reference_profile(random)
    admin = Key("admin", _token(random), ("admin",))
    return _build(profile, (*profile.keys, admin), random, clock or Clock(START))


def rehearsal_world(profile: Profile, clock: Clock | None = None) -> World:
    """A world that holds what a profile claims: its keys, roles, fixtures, admin path and history.

    What the profile leaves out is made up.
    """
    random = Random(profile.name)  # noqa: S311 - ids that repeat, no secrets
    return _build(profile, profile.keys, random, clock or Clock(START))


def _reference_profile(random: Random) -> Profile:
    def key(name: str, scopes: tuple[str, ...] = ("read", "write"), **rest: str) -> Key:
        return Key(name, _token(random), scopes, burst=name == "burst", **rest)

    keys = (
        key("reader", ("read",)),
        key("full"),
        key("writer", ("write",)),
        key("foreign", org="other"),
        key("capped", org="capped", state="capped"),
        key("spent", org="spent", state="spent"),
        key("spent2", org="spent", state="spent"),
        key("expired", state="expired"),
        key("banned_org", org="outlawed", state="banned"),
        key("banned_user", state="banned"),
        key("burst"),
    )
    names = ("project", "capped_project", "foreign_project", "foreign_creator", "foreign_campaign")
    fixtures = {name: Fixture(_id(random)) for name in names}
    fixtures["default_payout_method"] = Fixture(_id(random), expendable=True)
    return Profile(
        base_url="",
        name="reference mock",
        writes=True,
        bursts=True,
        max_requests=0,
        max_creates=500,
        keys=keys,
        fixtures=fixtures,
        admin_path="/admin/health",
        too_old="2019-01-01",
        force=Force(HEADER, "{variant}"),
    )


def _build(profile: Profile, keys: Iterable[Key], random: Random, clock: Clock) -> World:
    state, now = State(random), clock.now()
    by_org: dict[str, list[Key]] = {"main": []}
    for key in keys:
        by_org.setdefault(key.org, []).append(key)
    for name, members in by_org.items():
        org = Org(state.new_id(), name, _plan(members, profile, now), banned=_all(members, "banned"))
        state.orgs[org.id] = org
        if any(key.state == "spent" for key in members):
            state.usage[org.id] = (int(now // DAY), org.plan.daily_requests)
        for key in members:
            _add_key(state, org, key, now)
    homes = {org.name: org for org in state.orgs.values()}
    _furnish(state, homes["main"], profile, "", now)
    for role, prefix in (("capped", "capped_"), ("foreign", "foreign_")):
        owners = [key.org for key in keys if key.role == role]
        claimed = any(name.startswith(prefix) for name in profile.fixtures)
        if owners or claimed:
            home = homes[owners[0]] if owners else _nobody(state, role)
            _furnish(state, home, profile, prefix, now)
    rules = with_admin(REFERENCE, profile.admin_path) if profile.admin_path else REFERENCE
    return World(rules, state, clock, replace(profile, base_url="", clock=""))


def _plan(members: list[Key], profile: Profile, now: float) -> Plan:
    """What an org of these keys may use: little of what its keys are said to lack."""
    states = {key.state for key in members}
    history = _HISTORY
    if profile.too_old:
        kept = today(now).toordinal() - dt.date.fromisoformat(profile.too_old).toordinal() - 1
        history = max(0, min(history, kept))
    return Plan(_FEW_REQUESTS if "spent" in states else _REQUESTS, history, TIGHT if "capped" in states else ROOMY)


def _add_key(state: State, org: Org, key: Key, now: float) -> None:
    """A key with a user of its own; a banned one whose org is not banned has a banned user. A revoked one is no key any more."""
    user = User(state.new_id(), banned=key.state == "banned" and not org.banned)
    state.users[user.id] = user
    if key.state == "revoked":
        return  # it is as if it had never been issued
    expires = now - DAY if key.state == "expired" else None
    state.keys[key.token] = ApiKey(key.name, key.token, org.id, user.id, frozenset(key.scopes), expires)


def _nobody(state: State, name: str) -> Org:
    """An org without keys, for fixtures whose owner the profile does not name."""
    org = Org(state.new_id(), name, Plan(_REQUESTS, _HISTORY, TIGHT if name == "capped" else ROOMY))
    state.orgs[org.id] = org
    return org


def _furnish(state: State, org: Org, profile: Profile, prefix: str, now: float) -> None:
    """A project with creators, videos, campaigns and the default payout method, under the profile's ids where it has them."""

    def known(name: str) -> str:
        fixture = profile.fixtures.get(prefix + name)
        return fixture.id.lower() if fixture else state.new_id()

    start = today(now).isoformat()
    project = Project(known("project"), org.id, state.next_order(), f"{org.name} project")
    state.projects[project.id] = project
    for creator_id, handle in ((known("creator"), "first.seeded"), (state.new_id(), "second.seeded")):
        place, video_id = state.next_order(), state.new_id()
        creator = Creator(creator_id, org.id, project.id, place, handle, "auto", start)
        state.creators[creator.id] = creator
        state.videos[video_id] = Video(video_id, org.id, project.id, creator.id, state.next_order(), 100)
    for campaign_id, name in ((known("campaign"), "Spring"), (state.new_id(), "Summer")):
        campaign = Campaign(campaign_id, org.id, project.id, state.next_order(), name, timestamp(now))
        state.campaigns[campaign.id] = campaign
    method = PayoutMethod(known("default_payout_method"), org.id, state.next_order(), "Bank transfer", seeded=True)
    state.payout_methods[method.id] = method


def _all(members: list[Key], wanted: str) -> bool:
    return bool(members) and all(key.state == wanted for key in members)


def _id(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def _token(random: Random) -> str:
    return f"tga_{random.getrandbits(256):064x}"
