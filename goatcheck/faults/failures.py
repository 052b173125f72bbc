"""Faults of the server itself: what makes it fail, and how a failure is told."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from goatcheck.exchange import MISSING, Response
from goatcheck.faults.changes import Whose, body, forced, html, members, meta, refusing
from goatcheck.faults.fault import Change, Fault
from goatcheck.faults.reading import reads
from goatcheck.model import answers
from goatcheck.model.call import Call, Refused
from goatcheck.model.listing import read_cursor

_TRACE = (
    '<pre>Traceback (most recent call last):\n  File "/srv/app/main.py", line 12, in handle\n'
    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff</pre>"
)
_LARGEST = 2**63
_FORCE = ("force",)
_LONG = 5000
_MEGABYTE = 1_000_000
_WRONG = 2


def _fails(whose: Whose, place: str = "body", response: Response | None = None) -> Change:
    """Just before the stage `place` these calls make the server fail."""
    return refusing(place, whose, response or answers.internal_error())


def _page(number: int, text: str) -> Response:
    page = f"<!DOCTYPE html><html><body><h1>Internal Server Error</h1>{text}</body></html>"
    return Response(number, (("Content-Type", "text/html; charset=utf-8"),), page.encode())


def _texts(test: Callable[[str], bool]) -> Whose:
    """Calls with such a text in their body."""
    return lambda call: _any(call.request.document.value, lambda value: isinstance(value, str) and test(value))


def _numbers(test: Callable[[float], bool]) -> Whose:
    """Calls with such a number in their body."""

    def is_one(value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and test(value)

    return lambda call: _any(call.request.document.value, is_one)


def _any(value: object, test: Callable[[object], bool]) -> bool:
    if isinstance(value, dict):
        return any(_any(item, test) for item in value.values())
    if isinstance(value, list):
        return any(_any(item, test) for item in value)
    return test(value)


def _bytes(part: bytes) -> Whose:
    return lambda call: part in (call.request.body or b"")


def _query(part: str) -> Whose:
    return lambda call: part in call.request.query.lower()


def _path(test: Callable[[str], bool]) -> Whose:
    return lambda call: test(unquote(call.request.path, errors="replace"))


def _is_no_object(call: Call) -> bool:
    value = call.request.document.value
    return value is not MISSING and not isinstance(value, dict)


def _has_wrong_type(call: Call) -> bool:
    return "text/plain" in (call.request.header("content-type") or "")


def _has_no_type(call: Call) -> bool:
    return bool(call.request.body) and call.request.header("content-type") is None


def _is_twice(call: Call) -> bool:
    names = [name for name, _ in call.request.parameters]
    return names.count("limit") > 1


def _days(call: Call) -> list[str]:
    return [value for name, value in call.request.parameters if name in {"from", "to"}]


def _wrong_parameters(call: Call) -> int:
    """How many parameters the route's readers refuse."""
    readers = call.route.query if call.route else {}
    return sum(not reads(readers[name], value) for name, value in call.request.parameters if name in readers)


def _reads(cursor: str) -> bool:
    try:
        read_cursor(cursor)
    except Refused:
        return False
    return True


def _of_unknown_type(call: Call) -> bool:
    value = call.request.document.value
    kind = value.get("item_type") if isinstance(value, dict) else None
    return isinstance(kind, str) and kind not in {"creator", "video", "campaign"}


