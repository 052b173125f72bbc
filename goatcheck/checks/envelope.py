"""The envelope of an error: one JSON object with `data` null, a text for people in `error`, details in `meta`.

A body that is no JSON breaks `envelope.json` alone, and one that is no object `envelope.object` alone: what can't be there
is not counted as missing.
"""

from __future__ import annotations

from goatcheck.checks.problems import FINE, broken, cut
from goatcheck.checks.registry import ERRORS, observed
from goatcheck.checks.view import Reads, View
from goatcheck.exchange import MISSING, Problem

JSON_TYPE = "application/json"
MEMBERS = ("data", "error", "meta")


@observed("envelope.json", on=ERRORS, reads=Reads.DOCUMENT)
def body_is_json(view: View) -> tuple[Problem, ...]:
    """One JSON text in UTF-8 under the one media type application/json; an empty body is no JSON text, nor is one that its
    Content-Encoding makes unreadable.

    Several Content-Type fields are fine while they name the same type, since then no reader can be misled.
    """
    response = view.response
    fields = response.headers_named("content-type")
    types = {field.split(";", 1)[0].strip().lower() for field in fields}
    problems = FINE
    if types != {JSON_TYPE}:
        got = cut(", ".join(fields)) if fields else MISSING
        problems = broken("the media type of an error is not application/json", "Content-Type", JSON_TYPE, got)
    if response.miscoded:
        told = response.header("content-encoding")
        problems += broken(response.miscoded, "Content-Encoding", "a body in the coding that the header names", told)
    elif response.document.problem:
        excerpt = cut(response.text) if response.body else MISSING
        problems += broken(response.document.problem, "", "one JSON text in UTF-8", excerpt)
    return problems


@observed("envelope.object", on=ERRORS, reads=Reads.JSON)
def body_is_an_object(view: View) -> tuple[Problem, ...]:
    """The JSON is an object, and no object in it names a member twice."""
    document = view.response.document
    if not isinstance(document.value, dict):
        return broken("the body of an error is no JSON object", "", "an object", document.value)
    if document.repeated:
        return broken("a member name is repeated", "", "each member name once", list(document.repeated))
    return FINE


@observed("envelope.data-null", on=ERRORS, reads=Reads.OBJECT)
def data_is_null(view: View) -> tuple[Problem, ...]:
    """`data` is there and null."""
    data = view.members.get("data", MISSING)
    return FINE if data is None else broken("`data` of an error is not null", "/data", "null", data)


@observed("envelope.error-text", on=ERRORS, reads=Reads.OBJECT)
def error_is_a_text(view: View) -> tuple[Problem, ...]:
    """`error` is there, a string with something in it besides white space."""
    error = view.members.get("error", MISSING)
    if isinstance(error, str) and error.strip():
        return FINE
    return broken("`error` is no text for people", "/error", "a string that is not blank", error)


@observed("envelope.meta-object", on=ERRORS, reads=Reads.OBJECT)
def meta_is_an_object(view: View) -> tuple[Problem, ...]:
    """`meta` is absent, null or an object."""
    if view.reach is Reads.META:
        return FINE
    return broken(
        "`meta` is neither an object nor null", "/meta", "an object, null or nothing", view.members.get("meta", MISSING)
    )


@observed("envelope.closed", on=ERRORS, reads=Reads.OBJECT)
def no_further_members(view: View) -> tuple[Problem, ...]:
    """No member besides the three of the envelope."""
    further = [name for name in view.response.document.value if name not in MEMBERS]
    return broken("an error has further members", "", "only data, error and meta", further) if further else FINE
