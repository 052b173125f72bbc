"""API keys: put into a request at the last moment, taken out of everything that comes back.

A key may come back in disguise: in another letter case, reversed, as hex or base64 (alone or inside a longer text, at any
alignment), percent-encoded or escaped as JSON and HTML do, whole or in part, once or twice over, or cut into pieces; and byte by byte, as
programs print a buffer: two digits each, or as a list of numbers. A
disguise without escapes is called a *form*; a form is recognised by a run of its characters, which is found by looking up
short samples of the text, taken so densely that no run can slip between two of them. Escapes are undone first.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from goatcheck.errors import GeneratorError
from goatcheck.exchange import KEY_MARK, key_mark

_PREFIX = b"tga_"
_SHORTEST = 8
"""Shorter tokens, and those with too few different characters, are no secrets: looking for them would tear up ordinary text."""
_RUN = 16
"""So many consecutive characters of a key show it. Letters that a text repeats by chance are never so many."""
_DISTINCT = 4
"""A part of a key with fewer different characters (such as a row of zeros) tells nothing; the whole key does."""
_SAMPLE = 8
_ROUNDS = 3
_ESCAPE = re.compile(
    rb"%([0-9A-Fa-f]{2})"
    rb"|\\u([0-9A-Fa-f]{4})"
    rb"|\\x([0-9A-Fa-f]{2})"
    rb"|&\#[xX]([0-9A-Fa-f]{1,6});"
    rb"|&\#([0-9]{1,7});"
    rb"|\\([\\/\"])"
    rb"|&(amp);"
    rb"|\x00()"
)
"""One escaped character: percent, JSON, JavaScript, HTML; and the zero bytes between the letters of UTF-16.
Each alternative starts with a plain byte, which lets the search skip everything else quickly."""


_PAIRS = re.compile(rb"(?<![0-9A-Fa-f])(?:0x)?[0-9A-Fa-f]{2}(?:[ :,-]{1,2}(?:0x)?[0-9A-Fa-f]{2}){15,}")
"""Bytes one by one, in hexadecimal digits, as many as show a key."""
_NUMBERS = re.compile(rb"(?<![0-9.-])[0-9]{2,3}(?:(?:,\s{0,20}|\s{1,20})[0-9]{2,3}){15,}(?![0-9.eE])")
"""Bytes one by one, as numbers."""
_KINDS = bytes(
    ord(
        "h"
        if chr(byte) in "0123456789abcdefABCDEF"
        else "s"
        if chr(byte) in " \t\r\n:,-"
        else "x"
        if byte == ord("x")
        else "o"
    )
    for byte in range(256)
)
"""What each byte is to such a row: a digit, between digits, a sign of digits, or none of it."""
_QUOTE = re.compile(rb'\\.|(")', re.DOTALL)
_NO_PAIR = re.compile(rb"0x|[ :,-]")


@dataclass(frozen=True)
class _Form:
    """One disguise of a key in lower case; `need` consecutive bytes between `start` and `end`, where the secret is, show it."""

    name: str
    text: bytes = field(repr=False)
    start: int
    end: int
    need: int


@dataclass(frozen=True)
class _Span:
    """Where a key shows: from `start` up to `end`; `weight` is how much of it."""

    start: int
    end: int
    name: str
    weight: int


class Secrets:
    """The keys of a profile, by name; shows none of them in its own repr."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._tokens = dict(keys)
        self._samples: dict[bytes, list[tuple[_Form, int]]] = {}
        forms = [form for n, token in keys.items() for form in _forms(n, token.encode("utf-8", "surrogatepass"))]
        self._least = min((form.need for form in forms), default=_RUN)
        self._reach = max((len(form.text) for form in forms), default=_RUN)
        self._parts: set[bytes] = set()
        """Whatever shows a key has one of these in it."""
        for form in forms:
            self._parts |= {form.text[at : at + self._least] for at in range(len(form.text) - self._least + 1)}
            for at in range(form.start, form.end - _SAMPLE + 1):
                self._samples.setdefault(form.text[at : at + _SAMPLE], []).append((form, at))

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self._tokens)})"

    def expand(self, text: str) -> str:
        """The text with every mark replaced by its key; GeneratorError for a key or a change that does not exist."""
        return KEY_MARK.sub(self._key, text) if "‹" in text else text

    def redact(self, text: str) -> str:
        """The text with every appearance of a key replaced by its mark; the very same text where there is none."""
        data = text.encode("utf-8", "surrogatepass")
        clean = self.redact_bytes(data)
        return text if clean is data else clean.decode("utf-8", "surrogatepass")

    def redact_bytes(self, data: bytes) -> bytes:
        """As `redact`, for bytes: marks are put in as UTF-8, and what was valid JSON stays so."""
        spans = self._spans(data)
        if not spans:
            return data
        parts, end, in_text = [], 0, False
        for span in spans:
            mark, between = key_mark(span.name).encode(), data[end : span.start]
            in_text ^= sum(map(bool, _QUOTE.findall(between))) % 2 == 1
            listed = data[span.start : span.start + 1].isdigit() and between.rstrip()[-1:] in {b"[", b","}
            # in a list of numbers a mark has to be a text of its own
            parts += [between, b'"%b"' % mark if listed and not in_text else mark]
            end = span.end
        return b"".join((*parts, data[end:]))

    def shows(self, text: str) -> bool:
        """Whether a key appears in the text."""
        return bool(self._spans(text.encode("utf-8", "surrogatepass")))

    def _key(self, mark: re.Match[str]) -> str:
        name, change = mark.groups()
        if name not in self._tokens:
            raise GeneratorError(
                f"a request names the key {name!r}; the profile has {', '.join(self._tokens) or 'none'}"
            )
        if change not in _CHANGES:
            raise GeneratorError(
                f"a request wants the key {name!r} changed by {change!r}; known are {', '.join(filter(None, _CHANGES))}"
            )
        return _CHANGES[change](self._tokens[name])

    def _spans(self, data: bytes) -> list[_Span]:
        """All places of `data` that show a key, in order and without overlap."""
        if not self._samples or len(data) < _SAMPLE:
            return []
        found: list[_Span] = []
        layers = [data]
        while len(layers) <= _ROUNDS and _ESCAPE.search(layers[-1]):
            layers.append(_ESCAPE.sub(_plain, layers[-1]))
        for depth, layer in enumerate(layers):
            if spans := [*self._in_plain(layer), *self._byte_by_byte(layer)]:
                origins = _origins(data, depth)
                found += [_Span(origins[s.start], origins[s.end], s.name, s.weight) for s in spans]
        return _merged(found)

    def _in_plain(self, data: bytes) -> list[_Span]:
        """The runs of any form in a text whose escapes are of no interest."""
        low, samples = data.lower(), self._samples
        step = self._least - _SAMPLE + 1
        if samples.keys().isdisjoint([low[at : at + _SAMPLE] for at in range(0, len(low), step)]):
            return []
        found: list[_Span] = []
        at = 0
        while at < len(low):
            spans: list[_Span] = []
            places = samples.get(low[at : at + _SAMPLE])
            if places and self._has_part(low, at) and _distinct(low[max(0, at - self._reach) : at + self._reach]):
                spans = [span for form, place in places if (span := _run(low, at, form, place))]
                found += spans
            at = max((span.end for span in spans), default=at + step)
        return found

    def _byte_by_byte(self, data: bytes) -> Iterator[_Span]:
        """The rows of single bytes in a text that show a key."""
        if not _may_hold_a_row(data):
            return
        for pattern, read in ((_PAIRS, _read_pairs), (_NUMBERS, _read_numbers)):
            for row in pattern.finditer(data):
                for span in self._in_plain(read(row[0]))[:1]:
                    yield _Span(row.start(), row.end(), span.name, span.weight)

    def _has_part(self, low: bytes, at: int) -> bool:
        """Whether the sample at a place stands in one of the parts."""
        first = max(0, at + _SAMPLE - self._least)
        return not self._parts.isdisjoint([low[start : start + self._least] for start in range(first, at + 1)])


