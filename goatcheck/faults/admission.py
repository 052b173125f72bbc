"""Who is let in without a good key: how a fault looks at the Authorization header, and what it does with it."""

from __future__ import annotations

import re
from collections.abc import Callable

from goatcheck.exchange import Response
from goatcheck.faults.changes import Whose, instead, stage
from goatcheck.faults.fault import Change
from goatcheck.model.call import Answer, Call
from goatcheck.model.state import ApiKey, State
from goatcheck.model.world import Stage, World

Finder = Callable[[State, str], ApiKey | None]
"""The key that the text of an Authorization header is taken for."""

_TOKEN = re.compile(r"tga_[0-9a-f]{64}")


def sent_by(call: Call) -> str:
    """The text of a call's Authorization header; "" where there is none."""
    return call.request.header("authorization") or ""


def is_missing(call: Call) -> bool:
    """Whether a call has no key."""
    return not sent_by(call)


def is_unknown(call: Call) -> bool:
    """Whether a call has a key of the right form, be it one that was issued or not."""
    scheme, _, token = sent_by(call).partition(" ")
    return scheme == "Bearer" and _TOKEN.fullmatch(token) is not None


def is_malformed(call: Call) -> bool:
    """Whether a call has a header of another form."""
    return not is_missing(call) and not is_unknown(call)


def all_of(*tests: Whose) -> Whose:
    """The calls that pass each of these tests."""
    return lambda call: all(test(call) for test in tests)


def let_in(whose: Whose, finder: Finder) -> Change:
    """Where a key is refused to these calls, the one that the finder takes it for is let in."""

    def wrap(inner: Stage) -> Stage:
        def asked(world: World, call: Call) -> Answer:
            refusal = inner(world, call)
            if refusal is None or not whose(call):
                return refusal
            key = finder(world.state, sent_by(call))
            if key is None:
                return refusal
            call.key, call.org = key, world.state.orgs[key.org_id]
            return None

        return asked

    return stage("key", wrap)


def anybody(state: State, _sent: str) -> ApiKey | None:
    """The first key of all that may read and write."""
    return next(key for key in state.keys.values() if key.scopes >= {"read", "write"})


def token_by(test: Callable[[str, str], bool]) -> Finder:
    """The key whose token the test takes the header for."""
    return lambda state, sent: next(
        (key for token, key in state.keys.items() if test(sent, token) and key.expires_at is None), None
    )


def refused_as(whose: Whose, response: Response) -> Change:
    """These calls are refused for their key, with this response."""
    return instead("key", whose, response)
