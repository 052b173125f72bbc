"""A staging server as a user has it: real limits, no clock to move, no answers on demand. Its time is virtual."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from goatcheck.model import reference_world

sys.path.insert(0, str(Path(__file__).parent))

from virtual import SharedClock, VirtualClock

LIVE = {
    "base_url": "https://staging.example/api/v1",
    "clock": "",
    "force": None,
    "max_requests": 600,
    "max_creates": 20,
    "requests_per_minute": 50,
}


@dataclass
class Seen:
    """What a request was answered with, when (seconds of the target's time), and with which key."""

    moment: float
    key: str
    method: str
    path: str
    status: int


@dataclass
class Staging:
    """Plays runs as on staging; `seen` is what the server saw."""

    stage: object
    clock: VirtualClock
    seen: list = field(default_factory=list)

    @property
    def seconds(self):
        """How much time has passed on the target."""
        return self.clock.now() - self.clock.start

    def play(self, *only, change=lambda _request, forward, _number: forward(), **profile):
        names = {key.token: key.name for key in self.stage.profile.keys}

        def noting(request, forward, number):
            moment = self.clock.now()
            response = change(request, forward, number)
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            seen = Seen(moment, names.get(token, ""), request.method, request.url.path, response.status_code)
            self.seen.append(seen)
            return response

        return self.stage.play(*only, change=noting, target_clock=self.clock, **{**LIVE, **profile})


@pytest.fixture
def staging(stage):
    clock = VirtualClock()
    stage.world = reference_world(clock=SharedClock(clock))
    return Staging(stage, clock)