FAULTS = (
    Fault(
        "fails-on-nul", "NUL in a text makes the server fail", ("500.never",), _fails(_texts(lambda text: "\0" in text))
    ),
    Fault(
        "fails-on-lone-surrogate",
        "half of a surrogate pair makes the server fail",
        ("500.never",),
        _fails(_texts(lambda text: any(0xD800 <= ord(letter) < 0xE000 for letter in text))),  # noqa: PLR2004 - Unicode's surrogates
    ),
    Fault(
        "fails-on-astral",
        "letters beyond the basic plane make the server fail",
        ("500.never",),
        _fails(_texts(lambda text: any(ord(letter) > 0xFFFF for letter in text))),  # noqa: PLR2004 - Unicode's planes
    ),
    Fault(
        "fails-on-direction-mark",
        "a mark that turns the direction of writing makes the server fail",
        ("500.never",),
        _fails(_texts(lambda text: "\u202e" in text)),
    ),
    Fault(
        "fails-on-quote",
        "a quote in a text ends an SQL statement",
        ("500.never", "error.no-leak"),
        _fails(
            _texts(lambda text: "'" in text),
            response=answers.failure(500, 'syntax error at or near "--"', {"code": "internal_error"}),
        ),
    ),
    Fault(
        "fails-on-format",
        "a text with format signs makes the server fail",
        ("500.never",),
        _fails(_texts(lambda text: "%s" in text)),
    ),
    Fault(
        "fails-on-long-text",
        "a text of more than 5000 characters makes the server fail",
        ("500.never",),
        _fails(_texts(lambda text: len(text) > _LONG)),
    ),
    Fault(
        "fails-on-large-number",
        "a number beyond 64 bits makes the server fail",
        ("500.never",),
        _fails(_numbers(lambda number: abs(number) >= _LARGEST)),
    ),
    Fault(
        "fails-on-fraction",
        "a fraction makes the server fail",
        ("500.never",),
        _fails(_numbers(lambda number: number % 1 != 0)),
    ),
    Fault("fails-on-nesting", "deep nesting makes the server fail", ("500.never",), _fails(_bytes(b"[" * 100))),
    Fault(
        "fails-on-prototype", "a member __proto__ makes the server fail", ("500.never",), _fails(_bytes(b"__proto__"))
    ),
    Fault(
        "fails-on-no-object",
        "a body that is JSON and no object makes the server fail",
        ("500.never", "400.body"),
        _fails(_is_no_object),
    ),
    Fault(
        "fails-on-null-member",
        "null in place of a list makes the server fail",
        ("500.never", "400.body"),
        _fails(_bytes(b'"creators": null')),
    ),
    Fault("fails-on-other-type", "a body in plain text makes the server fail", ("500.never",), _fails(_has_wrong_type)),
    Fault(
        "fails-on-empty-charset",
        "a charset that is empty makes the server fail",
        ("500.never",),
        _fails(lambda call: (call.request.header("content-type") or "").endswith("charset=")),
    ),
    Fault(
        "fails-on-a-megabyte",
        "a body of more than a megabyte makes the server fail",
        ("500.never",),
        _fails(lambda call: len(call.request.body or b"") > _MEGABYTE, "match"),
    ),
    Fault(
        "fails-on-key-in-quotes",
        "an idempotency key in quotes makes the server fail",
        ("500.never",),
        _fails(lambda call: (call.request.header("idempotency-key") or "").startswith('"')),
    ),
    Fault(
        "fails-on-two-wrong-parameters",
        "two parameters that are wrong at once make the server fail",
        ("500.never", "400.query"),
        _fails(lambda call: _wrong_parameters(call) >= _WRONG, "query"),
    ),
    Fault(
        "fails-on-umlaut-in-search",
        "a letter beyond ASCII in a search makes the server fail",
        ("500.never",),
        _fails(lambda call: _query("search=")(call) and _query("%c3%b6")(call), "query"),
    ),
    Fault(
        "fails-on-leap-day",
        "the last day of February in a leap year makes the server fail",
        ("500.never",),
        _fails(_query("2024-02-29"), "query"),
        needs=("requests",),
    ),
    Fault(
        "fails-on-unknown-word",
        "a word that is none of those known makes the server fail",
        ("500.never",),
        _fails(_of_unknown_type),
    ),
    Fault(
        "fails-on-needless-key",
        "an idempotency key on a change makes the server fail",
        ("500.never",),
        _fails(lambda call: call.method == "PATCH" and call.request.header("idempotency-key") is not None),
    ),
    Fault(
        "fails-on-one-day",
        "a range of one day makes the server fail",
        ("500.never",),
        _fails(lambda call: len(_days(call)) > 1 and len(set(_days(call))) == 1, "query"),
    ),
    Fault(
        "fails-on-zeros",
        "the uuid of nothing but zeros makes the server fail",
        ("500.never",),
        _fails(_path(lambda path: path.endswith("-000000000000")), "path"),
    ),
    Fault("fails-on-no-type", "a body without a type makes the server fail", ("500.never",), _fails(_has_no_type)),
    Fault(
        "fails-on-bad-utf-8",
        "a query that is no UTF-8 makes the server show a stack trace",
        ("500.never", "envelope.json", "envelope.malformed-request", "error.no-leak"),
        _fails(_query("%ff"), "match", _page(500, _TRACE)),
    ),
    Fault(
        "fails-on-nul-in-query", "%00 in a query makes the server fail", ("500.never",), _fails(_query("%00"), "query")
    ),
    Fault(
        "fails-on-parameter-twice",
        "a parameter that comes twice makes the server fail",
        ("500.never",),
        _fails(_is_twice, "query"),
    ),
    Fault(
        "fails-on-limit-zero",
        "a limit of 0 makes the server fail",
        ("500.never", "400.query"),
        _fails(_query("limit=0"), "query"),
    ),
    Fault(
        "fails-on-huge-limit",
        "a limit beyond 64 bits makes the server fail",
        ("500.never", "400.query"),
        _fails(_query("limit=10000000"), "query"),
    ),
    Fault(
        "fails-on-day-zero",
        "a day that is none makes the server fail",
        ("500.never", "400.query"),
        _fails(_query("-01-00"), "query"),
    ),
    Fault(
        "fails-on-quote-in-search",
        "a quote in a search ends an SQL statement",
        ("500.never",),
        _fails(lambda call: any("'" in value for name, value in call.request.parameters if name == "search"), "query"),
    ),
    Fault(
        "fails-on-percent-in-search",
        "a lone percent sign in a search makes the server fail",
        ("500.never",),
        _fails(lambda call: any("%" in value for name, value in call.request.parameters if name == "search"), "query"),
    ),
    Fault(
        "fails-on-odd-cursor",
        "a cursor that is none makes the server fail",
        ("500.never",),
        _fails(
            lambda call: any(name == "cursor" and not _reads(value) for name, value in call.request.parameters), "query"
        ),
    ),
    Fault(
        "fails-on-path-id",
        "a path id that is no uuid makes the server fail",
        ("500.never", "400.params"),
        _fails(_path(lambda path: path.endswith("/abc")), "path"),
    ),
    Fault(
        "fails-on-nul-in-path",
        "%00 in a path makes the server fail",
        ("500.never", "400.params"),
        _fails(_path(lambda path: "\0" in path), "path"),
    ),
    Fault(
        "fails-on-bulk",
        "a bulk creation makes the server fail",
        ("500.never",),
        _fails(_bytes(b'"creators": [{')),
        ("402.limit.enforced", "400.body", "404.absent", "404.foreign"),
    ),
    Fault(
        "fails-on-null-readme",
        "taking a readme away makes the server fail",
        ("500.never",),
        _fails(lambda call: call.request.document.value == {"readme": None}),
    ),
    Fault(
        "failure-code-own",
        "a failure has a code of its own",
        ("500.code", "500.forced", "code.known"),
        forced("500", meta(code="server_error")),
        needs=_FORCE,
    ),
    Fault(
        "failure-code-absent", "a failure has no code", ("500.code", "500.forced"), forced("500", meta(code=MISSING))
    ),
    Fault("failure-meta-null", "a failure has no meta", ("500.code", "500.forced"), forced("500", members(meta=None))),
    Fault(
        "failure-page",
        "a failure is a web page",
        ("500.forced", "envelope.json"),
        forced("500", html("Internal Server Error")),
        needs=_FORCE,
    ),
    Fault(
        "failure-empty",
        "a failure has no body",
        ("500.forced", "envelope.json"),
        forced("500", body(b"")),
        needs=_FORCE,
    ),
    Fault(
        "failure-framework",
        "a failure is told by the framework",
        ("500.forced", "500.code", "envelope.data-null", "envelope.error-text"),
        forced("500", members(data=MISSING, error=MISSING, meta=MISSING, message="Internal server error")),
        ("envelope.closed",),
        _FORCE,
    ),
    Fault(
        "failure-in-data",
        "a failure is told in the data",
        ("500.forced", "envelope.data-null"),
        forced("500", members(data={"message": "Internal server error"})),
        needs=_FORCE,
    ),
)
