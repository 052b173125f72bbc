"""A reference world, and clients that reach it with and without sockets."""

import httpx
import pytest

from goatcheck.mock import BASE_URL, CLOCK_URL, WorldTransport, serve
from goatcheck.model import reference_world


@pytest.fixture
def world():
    return reference_world()


@pytest.fixture
def bearer(world):
    """The headers that carry a key of the profile."""
    return lambda name: {"Authorization": f"Bearer {world.profile.key(name).token}"}


@pytest.fixture
def served(world):
    with serve(world) as where:
        yield where


@pytest.fixture(params=["in-process", "served"])
def door(request, world):
    """A client with the API's base URL and the URL of the clock, in both ways in."""
    if request.param == "in-process":
        with httpx.Client(base_url=BASE_URL, transport=WorldTransport(world)) as client:
            yield client, CLOCK_URL
    else:
        where = request.getfixturevalue("served")
        with httpx.Client(base_url=where.base_url, trust_env=False, verify=False) as client:  # noqa: S501 - no TLS here
            yield client, where.clock_url
