"""In a job on GitHub Actions no answer of a target is read as a command, and findings are annotations."""

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.model import reference_world

EVIL = "::add-mask::everything"


def invoke(*arguments):
    return CliRunner(env={"GITHUB_ACTIONS": "true"}).invoke(main, [*map(str, arguments)])


def commands(log):
    """The lines that GitHub takes for commands."""
    mark = re.match(r"::stop-commands::(\w{32})\n", log)[1]
    quoted, _, rest = log.partition(f"\n::{mark}::\n")
    assert log.count(mark) == 2
    return quoted, [line for line in rest.splitlines() if line]


@pytest.fixture
def evil(served):
    """A target whose 410 is a 200 with a command in its body."""
    world = reference_world()

    def change(_world, _call, response):
        return replace(response, status=200, body=f'"\n{EVIL}\n"'.encode()) if response.status == 410 else response

    with served(replace(world, rules=world.rules.with_ending("evil", change))) as where:
        yield where


def test_a_run_tells_its_findings_as_annotations_and_its_report_as_text(evil, tmp_path):
    result = invoke("run", "--profile", evil.profile, "--only", "410.removed", "--out", tmp_path)
    assert result.exit_code == 1
    report, lines = commands(result.output)
    assert EVIL in [line.strip() for line in report.splitlines()]
    assert [line.partition("::")[2].partition("::")[0] for line in lines] == ["error title=410.removed (MUST) failed"]


def test_a_replay_and_a_report_made_again_tell_nothing_but_text(evil, tmp_path):
    invoke("run", "--profile", evil.profile, "--only", "410.removed", "--out", tmp_path)
    journal = tmp_path / "exchanges.jsonl"
    number = re.search(r'"number": (\d+), "request": [^\n]*/stats', journal.read_text("utf-8"))[1]
    replayed = invoke("run", "--profile", evil.profile, "--replay", f"{journal}#{number}")
    for result in (replayed, invoke("report", journal)):
        assert result.exit_code == 1, result.output
        text, lines = commands(result.output)
        assert EVIL in text
        assert lines == []
