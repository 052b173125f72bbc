"""Fixed values that break servers, and values that are wrong without any doubt.

What is listed as wrong is refused by every parser that could reasonably read it: no spelling that a lenient one takes is
here (uuids in braces or without dashes, "+5", "1.0", "20260101", "yesterday"). Pairs are (label, value).
"""

from __future__ import annotations

from typing import Any

from goatcheck.exchange import key_mark

Labelled = tuple[tuple[str, str], ...]

NOT_UUIDS: Labelled = (
    ("letters", "abc"),
    ("digits", "123"),
    ("one-short", "3f2b8c1e-5d47-4a90-8b6e-1c2d3e4f5a6"),
    ("one-long", "3f2b8c1e-5d47-4a90-8b6e-1c2d3e4f5a6b7"),
    ("not-hex", "3f2b8c1e-5d47-4a90-8b6e-1c2d3e4f5a6g"),
    ("four-groups", "3f2b8c1e-5d47-4a90-8b6e"),
)

NOT_NUMBERS: Labelled = (("letters", "abc"), ("two-signs", "--1"), ("word", "ten"))

NOT_DATES: Labelled = (
    ("day-0", "2026-01-00"),
    ("month-13", "2026-13-01"),
    ("day-32", "2026-01-32"),
    ("letters", "abc"),
)

OUT_OF_RANGE: Labelled = (("over", "101"), ("huge", "100000000000000000000"), ("zero", "0"), ("negative", "-1"))
"""Limits that are numbers but not from 1 to 100: they may be clamped as well as refused."""

NEITHER = "ghjklmpqruvwxyz"
"""Letters of which no uuid, number, date, weekday, time zone or word for a number is made."""

WRONG_VALUES: tuple[tuple[str, Any], ...] = (
    ("null", None),
    ("text", "goat"),
    ("numeric-text", "12"),
    ("number", 12),
    ("fraction", 1.5),
    ("true", True),
    ("array", []),
    ("object", {}),
)
"""A value of every JSON type: those that a schema does not allow are of a wrong type."""

NOT_OBJECTS: tuple[tuple[str, Any], ...] = (
    ("array", []),
    ("string", "goat"),
    ("number", 12),
    ("null", None),
    ("true", True),
)

ODD_TEXTS: Labelled = (
    ("nul", "goat\0"),
    ("lone-surrogate", "goat\ud800"),
    ("long", "g" * 10_000),
    ("right-to-left", "\u202etaog"),
    ("zero-width", "go\u200d\u200bat"),
    ("line-separator", "go\u2028at"),
    ("byte-order-mark", "\ufeffgoat"),
    ("line-break", "goat\r\nX-Goat: 1"),
    ("astral", "\U0001f410" * 3),
    ("combining", "g" + "\u0301" * 40),
    ("quotes", "goat'\"`\\;--"),
    ("markup", "<script>goat</script>&amp;"),
    ("format", "%s%n{0}${goat}{{7*7}}"),
    ("climbing", "../../../../etc/passwd"),
    ("blank", " \t "),
)
"""Text that has broken servers before; whether the API takes it is open, that it never fails on it is not."""

ODD_DAYS: Labelled = (
    ("year-0", "0000-01-01"),
    ("first-year", "0001-01-01"),
    ("last-year", "9999-12-31"),
    ("long-year", "+012026-01-01"),
    ("no-leap-year", "2026-02-29"),
    ("leap-day", "2024-02-29"),
    ("february-30", "2026-02-30"),
    ("one-digit", "2026-6-1"),
)
"""Days at the ends of the calendar and beyond, and in another writing."""

DAY_BEFORE, DAY = "2026-06-14", "2026-06-15"
"""Two days of which there is nothing to say."""

ODD_MOMENTS: Labelled = (
    ("first-of-all", "0001-01-01T00:00:00+14:00"),
    ("last-of-all", "9999-12-31T23:59:59-12:00"),
    ("leap-second", "2026-06-30T23:59:60Z"),
    ("hour-25", "2026-06-15T25:00:00Z"),
    ("no-zone", "2026-06-15T12:00:00"),
    ("milliseconds", "2026-06-15T12:00:00.123Z"),
    ("day", "2026-06-15"),
)
"""Times at the ends of the calendar and of their forms."""

ODD_NUMERALS: Labelled = (
    ("fraction", "1.5"),
    ("sign", "+5"),
    ("space", " 5 "),
    ("exponent", "1e1"),
    ("hexadecimal", "0x10"),
    ("other-digits", "\u0663"),
)
"""Numbers in a writing that a parser may read, or not."""

