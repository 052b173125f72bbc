"""What every reader of recordings gives: entries, and what could not be read, each with its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from goatcheck.exchange import Exchange

LOST = "the recording does not hold the body"
"""Why a body can't be judged, where nothing more is known."""


@dataclass(frozen=True)
class Entry:
    """One exchange of a recording. Its secrets are still in it: `redacted` takes them out.

    `place` is such as "entry 17". The path of the exchange's request is the URL's, or, where `relative` is true, what follows
    the API's base URL. `origin` is such as "https://api.example:8443", "" where the recording does not tell. Where
    `whole_headers` is false the recording holds no header of the response, whatever the server sent.
    """

    place: str
    exchange: Exchange
    origin: str = ""
    relative: bool = False
    whole_headers: bool = True


@dataclass(frozen=True)
class Unread:
    """A part of a recording that gives no exchange, and why. `damage` is false where nothing was wrong with the file: no
    answer ever came, or none is written down. The reason holds no text of the file, which may be secret.
    """

    place: str
    reason: str
    damage: bool = True


Item = Entry | Unread

Reader = Callable[[BinaryIO, Path | None], Iterator[Item | None]]
"""Reads one format: from a stream, and from the folder that the file lies in (None: from no file). It gives None for what tells
of no exchange and counts all the same, such as a blank line.
"""


class NoExchange(Exception):  # noqa: N818 - it is no error: there was no answer
    """Raised by what converts an entry, where it tells of no answer; the text says why."""


def converted(values: Iterable[Any], noun: str, convert: Callable[[str, Any], Entry]) -> Iterator[Item]:
    """Each value of a recording as `convert(place, value)` has it; one that it can't be made of is told with its place."""
    for number, value in enumerate(values, start=1):
        yield attempt(f"{noun} {number}", value, convert)


def attempt(place: str, value: Any, convert: Callable[[str, Any], Entry]) -> Item:
    """One value as an entry, or why it is none."""
    try:
        return convert(place, value)
    except NoExchange as reason:
        return Unread(place, str(reason), damage=False)
    except KeyError as error:
        return Unread(place, f"its member {error} is missing")
    except (TypeError, ValueError, AttributeError, IndexError, OverflowError):
        return Unread(place, "a member of it has an unexpected type or value")


def member(value: Any, name: str) -> Mapping[str, Any]:
    """A member that must be there and be an object. Raises KeyError or TypeError."""
    found = value[name]
    if not isinstance(found, Mapping):
        raise TypeError(name)
    return found
