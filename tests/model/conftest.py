"""A caller who talks to a reference world with the keys of its profile."""

import json
from dataclasses import dataclass

import pytest

from goatcheck.exchange import Request
from goatcheck.model import World, reference_world

ABSENT = "00000000-0000-4000-8000-000000000000"


@dataclass
class Caller:
    """Asks a world, as one of its keys."""

    world: World

    @property
    def project(self):
        return self.world.profile.fixtures["project"].id

    def fixture(self, name):
        return self.world.profile.fixtures[name].id

    def token(self, key):
        return next(each.token for each in self.world.state.keys.values() if each.name == key)

    def ask(self, method, path, *, key="full", query="", body=None, headers=(), raw=None):
        """The response to one request; `body` is sent as JSON, `raw` as it is, `key` None sends none."""
        fields = list(headers)
        if key:
            fields.append(("Authorization", f"Bearer {self.token(key)}"))
        if body is not None:
            raw = json.dumps(body).encode()
        if raw is not None and not any(name == "Content-Type" for name, _ in fields):
            fields.append(("Content-Type", "application/json"))
        return self.world.answer(Request(method, path, query, tuple(fields), raw))

    def data(self, *args, **kwargs):
        """The data of what must be a success."""
        response = self.ask(*args, **kwargs)
        assert 200 <= response.status < 300, response.text
        return response.member("data")

    def handles(self, key="full"):
        return [creator["tiktok_handle"] for creator in self.data("GET", "/creators", key=key)]

    def create(self, handle, *, key="full", project=None, headers=()):
        """Create one creator, in the main project unless another is named."""
        path = f"/projects/{project or self.project}/creators"
        return self.ask("POST", path, key=key, body={"tiktok_handle": handle}, headers=headers)


@pytest.fixture
def caller():
    return Caller(reference_world())


@pytest.fixture
def absent():
    return ABSENT
