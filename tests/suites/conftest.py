"""What the tests of suites share."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # where their answers are made


@pytest.fixture
def outcome(stage):
    """The outcome's name and reason (or first finding) of one requirement, against a target that is changed."""

    def judge(requirement, change=None, rules=None, **profile):
        if rules:
            stage.world = replace(stage.world, rules=rules(stage.world.rules))
        played = stage.play(requirement, change=change, **profile)
        found = played.outcomes[requirement]
        return found.name, found.reason or next((b.problem.message for b in found.breaches), "")

    return judge
