"""The one place where text that a target sent is made harmless to look at. Every renderer for people goes through here.

Whatever could hide, move or repaint text is shown as an escape of its code point: control characters, ANSI sequences,
bidirectional overrides, zero-width characters, odd spaces, private use and lone surrogates. What a format itself gives a
meaning to (`<`, `|`, `]]>`) is the renderer's own affair.
"""

from __future__ import annotations

import re

_KEPT = frozenset("\n\t")
_WORD = re.compile(r"""(?:[^\s'"\\]|\\.|'[^']*+'|"(?:\\.|[^"\\])*+")++""")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_COMMAND = re.compile(rf"\s*+(?:{_WORD.pattern}\s*+)*+")


def clean(text: str, *, keep: frozenset[str] = _KEPT) -> str:
    """The text with each character that can't be seen as itself written as an escape; those in `keep` stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode("ascii") for c in text)


def one_line(text: str, limit: int = 300) -> str:
    """The text on one line (line breaks become escapes), at most about `limit` characters; says how many were left out."""
    shown = clean(text[:limit], keep=frozenset())
    left = len(text) - limit
    return shown if left <= 0 else f"{shown}... ({left} more characters)"


def spans(text: str) -> tuple[tuple[str, bool], ...]:
    """The parts of a sentence of ours: plain text, and (True) what stands between two backticks, without them."""
    parts = _CODE.split(text)
    return tuple((part, number % 2 == 1) for number, part in enumerate(parts) if part)


def excerpt(text: str, characters: int, lines: int) -> tuple[str, int]:
    """The start of a text, cleaned, at most so many characters and lines of it; and how many characters were left out."""
    start = "\n".join(text[:characters].split("\n")[:lines])
    return clean(start), len(text) - len(start)


def shell_lines(command: str, width: int) -> str:
    """A shell command over several lines of at most `width` columns, still one command when pasted.

    It is broken between words only, with a backslash; a single word that is longer than a line stays whole.
    """
    lines: list[str] = []
    for word in _words(one_line(command, limit=4000)):
        if lines and len(lines[-1]) + len(word) + len(" ") + len(" \\") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(f"  {word}" if lines else word)
    return " \\\n".join(lines)


def longest_run(text: str, character: str) -> int:
    """How many times in a row the character occurs in the text at most."""
    return max((len(run) for run in re.findall(re.escape(character) + "+", text)), default=0)


def _words(command: str) -> list[str]:
    """The words of a command as they are written, quotes and all; a command with an open quote is one word."""
    return _WORD.findall(command) if _COMMAND.fullmatch(command) else [command]
