"""Lists told in another order, on shorter pages, and page by page where the documents name no cursor."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Any

from goatcheck.exchange import Response
from goatcheck.mock.any_valid.changes import document
from goatcheck.model import answers, validation
from goatcheck.model.call import Call, Refused
from goatcheck.model.world import Action, Rules, World

_ALL = 10**9
_LISTS = ("GET /projects", "GET /creators", "GET /videos", "GET /campaigns", "GET /payout-methods")


def paged(
    rules: Rules, *, newest_first: bool = False, most: int = 100, everywhere: bool = False, offsets: bool = False
) -> Rules:
    """The rules with other pages: `most` items on one, the newest first where wanted, `everywhere` also in the lists that
    have no documented cursor. A cursor is the id of the last item that was told, or with `offsets` the number of items
    told so far: what is added in between then shows an item twice.
    """
    for operation in _LISTS:
        route = rules.routes[operation]
        if everywhere or "cursor" in route.query:
            query = {"limit": validation.whole(1, 100), **route.query, "cursor": _read_cursor}
            rules = replace(rules, routes={**rules.routes, operation: replace(route, query=query)})
            paging = _paging(rules.actions[operation], newest_first=newest_first, most=most, offsets=offsets)
            rules = rules.with_action(operation, paging)
    return rules


def _paging(action: Action, *, newest_first: bool, most: int, offsets: bool) -> Action:
    def told(world: World, call: Call) -> Response:
        limit = min(call.query.pop("limit", world.rules.numbers.default_page), most)
        after = call.query.pop("cursor", 0)
        call.query["limit"] = _ALL
        rows = document(action(world, call))["data"]
        rows = rows[::-1] if newest_first else rows
        ends = [str(place + 1) if offsets else row["id"] for place, row in enumerate(rows)]
        start = ends.index(after) + 1 if after in ends else 0
        page = rows[start : start + limit]
        following = _write_cursor(ends[start + limit - 1]) if start + limit < len(rows) else None
        return answers.success(page, {"nextCursor": following, "total": len(rows)})

    return told


def _write_cursor(last: str) -> str:
    return base64.b64encode(last.encode()).decode()


def _read_cursor(value: Any) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        raise Refused("is no cursor of ours") from None
