"""`goatcheck clean` removes what killed runs left, and nothing else."""

import json

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.conduct.sweeping import left_by_a_run
from goatcheck.exchange import Request
from goatcheck.mock import serve
from goatcheck.model import profile_toml, reference_world


@pytest.fixture
def world():
    return reference_world()


@pytest.fixture
def profile(world, tmp_path):
    with serve(world) as served:
        path = tmp_path / "mock.toml"
        path.write_text(profile_toml(world, served.base_url, served.clock_url))
        yield path


def create(world, key, path, **body):
    headers = (("Authorization", f"Bearer {world.profile.key(key).token}"), ("Content-Type", "application/json"))
    answer = world.answer(Request("POST", path, "", headers, json.dumps(body).encode()))
    assert answer.status == 201
    return answer.document.value["data"]["id"]


def creators(world, fixture):
    return f"/projects/{world.profile.fixtures[fixture].id}/creators"


def there(world):
    state = world.state
    return (
        {c.id for c in state.creators.values() if not c.removed} | state.campaigns.keys() | state.payout_methods.keys()
    )


def run(*arguments):
    return CliRunner().invoke(main, ["clean", *map(str, arguments)], terminal_width=200)


@pytest.fixture
def left(world):
    """What killed runs left: in each org something."""
    return {
        create(world, "full", creators(world, "project"), tiktok_handle="gc-0a1b2c-t7"),
        create(world, "full", creators(world, "project"), tiktok_handle="GC-FFFFFF-1"),
        create(world, "full", "/payout-methods", name="gc-0a1b2c-9"),
        create(
            world, "foreign", creators(world, "foreign_project").replace("creators", "campaigns"), name="gc-123456-1"
        ),
        create(world, "capped", creators(world, "capped_project"), tiktok_handle="gc-123456-2"),
    }


@pytest.fixture
def others(world):
    """What only looks as if a run had left it."""
    names = ("gc-0a1b2-t7", "gc-0a1b2g-1", "my-gc-0a1b2c-1", "gc", "gc-0a1b2c")
    return {create(world, "full", creators(world, "project"), tiktok_handle=name) for name in names}


def test_what_runs_left_is_removed_and_nothing_else(world, profile, left, others):
    before = there(world)
    result = run("--profile", profile)
    assert (result.exit_code, there(world)) == (0, before - left)
    assert others <= there(world)
    assert "creator gc-0a1b2c-t7 (" in result.output
    assert "campaign gc-123456-1 (" in result.output
    assert result.output.splitlines()[-1] == "5 things removed."


def test_a_second_time_there_is_nothing(profile, left):
    assert left
    run("--profile", profile)
    result = run("--profile", profile)
    assert (result.exit_code, result.output) == (0, "Nothing of a run was found.\n")


def test_a_dry_run_removes_nothing(world, profile, left):
    before = there(world)
    result = run("--profile", profile, "--dry-run")
    assert left <= there(world) == before
    assert result.exit_code == 3
    assert result.output.splitlines()[-1] == "5 things would be removed."


def test_without_writes_nothing_may_be_removed(world, profile, left):
    profile.write_text(profile.read_text().replace("writes = true", "writes = false"))
    result = run("--profile", profile)
    assert result.exit_code == 2
    assert "target.writes is false" in result.output
    assert left <= there(world)
    assert run("--profile", profile, "--dry-run").exit_code == 3


def test_what_cannot_be_looked_at_or_removed_is_told(world, profile, left):
    world.state.keys.pop(world.profile.key("capped").token)
    result = run("--profile", profile)
    assert result.exit_code == 3
    assert "What is in GET /creators of capped is not known" in result.output
    assert len(left & there(world)) == 1


def test_a_target_that_is_not_there_is_unusable(profile, tmp_path):
    gone = tmp_path / "gone.toml"
    with serve(reference_world()) as served:
        url = served.base_url
    gone.write_text(profile.read_text())
    result = run("--profile", gone, "--base-url", url)
    assert result.exit_code == 5
    assert "is the target running" in result.output


def test_the_profile_has_to_be_named():
    assert run().exit_code == 2


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("gc-0a1b2c-", True),
        ("@gc-0a1b2c-1", True),
        ("Gc-0A1B2C-x", True),
        ("gc-0a1b2c", False),
        (" gc-0a1b2c-1", False),
        ("gc-\u0660a1b2c-1", False),
        ("", False),
    ],
)
def test_names_of_runs_are_told_from_others(name, ours):
    assert left_by_a_run(name) is ours
