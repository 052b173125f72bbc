"""The table of requirements in the README of the contracts."""

import runpy
import sys

import pytest
from click.testing import CliRunner

from goatcheck.contract.table import BEGIN, END, main, renewed, table
from goatcheck.errors import UsageError
from goatcheck.rooms import room

README = room("contracts") / "README.md"


def test_the_readme_is_fresh():
    assert CliRunner().invoke(main, ["--check"]).exit_code == 0


def test_there_is_a_row_for_each_requirement(contract):
    rows = table(contract).splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [r.id for r in contract.requirements]
    assert all(row.replace("\\|", "").count("|") == 7 for row in rows)


def test_a_row_tells_level_source_meaning_and_needs(contract):
    row = next(row for row in table(contract).splitlines() if row.startswith("| 402.limit.atomic |"))
    assert row.startswith("| 402.limit.atomic | MUST | sent | P | Of several creates")
    assert row.endswith("| `role:capped`, `fixture:capped_project`, `writes`, `stateful` |")


def test_what_stands_around_the_table_stays(contract):
    fresh = renewed(f"above\n{BEGIN}\nold\n{END}\nbelow\n", contract)
    assert fresh == f"above\n{BEGIN}\n{table(contract)}\n{END}\nbelow\n"


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}\n{BEGIN}"])
def test_a_text_without_a_place_for_the_table_is_refused(text, contract):
    with pytest.raises(UsageError, match="no place for the table"):
        renewed(text, contract)


def test_a_stale_table_is_told_and_then_made_new(tmp_path):
    readme = tmp_path / "README.md"
    stale = README.read_text(encoding="utf-8").replace("| 401.missing |", "| 401.gone |")
    readme.write_text(stale, encoding="utf-8")
    checked = CliRunner().invoke(main, ["--check", str(readme)])
    assert checked.exit_code == 1
    assert "is stale: run python -m goatcheck.contract.table" in checked.output
    assert readme.read_text(encoding="utf-8") == stale
    assert CliRunner().invoke(main, [str(readme)]).exit_code == 0
    assert readme.read_text(encoding="utf-8") == README.read_text(encoding="utf-8")


def test_it_runs_as_a_module(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["table", "--check"])
    monkeypatch.delitem(sys.modules, "goatcheck.contract.table")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("goatcheck.contract.table", run_name="__main__")
    assert ended.value.code == 0
