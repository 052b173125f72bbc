"""Faults that show in how something is asked for: a browser's preferences, a path's other spellings, signs where none belong."""

from __future__ import annotations

from collections.abc import Callable

from goatcheck.exchange import Response
from goatcheck.faults.changes import Which, answer, body, html, on, refusing
from goatcheck.faults.fault import Fault
from goatcheck.faults.reading import body_read
from goatcheck.model import answers
from goatcheck.model.call import BodyReader, Call

_ITEM, _PAYOUT_METHOD = "POST /campaigns/{id}/items", "POST /payout-methods"
_TEXT = "text/plain; charset=utf-8"


def _error(test: Callable[[Call], bool]) -> Which:
    return lambda call, response: response.status >= 400 and test(call)  # noqa: PLR2004 - where errors begin


def _browses(call: Call) -> bool:
    accept = call.request.header("accept") or ""
    return accept.startswith("text/html") and "*/*" in accept


def _scope_refused(call: Call, response: Response) -> bool:
    return response.status == 403 and call.request.header("accept") is None  # noqa: PLR2004 - as told


def _too_old_for_browsers(call: Call, response: Response) -> bool:
    return response.status == 402 and (call.request.header("accept") or "").startswith("text/html")  # noqa: PLR2004 - as told


def _below_creators(call: Call, response: Response) -> bool:
    steps = call.request.path.split("/")
    return response.status == 404 and steps[1] == "projects" and steps[3:4] == ["creators"] and steps[4:] != []  # noqa: PLR2004 - as told


def _unwrapped(inner: BodyReader) -> BodyReader:
    return lambda value: inner(value[0] if isinstance(value, list) and len(value) == 1 else value)


def _signs(call: Call) -> bool:
    return any(name == "entity" and '"' in value for name, value in call.request.parameters)


def _by_hand(call: Call, response: Response) -> Response:
    """An error that repeats a parameter as it is, in JSON that is put together by hand."""
    entity = dict(call.request.parameters)["entity"]
    text = f'{{"data": null, "error": "Unknown entity {entity}", "meta": {{"code": "invalid_query"}}}}'
    return body(text.encode())(call, response)


FAULTS = (
    Fault(
        "browser-gets-a-page",
        "an error for whoever prefers what browsers prefer is a page",
        ("envelope.negotiation",),
        answer(_error(_browses), html("Error")),
        ("envelope.json",),
    ),
    Fault(
        "browser-gets-a-page-for-402",
        "a 402 is a page where one is preferred",
        ("envelope.negotiation",),
        answer(_too_old_for_browsers, html("Payment Required")),
        ("envelope.json",),
        ("requests",),
    ),
    Fault(
        "no-preference-gets-text",
        "without Accept a 403 is plain text",
        ("envelope.negotiation",),
        answer(_scope_refused, body(b"Forbidden", _TEXT)),
        ("envelope.json",),
        ("requests",),
    ),
    Fault(
        "path-with-slash-is-a-page",
        "a slash at the end of a path leads to the framework's page",
        ("envelope.unknown-route",),
        answer(_error(lambda call: call.request.path.endswith("/")), html("404 Not Found")),
        ("envelope.json",),
        ("requests",),
    ),
    Fault(
        "path-with-extension-is-a-file",
        "a path that ends like a file's name is looked for among files",
        ("envelope.unknown-route",),
        answer(_error(lambda call: call.request.path.endswith(".json")), html("404 Not Found")),
        ("envelope.json",),
        ("requests",),
    ),
    Fault(
        "path-below-projects-is-a-page",
        "an unknown path below a project's creators leads to a page",
        ("envelope.unknown-route",),
        answer(
            _below_creators,
            html("404 Not Found"),
        ),
        ("envelope.json",),
        ("requests",),
    ),
    Fault(
        "fails-on-foreign-origin",
        "an Origin of another site makes the server fail",
        ("500.never",),
        refusing("path", lambda call: "goat" in (call.request.header("origin") or ""), answers.internal_error()),
        needs=("requests",),
    ),
    Fault(
        "fails-on-any-language",
        "an Accept-Language of any language makes the server fail",
        ("500.never",),
        refusing("path", lambda call: call.request.header("accept-language") == "*", answers.internal_error()),
        needs=("requests",),
    ),
    Fault(
        "fails-on-constructor",
        "what every object has in JavaScript is taken for an entity, and makes the server fail",
        ("500.never",),
        refusing(
            "query",
            lambda call: ("entity", "constructor") in call.request.parameters,
            answers.internal_error(),
        ),
    ),
    Fault(
        "error-by-hand",
        "an error is put together by hand around a parameter with a quotation mark",
        ("envelope.json",),
        answer(_error(_signs), _by_hand),
        ("envelope.malformed-request",),
    ),
    Fault(
        "body-list-unwrapped",
        "a list of one object is taken for the object",
        ("400.body",),
        body_read(_ITEM, _unwrapped),
        needs=("requests",),
    ),
    Fault(
        "body-followed-by-a-word",
        "what follows a body's JSON is not looked at",
        ("400.body",),
        refusing(
            "body",
            lambda call: on(operation=_PAYOUT_METHOD)(call) and (call.request.body or b"").endswith(b"} goat"),
            answers.success({"id": "00000000-0000-4000-8000-000000000001", "name": "goat"}, status=201),
        ),
        needs=("requests",),
    ),
)
