"""Successes: what an error must not look like, and what a success must not be."""

from __future__ import annotations

from goatcheck.checks.problems import FINE, broken, cut
from goatcheck.checks.registry import SUCCESSES, observed
from goatcheck.checks.view import Reads, View
from goatcheck.exchange import MISSING, Problem

NO_CONTENT = (204, 205)
NOT_MODIFIED = 304
CONDITIONS = ("if-none-match", "if-modified-since")


@observed("success.envelope", on=SUCCESSES, reads=Reads.DOCUMENT, relates=True)
def success_is_enveloped(view: View) -> tuple[Problem, ...] | None:
    """An operation's success has `data`, an `error` that is null and a `meta` that is null or an object.

    Without a body there is nothing to judge in a 204, nor in a deletion, whose success is not shown in public.
    """
    response = view.response
    operation = view.operation
    if operation is None or response.status in NO_CONTENT or response.media_type == "text/csv":
        return None
    if not response.body and operation.method == "DELETE":
        return None
    if view.reach < Reads.JSON:
        return broken("a success that is no JSON", "", "the envelope", cut(response.text) if response.body else MISSING)
    if view.reach < Reads.OBJECT:
        return broken("a success that is no JSON object", "", "the envelope", response.document.value)
    problems = FINE
    data, error, meta = (view.members.get(name, MISSING) for name in ("data", "error", "meta"))
    if data is MISSING:
        problems += broken("a success without `data`", "/data", "a member that is there")
    if error is not None:
        problems += broken("`error` of a success is not null", "/error", "null", error)
    if not isinstance(meta, dict | None):
        problems += broken("`meta` of a success is neither null nor an object", "/meta", "null or an object", meta)
    return problems


@observed("success.no-error", on=SUCCESSES, reads=Reads.OBJECT, relates=True)
def success_carries_no_error(view: View) -> tuple[Problem, ...]:
    """A success carries neither an error text nor a documented error code."""
    error, code = view.members.get("error"), view.code
    problems = FINE
    if error and isinstance(error, str | dict | list):
        problems += broken("a success carries an error text", "/error", "null", error)
    if isinstance(code, str) and code in view.contract.codes:
        problems += broken("a success carries an error's code", "/meta/code", "no documented error code", code)
    return problems


@observed("success.no-redirect", on="[23]xx", reads=Reads.HEADERS, relates=True)
def operation_does_not_redirect(view: View) -> tuple[Problem, ...] | None:
    """An operation does not answer 3xx; a 304 to a conditional request is HTTP's own, and recorders may leave out the condition."""
    status = view.response.status
    if view.operation is None:
        return None
    conditional = status == NOT_MODIFIED and (
        view.intent.recorded or any(view.request.header(name) for name in CONDITIONS)
    )
    if status < 300 or conditional:  # noqa: PLR2004 - where redirects begin
        return FINE
    return broken(f"{view.operation.id} redirects", "Location", "an answer", view.response.header("location") or status)
