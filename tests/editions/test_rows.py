"""The rows that only an earlier edition has: each is green on its mock, and red where just that is broken."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.contract import load
from goatcheck.model import as_edition, reference_world
from goatcheck.model.answers import failure, insufficient_scope
from goatcheck.model.limits import refuse_spent

MAY = load("2026-05")
JSON = ("Content-Type", "application/json")


def revoked_still_works(world):
    (key,) = world.profile.with_role("revoked")
    world.state.keys[key.token] = replace(world.state.keys[world.profile.key("full").token], token=key.token)
    return world


def with_stage(name, stage):
    return lambda world: replace(world, rules=world.rules.with_stage(name, stage))


def without_ban(world):
    return replace(world, rules=world.rules.without_stage("ban"))


def scoped(_world, call):
    refused = "write" not in call.caller.scopes and call.method == "PATCH"
    return insufficient_scope("write", call.caller.scopes) if refused else None


def spent(meta):
    limited = failure(429, "no", meta)
    return with_stage("quota", lambda world, call: limited if refuse_spent(world, call) else None)


ROWS = [
    ("401.revoked", revoked_still_works),
    ("403.ban", without_ban),
    ("403.only-banned", with_stage("scope", scoped)),
    ("429.daily.code", spent({"code": "quota_exceeded", "retryAfter": 60})),
    ("429.daily.retry-after", spent({"code": "rate_limit_exceeded"})),
    ("status.listed", with_stage("query", lambda _world, call: failure(422, "no") if call.request.query else None)),
]


@pytest.mark.parametrize(("row", "fault"), ROWS, ids=[row for row, _ in ROWS])
def test_a_row_is_green_on_the_mock_and_red_where_it_is_broken(stage, row, fault):
    stage.world = as_edition(reference_world(), MAY)
    assert stage.play(row, contract=MAY, force=None).names == {row: "pass"}
    stage.world = fault(as_edition(reference_world(), MAY))
    assert stage.play(row, contract=MAY, force=None).names == {row: "fail"}


def test_every_row_of_may_alone_is_tried_here_or_by_its_data():
    alone = MAY.by_id.keys() - load().by_id.keys()
    assert alone - {row for row, _ in ROWS} == {"429.window.code"}  # tests/contract judges single answers


def test_a_run_by_an_earlier_edition_needs_no_more_than_its_name(tmp_path):
    result = CliRunner().invoke(main, ["run", "--contract", "2026-05", "--only", "401.revoked", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert "contract 2026-05" in result.output


def test_a_plan_by_an_earlier_edition_is_rehearsed_on_its_own_mock():
    result = CliRunner().invoke(main, ["run", "--contract", "2026-05", "--only", "401.revoked", "--plan"])
    assert result.exit_code == 0
    assert "401.revoked" in result.output


@pytest.mark.parametrize(
    "command", [["run"], ["mock"], ["audit", "-"], ["explain"], ["export", "--format", "json", "nowhere"]]
)
def test_an_unknown_edition_is_refused_with_the_known_ones(command):
    result = CliRunner().invoke(main, [*command, "--contract", "1999-01"])
    assert result.exit_code == 2
    assert result.stderr == "goatcheck: There is no contract version '1999-01'; there are: 2026-05, 2026-06.\n"


def test_a_row_of_an_earlier_edition_is_explained_by_it():
    result = CliRunner().invoke(main, ["explain", "--contract", "2026-05", "401.revoked"])
    assert result.exit_code == 0
    assert result.output.startswith("401.revoked (MUST, contract 2026-05)\n")
    assert 'state = "revoked"' in result.output


def test_a_row_that_only_another_edition_has_is_told_by_its_name():
    result = CliRunner().invoke(main, ["explain", "401.revoked"])
    assert result.exit_code == 2
    assert "The contract 2026-05 has it: goatcheck explain --contract 2026-05 401.revoked" in result.stderr.replace(
        "\n", " "
    )
