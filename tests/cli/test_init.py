"""`goatcheck init` writes a commented profile and never overwrites anything."""

from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.profile.template import commented_profile


def run(*arguments):
    return CliRunner().invoke(main, ["init", *map(str, arguments)])


def test_it_writes_the_commented_profile_and_says_what_comes_next(tmp_path):
    path = tmp_path / "staging.toml"
    result = run(path)
    assert (result.exit_code, path.read_text("utf-8")) == (0, commented_profile())
    assert f"goatcheck doctor --profile {path}" in result.output


def test_without_a_name_it_is_goatcheck_toml(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run().exit_code == 0
    assert (tmp_path / "goatcheck.toml").read_text("utf-8") == commented_profile()


def test_a_file_that_is_there_stays_as_it_is(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("mine")
    result = run(path)
    assert (result.exit_code, path.read_text()) == (2, "mine")
    assert result.stderr == (
        f"goatcheck: {path} is there already and stays as it is. Name another file: goatcheck init other.toml\n"
    )


def test_a_folder_that_is_not_there_is_told(tmp_path):
    result = run(tmp_path / "none" / "x.toml")
    assert result.exit_code == 2
    assert "can't be written: No such file or directory." in result.stderr