def _changed_at(token: str, place: int) -> str:
    """The token with another hexadecimal digit at a place."""
    other = _NEXT_DIGIT.get(token[place], "0")
    return f"{token[:place]}{other}{token[place + 1 :]}"


_NEXT_DIGIT = dict(zip("0123456789abcdef", "123456789abcdef0", strict=True))
_CHANGES: dict[str | None, Callable[[str], str]] = {
    None: str,
    "upper": str.upper,
    "cut": lambda token: token[:-1],
    "bare": lambda token: token[len(_PREFIX) :],
    "start": lambda token: token[: len(token) // 5],
    "middle": lambda token: _changed_at(token, len(token) // 2),
    "last": lambda token: _changed_at(token, len(token) - 1),
    "basic": lambda token: base64.b64encode(f"{token}:".encode()).decode(),
}
"""What may be done to a key before it is sent; only the client ever sees what comes of it."""


def _forms(name: str, token: bytes) -> Iterator[_Form]:
    """Every disguise of a token that is long enough to be a secret."""
    size = len(token)
    if size < _SHORTEST or not _distinct(token):
        return
    prefix = len(_PREFIX) if token.lower().startswith(_PREFIX) and size >= len(_PREFIX) + _SHORTEST else 0
    if not _distinct(token[prefix:]):
        prefix = 0
        run = size
    else:
        run = min(_RUN, size - prefix)

    def form(text: bytes, start: int, end: int, need: int) -> _Form:
        return _Form(name, text.lower(), start, end, need)

    yield form(token, prefix, size, run)
    yield form(token[::-1], 0, size - prefix, run)
    yield form(token.hex().encode(), 2 * prefix, 2 * size, 2 * run)
    for shift in range(3):
        first, last = -(-8 * shift // 6), 8 * (shift + size) // 6
        standard = base64.b64encode(bytes(shift) + token + bytes(3))[first:last]
        urlsafe = standard.translate(bytes.maketrans(b"+/", b"-_"))
        for text in dict.fromkeys((standard, urlsafe)):
            yield form(text, 0, len(text), max(_SAMPLE, min(len(text), 8 * run // 6 - 1)))


def _run(low: bytes, at: int, form: _Form, place: int) -> _Span | None:
    """The longest run of the form around one sample, None where it is too short to tell anything."""
    text = form.text
    back = 0
    while back < min(at, place) and low[at - back - 1] == text[place - back - 1]:
        back += 1
    ahead = _SAMPLE
    while ahead < min(len(low) - at, len(text) - place) and low[at + ahead] == text[place + ahead]:
        ahead += 1
    weight = min(place + ahead, form.end) - max(place - back, form.start)
    if weight < form.need or not _distinct(low[at - back : at + ahead]):
        return None
    return _Span(at - back, at + ahead, form.name, weight)


def _may_hold_a_row(data: bytes) -> bool:
    """Whether four single bytes follow each other, in whatever writing: most texts are told from the rest in the least time."""
    kinds = data.translate(_KINDS).replace(b"hxhh", b"hh")
    while b"ss" in kinds:
        kinds = kinds.replace(b"ss", b"s")
    return b"hhshhshhshh" in kinds.replace(b"shhhs", b"shhs").replace(b"shhhs", b"shhs")


def _read_pairs(row: bytes) -> bytes:
    return bytes.fromhex(_NO_PAIR.sub(b"", row).decode())


def _read_numbers(row: bytes) -> bytes:
    return bytes(min(int(number), 255) for number in row.replace(b",", b" ").split())


def _distinct(text: bytes) -> bool:
    """Whether a text has enough different characters to tell anything."""
    return len(set(text)) >= _DISTINCT


def _plain(escape: re.Match[bytes]) -> bytes:
    """What one escape stands for."""
    kind = escape.lastindex or 0
    digits = escape[kind]
    if kind in (1, 3):
        return bytes((int(digits, 16),))
    if kind in (2, 4, 5):
        code = int(digits, 10 if kind == 5 else 16)  # noqa: PLR2004 - the fifth group holds decimal digits
        return chr(code).encode("utf-8", "surrogatepass") if code <= 0x10FFFF else b""  # noqa: PLR2004 - Unicode's last
    return b"&" if digits == b"amp" else digits


def _origins(data: bytes, depth: int) -> list[int]:
    """For every byte of the text that `depth` rounds of undoing escapes make of `data`, and for its end, the place in `data`."""
    origins = list(range(len(data) + 1))
    for _ in range(depth):
        matches = list(_ESCAPE.finditer(data))
        inner: list[int] = []
        end = 0
        for match in matches:
            inner += range(end, match.start())
            inner += [match.start()] * len(_plain(match))
            end = match.end()
        inner += range(end, len(data) + 1)
        origins = [origins[at] for at in inner]
        data = _ESCAPE.sub(_plain, data)
    return origins


def _merged(spans: list[_Span]) -> list[_Span]:
    """The spans in order, those that overlap as one under the name of the heaviest."""
    merged: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            heavy = max(last, span, key=lambda one: one.weight)
            merged[-1] = _Span(last.start, max(last.end, span.end), heavy.name, heavy.weight)
        else:
            merged.append(span)
    return merged
