"""Beside real tools: stub libraries, recorders, schemathesis. `tox -e integrations` installs what they need; without it they are skipped."""

import httpx
import pytest

from goatcheck.audit import audit
from goatcheck.faults import broken_world
from goatcheck.mock import serve
from goatcheck.model import reference_world
from goatcheck.recorded import Api

GOOD_REQUESTS = (("GET", "/creators", None), ("POST", "/payout-methods", {"name": 3}), ("GET", "/nope", None))
"""One success and two errors, of a mock that keeps the contract; without a key each is an error."""


@pytest.fixture
def mock():
    """A function: serves the reference mock, with faults by name; gives its base URL and a good key."""
    opened = []

    def serving(*faults):
        world = broken_world(reference_world(), faults)
        context = serve(world)
        opened.append(context)
        return context.__enter__().base_url, next(key.token for key in world.profile.keys if key.role == "full")

    yield serving
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def audited(current_contract):
    """A function: the report on recordings."""
    return lambda *paths: audit([str(path) for path in paths], Api(current_contract))


@pytest.fixture
def talk():
    """A function: a few requests to a mock, by a function such as `httpx.request`, with and without the key."""

    def talking(base_url, token, send=httpx.request):
        for method, path, body in GOOD_REQUESTS:
            for headers in ({"Authorization": f"Bearer {token}"}, {}):
                send(method, base_url + path, json=body, headers=headers)

    return talking
