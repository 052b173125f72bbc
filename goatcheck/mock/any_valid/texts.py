"""Texts and values that an error may hold, some of them such as have misled tests before."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

SENTENCES = (
    "No.",
    "Something went wrong on line 3 at Paris",
    "We could not select a payout method from your account; update your settings and set a default.",
    "At most 60 requests (per minute) are allowed",
    "This is an exception to the rule: see https://www.trackagoat.com/docs/errors.html#limits",
    "Unknown source of truth: the goat column does not add up",
    "Don't panic: nothing was deleted from your account",
    "A stack trace is available to support on request",
    "Insert a coin into the machine, or try again at 10:30:12 (UTC)",
    "Access denied - bitte wenden Sie sich an support@trackagoat.com",
    "Zugriff verweigert: ä ö ü ß",
    "لا يوجد شيء هنا",
    "見つかりません",
    "🐐🐐🐐",
    "null",
    '{"data": null, "error": "nested"}',
    "<b>Not</b> here &amp; not there",
    "100% %s {0} ${goat} `goat` \\n \\ \"quoted\" 'single'",
    "First line\nSecond line\r\n\tThird line",
    "v1.2.3 of this endpoint is gone; /api/v1/creators is its successor",
    "Use application/json; charset=utf-8",
    "This account is outside the scope of our terms",
    "Please select creators from projects where you are a member",
    "You can't delete from campaigns where you are a guest",
    "The goat.at(barn) is local: see errors.local, api.internal and the docs",
    "Key tga_… is shown once, when it is made",
)

_ODD = (
    "\u202eright to left",
    "zero\u200d\u200bwidth",
    "line\u2028separator",
    "\ufeffmark",
    "nul\x00inside",
    "lone \ud83d surrogate",
    "g" + "\u0301" * 30,
    "a very long text " * 200,
    "\x7f\x1b[31mred",
)

FURTHER: Mapping[str, tuple[Any, ...]] = {
    "requestId": ("8f14e45f-ceea-467f-a0e6-1c2d3e4f5a6b", 17, None),
    "docs": ("https://www.trackagoat.com/docs/errors",),
    "issues": ([{"path": ["limit"], "message": "Expected number, received nan"}], []),
    "status": (404, "error", True),
    "message": ("Something went wrong", ""),
    "details": ({"deep": {"deeper": [[], {}, None, 1.5e300, -0.0]}}, {}, None),
    "": ("empty name",),
    "__proto__": ({},),
    "ünïcode\u2028": ("\ud800",),
    "big": (10**30, 1e308, -(2**63)),
    "retry": (False, True),
    "data": (None, [1, 2]),
    "error": (None, "again"),
}
"""Members of `meta` that no document knows, each with values to choose from."""


def odd_text(random: Random) -> str:
    """A text for people, sometimes one with characters that are seldom seen."""
    text = random.choice(SENTENCES)
    if random.random() < 1 / 4:
        text += " " + random.choice(_ODD)
    if random.random() < 1 / 4:
        text += " " + "".join(
            chr(
                random.choice(
                    (random.randint(0x20, 0x7E), random.randint(0xA1, 0x2FF), random.randint(0x1F300, 0x1F5FF))
                )
            )
            for _ in range(12)
        )
    return text
