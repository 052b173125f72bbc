"""`goatcheck export`."""

import pytest

from goatcheck.cli import main
from goatcheck.cli.export import _NAMES
from goatcheck.export import FORMATS


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(["export", *map(str, arguments)])
    return ended.value.code


def test_the_formats_of_the_command_are_those_that_there_are():
    assert tuple(FORMATS) == _NAMES


@pytest.mark.parametrize("name", FORMATS)
def test_it_writes_the_files_and_says_how_to_serve_and_judge_them(tmp_path, capsys, name):
    folder = tmp_path / "new" / name
    assert run("--format", name, folder) == 0
    out = capsys.readouterr().out
    count = sum(path.is_file() for path in folder.rglob("*"))
    assert out.startswith(f"Wrote {count} file")
    assert FORMATS[name].serve in out
    assert f"goatcheck run --profile {FORMATS[name].profile}" in out


def test_what_is_there_stays_as_it_is(tmp_path, capsys):
    (tmp_path / "openapi.yaml").write_text("mine")
    assert run("--format", "openapi", tmp_path) == 2
    assert "is there already and stays as it is. Name another folder." in capsys.readouterr().err
    assert (tmp_path / "openapi.yaml").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert run("--format", "json", tmp_path / "file" / "folder") == 2
    assert "can't be written to: Not a directory. Name another folder." in capsys.readouterr().err


def test_a_format_that_there_is_not_is_wrong_usage(tmp_path, capsys):
    assert run("--format", "pact", tmp_path) == 2
    assert "'pact' is not one of" in capsys.readouterr().err
