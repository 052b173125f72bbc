"""Faults of routing and of odd requests: unknown paths, unserved methods, bent HTTP, what the client prefers."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote_to_bytes

from goatcheck.exchange import MISSING, Response
from goatcheck.faults.changes import Which, answer, at, before, body, header, html, members, refusing, status
from goatcheck.faults.fault import Fault
from goatcheck.model import answers
from goatcheck.model.call import Answer, Call
from goatcheck.model.world import World

_NOT_FOUND, _NOT_ALLOWED, _UNSUPPORTED = 404, 405, 415
_ERRORS = 400
_ANALYTICS = "GET /analytics"


def _unknown(call: Call) -> bool:
    return not call.known


def _unserved(call: Call) -> bool:
    return bool(call.known) and call.route is None


def _told_unknown(call: Call, response: Response) -> bool:
    return response.status == _NOT_FOUND and _unknown(call)


def _told_unserved(call: Call, response: Response) -> bool:
    return response.status == _NOT_ALLOWED and _unserved(call)


def _prefers(text: str) -> Which:
    return lambda call, response: response.status >= _ERRORS and text in (call.request.header("accept") or "")


def _without_preference(call: Call, response: Response) -> bool:
    return response.status >= _ERRORS and call.request.header("accept") is None


def _as_csv(call: Call, response: Response) -> bool:
    return response.status >= _ERRORS and ("format", "csv") in call.request.parameters


def _page(number: int, title: str, text: str = "") -> Response:
    page = f"<!DOCTYPE html><html><body><h1>{title}</h1>{text}</body></html>"
    return Response(number, (("Content-Type", "text/html; charset=utf-8"),), page.encode())


def _text(number: int, text: str) -> Response:
    return Response(number, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())


def _redirect(place: str) -> Response:
    return Response(302, (("Location", place), ("Content-Type", "text/html; charset=utf-8")))


def _undecodable(call: Call) -> bool:
    return _is_no_text(call.request.query)


def _is_no_text(encoded: str) -> bool:
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return True
    return False


def _needless_body(call: Call) -> bool:
    return call.method == "GET" and bool(call.request.body)


def _many_parameters(call: Call) -> bool:
    return len(call.request.parameters) > 100  # noqa: PLR2004 - the bound of this framework


def _bracketed(call: Call) -> bool:
    return "[" in call.request.query


def _encoded(call: Call) -> bool:
    return call.request.header("content-encoding") is not None


def _refuse_methods(_world: World, call: Call) -> Answer:
    return answers.wrong_method(("GET",)) if _unknown(call) and call.method != "GET" else None


def _head_only(_call: Call, response: Response) -> Response:
    return replace(response, body=b"")


FAULTS = (
    Fault(
        "unknown-route-html",
        "the web framework answers unknown paths with its own page",
        ("envelope.json", "envelope.unknown-route"),
        answer(_told_unknown, html("404 Not Found")),
        ("envelope.negotiation",),
    ),
    Fault(
        "unknown-route-message",
        "unknown paths get the framework's JSON, not the envelope",
        ("envelope.unknown-route", "envelope.data-null", "envelope.error-text", "envelope.closed"),
        answer(_told_unknown, members(data=MISSING, error=MISSING, meta=MISSING, detail="Not Found")),
        ("envelope.negotiation",),
    ),
    Fault(
        "unknown-route-app-page",
        "unknown paths are served the start page of a web app",
        ("envelope.unknown-route",),
        refusing("unserved", _unknown, _page(200, "trackagoat")),
    ),
    Fault(
        "unknown-route-login",
        "unknown paths redirect to the login page",
        ("envelope.unknown-route",),
        refusing("unserved", _unknown, _redirect("/login")),
    ),
    Fault(
        "unknown-route-other-methods",
        "unknown paths get 404 for GET and 405 for every other method",
        ("envelope.unknown-route",),
        before("unserved", _refuse_methods),
    ),
    Fault(
        "unknown-route-delete-empty",
        "DELETE on unknown paths gets a 404 without a body",
        ("envelope.json", "envelope.unknown-route"),
        answer(lambda call, response: call.method == "DELETE" and _told_unknown(call, response), _head_only),
    ),
    Fault(
        "unknown-route-bad-request",
        "unknown paths below creators are answered with 400",
        ("envelope.unknown-route",),
        refusing(
            "unserved",
            lambda call: _unknown(call) and call.request.path.startswith("/creators/"),
            answers.invalid("params", "Unknown path"),
        ),
    ),
    Fault(
        "unknown-route-below-an-item",
        "what stands behind an item's id in a path is cut off",
        ("envelope.unknown-route",),
        refusing(
            "unserved",
            lambda call: _unknown(call) and call.request.path.startswith("/payout-methods/"),
            answers.success({}),
        ),
        needs=("requests",),
    ),
    Fault(
        "unknown-route-undecodable-fails",
        "an unknown path that is no UTF-8 makes the server fail",
        ("envelope.unknown-route", "500.never"),
        refusing("unserved", lambda call: _unknown(call) and _is_no_text(call.request.path), answers.internal_error()),
        needs=("requests",),
    ),
    Fault(
        "wrong-method-text",
        "unserved methods get the server's 405 in plain text",
        ("envelope.json", "envelope.wrong-method"),
        answer(_told_unserved, body(b"Method Not Allowed", "text/plain")),
    ),
    Fault(
        "wrong-method-501",
        "PUT is not implemented: 501",
        ("envelope.wrong-method", "status.documented"),
        answer(lambda call, response: call.method == "PUT" and _told_unserved(call, response), status(501)),
    ),
    Fault(
        "wrong-method-ignored",
        "PUT on lists is served as GET",
        ("envelope.wrong-method",),
        refusing("unserved", lambda call: _unserved(call) and call.method == "PUT", answers.success([])),
    ),
    Fault(
        "wrong-method-bad-request",
        "unserved methods are answered with 400",
        ("envelope.wrong-method",),
        refusing("unserved", _unserved, answers.invalid("params", "Unknown method")),
    ),
    Fault(
        "wrong-method-on-removed",
        "a POST to a removed route gets a 405 without a body",
        ("envelope.json", "envelope.wrong-method"),
        answer(lambda call, response: "/stats" in call.request.path and _told_unserved(call, response), _head_only),
    ),
    Fault(
        "malformed-type-text",
        "a body of another content type is refused in plain text",
        ("envelope.json", "envelope.malformed-request"),
        answer(at(_UNSUPPORTED), body(b"Unsupported Media Type", "text/plain")),
    ),
    Fault(
        "malformed-type-422",
        "a body of another content type is refused with 422",
        ("status.documented",),
        answer(at(_UNSUPPORTED), status(422)),
    ),
    Fault(
        "malformed-utf-8-page",
        "a query that is no UTF-8 fails in the server, which shows a page",
        ("envelope.json", "envelope.malformed-request"),
        refusing("match", _undecodable, _page(400, "400 Bad Request", "<center>nginx</center>")),
    ),
    Fault(
        "malformed-needless-body",
        "a GET with a body is refused in plain text",
        ("envelope.json", "envelope.malformed-request"),
        refusing("match", _needless_body, _text(400, "Bad Request")),
    ),
    Fault(
        "malformed-many-parameters",
        "more than a hundred parameters are too much for the framework: an empty 413",
        ("envelope.json", "envelope.malformed-request", "status.documented"),
        refusing("match", _many_parameters, _text(413, "")),
    ),
    Fault(
        "malformed-brackets-redirected",
        "a query with brackets is redirected to a tidier one",
        ("envelope.malformed-request", "success.no-redirect"),
        refusing("match", _bracketed, _redirect("/api/v1")),
    ),
    Fault(
        "malformed-coding-unenveloped",
        "a body with a content coding is refused without an envelope",
        ("envelope.malformed-request", "envelope.data-null", "envelope.error-text"),
        answer(
            lambda call, response: _encoded(call) and response.status >= _ERRORS,
            members(data=MISSING, error=MISSING, meta=MISSING, message="unsupported encoding"),
        ),
        ("envelope.closed",),
    ),
    Fault(
        "negotiation-html",
        "errors are web pages for clients that prefer HTML",
        ("envelope.json", "envelope.negotiation"),
        answer(_prefers("text/html"), html("Error")),
    ),
    Fault(
        "negotiation-xml",
        "errors are XML for clients that prefer XML",
        ("envelope.json", "envelope.negotiation"),
        answer(_prefers("application/xml"), body(b"<error/>", "application/xml")),
        needs=("requests",),
    ),
    Fault(
        "negotiation-html-of-unknown",
        "an unknown path is a web page for clients that prefer HTML",
        ("envelope.json", "envelope.negotiation"),
        answer(
            lambda call, response: _told_unknown(call, response) and _prefers("text/html")(call, response),
            html("Not Found"),
        ),
        needs=("requests",),
    ),
    Fault(
        "negotiation-csv",
        "errors are CSV for clients that prefer CSV",
        ("envelope.json", "envelope.negotiation"),
        answer(_prefers("text/csv"), body(b"error\r\nInvalid\r\n", "text/csv")),
    ),
    Fault(
        "negotiation-csv-export",
        "with format=csv an error is CSV too",
        ("envelope.json", "envelope.negotiation"),
        answer(_as_csv, body(b"error\r\nInvalid\r\n", "text/csv")),
        ("402.retention", "401.uniform", "403.scope.read", "400.query"),
    ),
    Fault(
        "negotiation-csv-type",
        "with format=csv an error is JSON under the media type of CSV",
        ("envelope.json", "envelope.negotiation"),
        answer(_as_csv, header("Content-Type", "text/csv")),
    ),
    Fault(
        "negotiation-none",
        "without an Accept header an error is XML",
        ("envelope.json", "envelope.negotiation"),
        answer(_without_preference, body(b"<error/>", "application/xml")),
    ),
    Fault(
        "negotiation-anything",
        "a client that takes anything gets errors in plain text",
        ("envelope.json", "envelope.negotiation"),
        answer(
            lambda call, response: call.request.header("accept") == "*/*" and response.status >= _ERRORS,
            body(b"Unauthorized", "text/plain"),
        ),
    ),
    Fault(
        "negotiation-not-acceptable",
        "who does not accept JSON gets a 406 without a body",
        ("envelope.json", "envelope.negotiation"),
        refusing(
            "match",
            lambda call: call.request.header("accept") in {"text/csv", "text/html"},
            Response(406, (("Content-Type", "application/json"),)),
        ),
    ),
)
