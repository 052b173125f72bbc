"""A run that moves the target's clock, close to midnight."""

import datetime as dt
from dataclasses import replace

import pytest

from goatcheck.model import Clock, reference_world


def at(hour, minute):
    return dt.datetime(2026, 6, 15, hour, minute, tzinfo=dt.UTC).timestamp()


@pytest.mark.parametrize("start", [at(23, 58), at(22, 30), at(0, 0)])
def test_no_midnight_is_crossed_by_accident(stage, start):
    near = replace(stage, world=reference_world(clock=Clock(start)))
    played = near.play()
    assert {name: outcome for name, outcome in played.names.items() if outcome != "pass"} == {}
