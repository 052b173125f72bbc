"""How answers stand on the wire: letter case and order of headers, media types, the layout of JSON, framing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from goatcheck.exchange import Headers, Response
from goatcheck.mock.any_valid.changes import Choice, document, is_json, with_headers
from goatcheck.model.call import Call
from goatcheck.model.world import Rules, World

_FURTHER: Headers = (
    ("Server", "goat/1.0"),
    ("X-Request-Id", "8f14e45f-ceea-467f-a0e6-1c2d3e4f5a6b"),
    ("Strict-Transport-Security", "max-age=63072000"),
    ("Vary", "Accept, Authorization"),
    ("Cache-Control", "no-store"),
    ("Set-Cookie", "a=1; Path=/"),
    ("Set-Cookie", "b=2; Path=/"),
    ("Access-Control-Allow-Origin", "*"),
    ("X-Empty", ""),
)
_RATE: Headers = (
    ("X-RateLimit-Limit", "60"),
    ("X-RateLimit-Remaining", "17"),
    ("X-RateLimit-Reset", "1781514000"),
    ("RateLimit", '"v1Api";r=17;t=30'),
)


@dataclass(frozen=True)
class Layout:
    """A way to write JSON: spaces, escapes, numbers; members come in any order."""

    random: Random
    gap: str
    escapes: bool
    numbers: Callable[[float], str]

    def write(self, value: Any) -> str:
        """A JSON value as text."""
        gap = self.gap
        if isinstance(value, dict):
            pairs = list(value.items())
            self.random.shuffle(pairs)
            inside = f"{gap},{gap}".join(f"{self._text(name)}{gap}:{gap}{self.write(member)}" for name, member in pairs)
            return f"{{{gap}{inside}{gap}}}"
        if isinstance(value, list):
            return f"[{gap}{f'{gap},{gap}'.join(map(self.write, value))}{gap}]"
        if isinstance(value, str):
            return self._text(value)
        return self.numbers(value) if isinstance(value, float) else json.dumps(value)

    def _text(self, text: str) -> str:
        if self.escapes:
            return '"' + "".join(self._escaped(sign) for sign in text) + '"'
        try:
            return json.dumps(text, ensure_ascii=False).encode().decode()
        except UnicodeEncodeError:
            return json.dumps(text)

    def _escaped(self, sign: str) -> str:
        if sign == "/":
            return "\\/"
        code = ord(sign)
        return f"\\u{code:04X}" if code < 0x10000 and self.random.random() < 1 / 3 else json.dumps(sign)[1:-1]  # noqa: PLR2004 - beyond need two escapes


def _laid_out(name: str, gap: str, *, escapes: bool = False, numbers: Callable[[float], str] = repr) -> Choice:
    def change(rules: Rules, random: Random) -> Rules:
        layout = Layout(random, gap, escapes, numbers)

        def ending(_world: World, _call: Call, response: Response) -> Response:
            if not is_json(response):
                return response
            return replace(response, body=f"{gap}{layout.write(document(response))}{gap}".encode())

        return rules.with_ending("layout", ending)

    return Choice(name, change)


def _typed(media_type: str) -> Choice:
    def ending(_world: World, _call: Call, response: Response) -> Response:
        return with_headers(response, ("Content-Type", media_type)) if is_json(response) else response

    return Choice(media_type, lambda rules, _: rules.with_ending("type", ending))


def _cased(name: str, case: Callable[[Random, str], str]) -> Choice:
    def change(rules: Rules, random: Random) -> Rules:
        def ending(_world: World, _call: Call, response: Response) -> Response:
            return replace(response, headers=tuple((case(random, field), value) for field, value in response.headers))

        return rules.with_ending("case", ending)

    return Choice(name, change)


def _added(name: str, ending: str, *fields: tuple[str, str]) -> Choice:
    def change(rules: Rules, _random: Random) -> Rules:
        def add(_world: World, _call: Call, response: Response) -> Response:
            return replace(response, headers=(*fields, *response.headers))

        return rules.with_ending(ending, add)

    return Choice(name, change)


def _chunked(_world: World, call: Call, response: Response) -> Response:
    if not response.body or call.request.method == "HEAD":
        return response
    return with_headers(response, ("Transfer-Encoding", "chunked"))


def _undated(rules: Rules, _random: Random) -> Rules:
    return replace(rules, endings={name: ending for name, ending in rules.endings.items() if name != "date"})


WIRE: Mapping[str, tuple[Choice, ...]] = {
    "layout": (
        Choice("compact"),
        _laid_out("spaced", " "),
        _laid_out("lines", "\r\n\t"),
        _laid_out("escapes", "", escapes=True),
        _laid_out(
            "exponents", "", numbers=lambda number: f"{number!r}E+0" if "e" not in repr(number) else repr(number)
        ),
    ),
    "media type": (
        Choice("application/json; charset=utf-8"),
        _typed("application/json"),
        _typed("Application/JSON;charset=UTF-8"),
        _typed('application/json ; charset="utf-8"; profile="https://www.trackagoat.com/errors"'),
        _typed("application/json; version=1"),
    ),
    "letter case of headers": (
        Choice("as written"),
        _cased("lower", lambda _, name: name.lower()),
        _cased("upper", lambda _, name: name.upper()),
        _cased("any", lambda random, name: "".join(random.choice((c.lower(), c.upper())) for c in name)),
    ),
    "further headers": (Choice("none"), _added("many", "further", *_FURTHER), _added("rates", "further", *_RATE)),
    "framing": (
        Choice("by length"),
        Choice("in chunks", lambda rules, _: rules.with_ending("framing", _chunked)),
    ),
    "Date": (Choice("there"), Choice("left out", _undated)),
}
