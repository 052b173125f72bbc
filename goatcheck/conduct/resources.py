"""What the API lets a run make: its kinds, and how requests and answers tell of single things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from goatcheck.conduct.answer import Answer
    from goatcheck.drawing import Draft
    from goatcheck.profile.parts import Key


_ID = re.compile(r"[A-Za-z0-9_~:-][A-Za-z0-9_.~:-]{0,127}")
_DEEP = 8


@dataclass(frozen=True)
class Kind:
    """A kind of resource: the member that names it, the operation that lists it, and whether a project holds it."""

    name: str
    lists: str
    in_project: bool


KINDS: Mapping[str, Kind] = {
    "creator": Kind("tiktok_handle", "GET /creators", in_project=True),
    "campaign": Kind("name", "GET /campaigns", in_project=True),
    "payout_method": Kind("name", "GET /payout-methods", in_project=False),
}
"""What the API lets a run make."""


@dataclass(frozen=True)
class Made:
    """Something this run made: the key that can remove it, its project ("" for none), and the number of the exchange that
    gave it its present name.
    """

    kind: str
    id: str
    name: str
    owner: Key
    project: str = ""
    number: int = 0

    def __str__(self) -> str:
        return f"The {self.kind} {self.name} ({self.id})"


@dataclass(frozen=True)
class Keyed:
    """A create under an `Idempotency-Key`: the request, that header field, and what came back."""

    draft: Draft
    key: tuple[str, str]
    answer: Answer


def items_of(answer: Answer) -> list[dict[str, Any]]:
    """The objects in the answer of a list; none where it is no list."""
    data = answer.data
    lists = list(data.values()) if isinstance(data, dict) else [data]
    objects = ([item for item in items if isinstance(item, dict)] for items in lists if isinstance(items, list))
    return next(filter(None, objects), [])


def names_in(body: bytes, marker: str) -> list[str]:
    """Every name that starts with the marker, wherever it stands in a body, once; also in UTF-16."""
    names = re.findall(rf"{re.escape(marker)}[\w.-]+", body.replace(b"\0", b"").decode("utf-8", "replace"))
    return list(dict.fromkeys(names))


def told_of(things: list[dict[str, Any]], member: str, asked: list[str]) -> dict[str, str]:
    """The ids of what was asked for, with the names asked: told by name, else in the order of asking where no names are told."""
    wanted = {name.lower(): name for name in asked}
    named = {t["id"]: wanted[str(t[member]).lower()] for t in things if str(t.get(member)).lower() in wanted}
    if named or len(things) != len(asked):
        return named
    return {thing["id"]: name for thing, name in zip(things, asked, strict=True)}


def id_of(thing: Mapping[str, Any]) -> str:
    """The id that an answer tells of a thing; "" where it tells none that may stand in a path: who decodes it too early must not
    be led elsewhere by it.
    """
    told = thing.get("id")
    return told if isinstance(told, str) and _ID.fullmatch(told) else ""


def identified(data: Any, deep: int = _DEEP) -> list[dict[str, Any]]:
    """The resources in the answer to a create, single or bulk: the objects that carry an id, as `deep` as any that is documented."""
    if isinstance(data, dict) and id_of(data):
        return [data]
    values = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [item for value in values for item in identified(value, deep - 1)] if deep else []


def names_asked(document: Any, member: str) -> list[str]:
    """The names that the body of a create, single or bulk, or of a rename asks for."""
    if not isinstance(document, dict):
        return []
    if isinstance(document.get(member), str):
        return [document[member]]
    return [
        name for value in document.values() if isinstance(value, list) for v in value for name in names_asked(v, member)
    ]
