"""Who calls, and whether they may: keys, bans, scopes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from goatcheck.model import answers
from goatcheck.model.call import Answer, Call

if TYPE_CHECKING:
    from goatcheck.model.world import World

_BEARER = re.compile(r"(?i:bearer) +([\x21-\x7e]+)")
_ADMIN = "/admin/"


def refuse_bad_key(world: World, call: Call) -> Answer:
    """401 unless exactly one Authorization header bears a key that was issued and has not expired."""
    sent = [value for name, value in call.request.headers if name.lower() == "authorization"]
    match = _BEARER.fullmatch(sent[0].strip(" \t")) if len(sent) == 1 else None
    key = world.state.keys.get(match[1]) if match else None
    if key is None or (key.expires_at is not None and key.expires_at <= call.now):
        return answers.unauthorized()
    call.key, call.org = key, world.state.orgs[key.org_id]
    return None


def refuse_banned(world: World, call: Call) -> Answer:
    """403 to every call of a banned org or user."""
    return answers.banned() if call.home.banned or world.state.users[call.caller.user_id].banned else None


def refuse_admin_area(_world: World, call: Call) -> Answer:
    """403 to a key without the admin scope on any path of the admin area, served or not."""
    return _missing(call, "admin") if call.request.path.startswith(_ADMIN) else None


def refuse_scope(_world: World, call: Call) -> Answer:
    """403 to a key that lacks the route's scope: read for GET, write for POST, PATCH and DELETE (which is no read)."""
    return _missing(call, call.served.scope)


def _missing(call: Call, scope: str) -> Answer:
    granted = call.caller.scopes
    return None if scope in granted else answers.insufficient_scope(scope, granted)
