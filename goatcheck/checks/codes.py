"""`meta.code`: what programs read. A code that is missing is no concern here: the rows of each status say where it must be."""

from __future__ import annotations

import re

from goatcheck.checks.earned import HTTPS_OWN
from goatcheck.checks.problems import FINE, broken
from goatcheck.checks.registry import ERRORS, observed
from goatcheck.checks.view import View
from goatcheck.exchange import MISSING, Problem

CODE = "/meta/code"

WITHOUT_DOCUMENTED_CODE = frozenset({404, 409, 410})
"""Statuses whose `meta.code` is left open in public, so that a target may have its own."""

_SCOPE = re.compile(
    r"\b(?:read|write|admin)\W{1,3}scopes?\b|\bscopes?\W{1,4}(?:read|write|admin)\b"
    r"|\b(?:insufficient|missing|required|requires?|lacks?|needs?)\W+(?:\w+\W+){0,3}?scopes?\b",
    re.IGNORECASE,
)
"""How a text speaks of a key's scope; "outside the scope of our terms" does not."""


@observed("code.string", on=ERRORS)
def code_is_a_string(view: View) -> tuple[Problem, ...] | None:
    """A code that is given is a string with at least one character; null is given and is none."""
    code = view.code
    if code is MISSING:
        return None
    return (
        FINE if isinstance(code, str) and code else broken("`meta.code` is no name", CODE, "a non-empty string", code)
    )


@observed("code.matches-status", on=ERRORS)
def documented_code_has_its_status(view: View) -> tuple[Problem, ...] | None:
    """A documented code comes only with its own status."""
    code = _name(view)
    statuses = view.contract.codes.get(code)
    if statuses is None:
        return None
    status = view.response.status
    if status in statuses:
        return FINE
    expected = " or ".join(map(str, sorted(statuses)))
    return broken(f"`{code}` does not belong to status {status}", CODE, f"status {expected}", status)


@observed("code.known", on=ERRORS)
def code_is_documented(view: View) -> tuple[Problem, ...] | None:
    """A code is in the documented vocabulary, except where the documents leave the vocabulary open."""
    code = _name(view)
    if not code:
        return None
    if code in view.contract.codes or _open(view):
        return FINE
    return broken("`meta.code` is no documented code", CODE, ", ".join(sorted(view.contract.codes)), code)


def _name(view: View) -> str:
    """The code where it is a string, else ""; a code of another type is `code.string`'s finding."""
    code = view.code
    return code if isinstance(code, str) else ""


def _open(view: View) -> bool:
    status = view.response.status
    if status == 403:  # noqa: PLR2004 - a ban has no documented code, a missing scope has
        return not _about_scope(view)
    return status in WITHOUT_DOCUMENTED_CODE or status in HTTPS_OWN


def _about_scope(view: View) -> bool:
    """Whether a 403 speaks of scope: by the members that only this variant has, or in its text."""
    meta = view.meta
    error = view.members.get("error")
    return "required" in meta or "granted" in meta or (isinstance(error, str) and _SCOPE.search(error) is not None)
