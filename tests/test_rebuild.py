"""A report from a journal is the report of the run; a journal that was cut anywhere tells of an interrupted one."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.errors import UsageError
from goatcheck.model import reference_world
from goatcheck.rebuild import profile_from, rebuilt
from goatcheck.report.normal import normalised
from goatcheck.session import profile_data


@pytest.fixture(scope="module")
def finished(served, tmp_path_factory):
    """The folder of a run with findings, waivers, untried requirements and errors, and the exit code of it."""
    folder = tmp_path_factory.mktemp("finished")
    world = reference_world()
    with served(replace(world, rules=world.rules.without_stage("scope"))) as where:
        text = where.profile.read_text(encoding="utf-8").replace('state = "expired"', 'state = "active"')
        text += WAIVED.format(reason="planned")
        where.profile.write_text(text, encoding="utf-8")
        arguments = ["run", "--profile", where.profile, "--out", folder, "--label", "nightly", "--strict"]
        for only in ("403", "401.expired", "401.missing", "500.forced"):
            arguments += ["--only", only]
        result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == 1, result.output
    return folder


WAIVED = """
[[waivers]]
requirement = "403.scope.write"
operation = "DELETE /creators/{{id}}"
reason = "{reason}"
until = 2099-01-01
"""


def data_of(folder):
    return normalised(json.loads((folder / "report.json").read_text(encoding="utf-8")))


def command(*arguments):
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def test_the_report_of_a_journal_is_the_report_of_the_run(finished, tmp_path):
    result = command(finished / "exchanges.jsonl", "--out", tmp_path)
    assert result.exit_code == 1
    assert data_of(tmp_path) == data_of(finished)
    for name in ("report.html", "report.md", "junit.xml"):
        assert (tmp_path / name).is_file()
    assert "NONCONFORMANT" in result.output
    assert "403.scope.write" in result.output


def test_without_another_folder_the_report_goes_beside_the_journal(finished, tmp_path):
    journal = tmp_path / "exchanges.jsonl"
    journal.write_bytes((finished / "exchanges.jsonl").read_bytes())
    result = command(journal, "--quiet")
    assert result.output.count("\n") == 1
    assert data_of(tmp_path) == data_of(finished)


def test_a_journal_cut_anywhere_gives_the_report_of_an_interrupted_run(finished, tmp_path):
    whole = (finished / "exchanges.jsonl").read_bytes()
    first = whole.index(b"\n") + 1
    places = [first, first + 1, *range(first, len(whole) - 1, len(whole) // 12), len(whole) - 1]
    judged = []
    for place in places:
        journal = tmp_path / "cut.jsonl"
        journal.write_bytes(whole[:place])
        report = rebuilt(journal)
        assert (report.verdict, report.exit_code, report.run.complete) == ("interrupted", 130, False), place
        assert "what it had made may be left on the target" in " ".join(report.notes)
        assert len(report.requirements) == len(data_of(finished)["requirements"])
        judged.append(sum(result.judged for result in report.requirements))
    assert judged == sorted(judged)
    assert judged[0] == 0 < judged[-1]


def test_a_header_alone_is_a_run_that_had_not_begun(finished, tmp_path):
    header = (finished / "exchanges.jsonl").read_bytes().split(b"\n", 1)[0]
    journal = tmp_path / "header.jsonl"
    journal.write_bytes(header + b"\n")
    report = rebuilt(journal)
    assert (report.run.requests, report.run.seconds, report.target.label) == (0, 0.0, "nightly")


@pytest.mark.parametrize("member", ["contract", "profile", "selected", "strict", "command"])
def test_a_journal_of_another_goatcheck_is_told(finished, tmp_path, member):
    lines = (finished / "exchanges.jsonl").read_text(encoding="utf-8").splitlines()
    header = json.loads(lines[0])
    del header["data"][member]
    journal = tmp_path / "old.jsonl"
    journal.write_text("\n".join([json.dumps(header), *lines[1:], ""]), encoding="utf-8")
    with pytest.raises(UsageError, match=f"is a journal of another goatcheck, or damaged: .*{member}"):
        rebuilt(journal)


def test_a_file_that_is_no_journal_is_wrong_usage(tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text('{"kind": "x"}\n', encoding="utf-8")
    result = command(other)
    assert (result.exit_code, "is no journal of goatcheck" in result.stderr) == (2, True)
    assert command(tmp_path / "nowhere.jsonl").exit_code == 2


def test_a_profile_survives_the_journal_but_for_what_is_secret(stage):
    profile = replace(stage.profile, headers={"X-Env": "staging"})
    again = profile_from(json.loads(json.dumps(profile_data(profile))))
    keys = tuple(replace(key, token="") for key in profile.keys)
    assert again == replace(profile, keys=keys, headers={"X-Env": ""})


def test_a_profile_without_force_survives_too(stage):
    profile = replace(stage.profile, force=None, keys=())
    assert profile_from(json.loads(json.dumps(profile_data(profile)))) == profile
