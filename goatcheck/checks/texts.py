"""The texts of a message: what a response says, and what a request said before it, so that a quotation is told from a leak."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus

from goatcheck.exchange import Document, Request, Response

Text = tuple[str, str]
"""A place (JSON pointer, or "" for the body as a whole) and the text that stands there."""

_BREAKS = re.compile(r"<br\s*/?>", re.IGNORECASE)


def texts_of(response: Response) -> Iterator[Text]:
    """Every string in a JSON body, member names included; a body that is no JSON is one text, HTML undone."""
    if response.document.problem:
        text = response.text
        yield "", html.unescape(_BREAKS.sub("\n", text)) if "<" in text else text
    else:
        yield from _strings(response.document.value)


def quotable(request: Request) -> str:
    """All that a response may repeat of its request: target, header values and body, raw and decoded."""
    parts = [request.target, unquote(request.target), unquote_plus(request.query)]
    parts += [value for _, value in request.headers]
    if request.body:
        parts.append(request.body.decode("utf-8", "replace"))
        document: Document = request.document
        if not document.problem:
            parts += [text for _, text in _strings(document.value)]
    return "\n".join(parts)


def _strings(value: Any) -> Iterator[Text]:
    """The strings in a JSON value with their pointers, without recursion, since a body may be deep."""
    open_values: list[Text | tuple[str, Any]] = [("", value)]
    while open_values:
        at, item = open_values.pop()
        if isinstance(item, str):
            yield at, item
        elif isinstance(item, dict):
            for name, member in item.items():
                place = f"{at}/{name}"
                yield place, name
                open_values.append((place, member))
        elif isinstance(item, list):
            open_values += [(f"{at}/{index}", member) for index, member in enumerate(item)]
