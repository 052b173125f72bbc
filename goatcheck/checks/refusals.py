"""400, 401 and 403: what is refused for the request's form, its key or its scope."""

from __future__ import annotations

import re

from goatcheck.checks.problems import FINE, broken
from goatcheck.checks.registry import observed
from goatcheck.checks.view import Reads, View
from goatcheck.exchange import Problem

PLACES = {"query": "invalid_query", "body": "invalid_body", "path": "invalid_params"}
"""The code that names each place which a request can be wrong in."""


@observed("400.code-place", on="400*", relates=True)
def code_names_the_broken_place(view: View) -> tuple[Problem, ...] | None:
    """The code names what was wrong; judged only where exactly one place was broken on purpose, and HTTP itself kept.

    A code that no 400 has is the finding of `400.code`, not of this one.
    """
    broken_places = set(view.intent.broken)
    code = view.code
    if view.intent.recorded or len(broken_places) != 1 or code not in PLACES.values():
        return None
    (place,) = broken_places
    expected = PLACES.get(place)
    if expected is None:
        return None
    return (
        FINE
        if code == expected
        else broken(f"the {place} was wrong, and the code names another place", "/meta/code", expected, code)
    )


@observed("401.challenge", on="401*", reads=Reads.HEADERS)
def refusal_carries_a_challenge(view: View) -> tuple[Problem, ...]:
    """A 401 carries WWW-Authenticate (RFC 9110, 11.6.1)."""
    challenges = view.response.headers_named("www-authenticate")
    if any(challenge.strip() for challenge in challenges):
        return FINE
    return broken("a 401 without a challenge", "WWW-Authenticate", "a challenge such as Bearer", *challenges[:1])


@observed("403.scope.missing", on="403.scope")
def required_scope_is_not_granted(view: View) -> tuple[Problem, ...] | None:
    """What is required is not among what is granted; members of another type are the finding of `403.scope.meta`."""
    required, granted = view.meta.get("required"), view.meta.get("granted")
    if not isinstance(required, str) or not isinstance(granted, list):
        return None
    if required not in granted:
        return FINE
    return broken("the scope that is said to be missing is granted", "/meta/granted", f"no {required!r}", granted)


@observed("403.scope.error-text", on="403.scope")
def error_names_the_scope(view: View) -> tuple[Problem, ...] | None:
    """The text names the required scope, as a word of its own: "rewrite" does not name `write`."""
    required, error = view.meta.get("required"), view.members.get("error")
    if not isinstance(required, str) or not required or not isinstance(error, str):
        return None
    if re.search(rf"(?<!\w){re.escape(required)}(?!\w)", error, re.IGNORECASE):
        return FINE
    return broken("the text does not name the required scope", "/error", f"a text with {required!r}", error)