ODD_QUERY_TEXTS: Labelled = (
    ("empty", ""),
    ("quote", "'\"--"),
    ("encoded", "Z29hdDpnb2F0"),
    ("percent", "%"),
    ("underscore", "_"),
    ("backslash", "\\"),
    ("expression", "([*"),
    ("number", "-1"),
    ("plus", "go+at"),
    ("beyond-ascii", "g\u00f6\u00e4t"),
    ("astral", "\U0001f410"),
)
"""Texts of a query that have broken servers before, as patterns, cursors or names."""


ZEROS = "00000000-0000-0000-0000-000000000000"
"""The uuid that means nothing by itself."""


def odd_uuids(uuid: str) -> Labelled:
    """A uuid in the spellings that some parsers read and others don't; and the one of nothing but zeros."""
    return (
        ("capitals", uuid.upper()),
        ("no-hyphens", uuid.replace("-", "")),
        ("braces", f"{{{uuid}}}"),
        ("urn", f"urn:uuid:{uuid}"),
        ("line-break", f"{uuid}\n"),
        ("zeros", ZEROS),
    )


ODD_SEGMENTS: Labelled = (
    ("letters", "abc"),
    ("digits", "123"),
    ("negative", "-1"),
    ("null", "null"),
    ("quote", "'"),
    ("braces", "{id}"),
    ("space", " "),
    ("nul", "goat\0"),
    ("slash", "a/b"),
    ("astral", "\U0001f410"),
    ("long", "g" * 300),
)
"""Path segments, not yet encoded, that are no ids."""


def bad_authorizations(token_mark: str, never_issued: str) -> tuple[tuple[str, str], ...]:
    """Values of the Authorization header that are malformed beyond doubt, each with its label.

    `token_mark` is the mark of a true key (``exchange.key_mark``), which only the client turns into the key;
    `never_issued` is a well-formed key that no one has. Left out is what the contract leaves open: the letter case of
    the scheme, further spaces. Source: 401.malformed.
    """
    name = _name_in(token_mark)
    prefix, digits = never_issued[:4], never_issued[4:]
    others = ("Basic", "Token", "ApiKey", "Bearers", "Bearer:")
    schemes = tuple((f"scheme-{scheme.lower()}", f"{scheme} {token_mark}") for scheme in others)
    return (
        *schemes,
        ("no-token", "Bearer"),
        ("one-short", f"Bearer {prefix}{digits[:-1]}"),
        ("one-long", f"Bearer {prefix}{digits}0"),
        ("very-long", f"Bearer {prefix}{digits * 16}"),
        ("prefix-only", f"Bearer {prefix}"),
        ("not-hex", f"Bearer {prefix}g{digits[1:-1]}z"),
        ("uppercase", f"Bearer {prefix}A{digits[1:].upper()}"),
        ("true-uppercase", f"Bearer {key_mark(name, 'upper')}"),
        ("true-cut", f"Bearer {key_mark(name, 'cut')}"),
        ("true-longer", f"Bearer {token_mark}0"),
        ("true-and-word", f"Bearer {token_mark} goat"),
        ("true-alone", token_mark),
        ("true-in-quotes", f'Bearer "{token_mark}"'),
    )


def rarely_bad_authorizations(token_mark: str, never_issued: str) -> Labelled:
    """Further ones that are hardly ever taken for a good key: one operation each will do.

    Those that a true key was changed in the middle or at the end for are of the right form, and nobody's all the same.
    """
    name = _name_in(token_mark)
    prefix, digits = never_issued[:4], never_issued[4:]
    bare = key_mark(name, "bare")
    return (
        ("true-and-comma", f"Bearer {token_mark}, Bearer {never_issued}"),
        ("true-without-prefix", f"Bearer {bare}"),
        ("true-last-changed", f"Bearer {key_mark(name, 'last')}"),
        ("true-middle-changed", f"Bearer {key_mark(name, 'middle')}"),
        ("true-start-alone", f"Bearer {key_mark(name, 'start')}"),
        ("true-as-user", f"Basic {key_mark(name, 'basic')}"),
        ("true-prefix-uppercase", f"Bearer {prefix.upper()}{bare}"),
        ("true-other-prefix", f"Bearer sk__{bare}"),
        ("true-and-zero", f"Bearer {prefix}0{bare}"),
        ("true-and-tab", f"Bearer {token_mark}\tgoat"),
        ("true-and-semicolon", f"Bearer {token_mark};goat"),
        ("true-scheme-twice", f"Bearer Bearer {token_mark}"),
        ("true-without-space", f"Bearer{token_mark}"),
        ("pattern", f"Bearer {prefix}%"),
        ("not-ascii", f"Bearer {prefix}\xe9{digits[1:]}"),
    )


def _name_in(token_mark: str) -> str:
    return token_mark.removeprefix("‹key:").removesuffix("›")
