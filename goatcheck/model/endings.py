"""What every answer gets last: the date, and for HEAD the loss of its body."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING

from goatcheck.exchange import Response
from goatcheck.model.call import Call

if TYPE_CHECKING:
    from goatcheck.model.world import World


def date(_world: World, call: Call, response: Response) -> Response:
    """The same response, dated by the world's clock."""
    return dated(response, call.now)


def head(_world: World, call: Call, response: Response) -> Response:
    """The same response without its body where HEAD asked; `Content-Length` still tells of it."""
    if call.request.method != "HEAD":
        return response
    return replace(response, headers=(*response.headers, ("Content-Length", str(len(response.body)))), body=b"")


def dated(response: Response, now: float) -> Response:
    """The same response with a `Date` of the Unix time `now`."""
    fields = (*response.headers, ("Date", _http_date(int(now))))
    return Response(response.status, fields, response.body, response.oddity, response.miscoded)


@lru_cache(maxsize=64)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)
