"""Exchanges written in one line, and how they are judged. A case is a dictionary of what differs from a plain 404."""

import json
import sys
from pathlib import Path

import pytest

from goatcheck.checks import observe
from goatcheck.contract.loading import load
from goatcheck.exchange import Exchange, Intent, Request, Response

sys.path.insert(0, str(Path(__file__).parent))  # where the rows are

JSON_TYPE = ("Content-Type", "application/json")
NOTHING = ...
KEY = ("Authorization", "Bearer ‹key:reader›")


def make_exchange(
    status=404,
    *,
    data=None,
    error="No such resource",
    meta=NOTHING,
    more=None,
    raw=None,
    headers=(),
    content_type=JSON_TYPE,
    oddity="",
    miscoded="",
    method="GET",
    path="/creators",
    query="",
    sent=(KEY,),
    body=None,
    **intent,
):
    """An exchange. `data`, `error` and `meta` NOTHING leave that member out, `more` adds members; `raw` replaces the whole
    body; `sent` and `body` are the request's headers and body."""
    members = {
        name: value for name, value in (("data", data), ("error", error), ("meta", meta)) if value is not NOTHING
    }
    text = json.dumps({**members, **(more or {})}, ensure_ascii=False).encode() if raw is None else raw
    fields = tuple(headers) + ((content_type,) if content_type else ())
    return Exchange(
        1,
        Request(method, path, query, tuple(sent), body),
        Response(status, fields, text, oddity=oddity, miscoded=miscoded),
        Intent(**intent),
    )


@pytest.fixture(scope="session")
def contract():
    return load()


@pytest.fixture(scope="session")
def exchange():
    return make_exchange


@pytest.fixture(scope="session")
def judge(contract):
    """Judges a case; gives the judgements by requirement."""
    return lambda **case: {j.requirement: j for j in observe(make_exchange(**case), contract)}
