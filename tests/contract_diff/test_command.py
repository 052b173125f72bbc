"""`goatcheck contract-diff`: its formats, its exit codes, and what it says of wrong arguments."""

import json
import shutil

import jsonschema
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from goatcheck.cli import main
from goatcheck.contract import load
from goatcheck.contract_diff import Change, Difference, difference
from goatcheck.contract_diff.rendering import as_json, markdown, text
from goatcheck.rooms import room

ONE = Difference("1", "2", (Change("status-added", "423", "423 is a documented status now", "", "423 (locked)"),))


def told(*arguments):
    return CliRunner().invoke(main, ["contract-diff", *map(str, arguments)])


@pytest.fixture
def own(tmp_path):
    """A contract of somebody's own: the newest one with one SHOULD made a MUST."""
    home = tmp_path / "ours"
    shutil.copytree(room("contracts") / "2026-06", home)
    register = home / "requirements.toml"
    words = register.read_text(encoding="utf-8")
    head, mark, tail = words.partition('id = "401.challenge"')
    register.write_text(head + mark + tail.replace("SHOULD", "MUST", 1), encoding="utf-8")
    return home


def test_a_breaking_change_is_exit_code_1():
    result = told("2026-05", "2026-06")
    assert result.exit_code == 1
    assert result.output.startswith("From contract 2026-05 to 2026-06: 10 breaking and 48 additive changes.\n")
    assert (
        "\nBREAKING code-replaced\n  A client that branches on the old code does not know the new one.\n"
        in result.output
    )
    assert "\n  - 429.window: meta.code is rate_limit_exceeded, and was too_many_requests\n" in result.output


def test_additive_changes_alone_are_exit_code_0(own):
    result = told("2026-06", own)
    assert result.exit_code == 0
    assert result.output == (
        "From contract 2026-06 to ours: 0 breaking and 1 additive change.\n"
        "Whom it may break: clients that read errors. Servers and mocks of the old\n"
        "edition have to follow all of it.\n"
        "\n"
        "ADDITIVE level-raised\n"
        "  What was recommended can be counted on now.\n"
        "  - 401.challenge: MUST, and was SHOULD\n"
    )


def test_the_same_taken_back_is_breaking(own):
    assert told(own, "2026-06").exit_code == 1


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_no_change_is_exit_code_0_and_said_in_one_line(form):
    result = told("2026-06", "2026-06", "--format", form)
    assert result.exit_code == 0
    assert "The contracts 2026-06 and 2026-06 say the same.\n" in result.output
    assert "Whom it may break" not in result.output


@pytest.mark.parametrize("unknown", ["1999-01", "nowhere/2026-06", "docs"])
def test_an_unknown_contract_is_exit_code_2_with_the_known_ones(unknown):
    result = told("2026-06", unknown)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (f"goatcheck: There is no contract version {unknown!r}; there are: 2026-05, 2026-06.\n")


def test_no_line_for_a_terminal_is_wider_than_80_columns():
    for old, new in (("2026-05", "2026-06"), ("2026-06", "2026-05")):
        assert max(map(len, text(difference(load(old), load(new))).splitlines())) <= 80


def test_json_is_as_its_schema_has_it():
    schema = json.loads((room("contracts") / "contract-diff.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for old, new in (("2026-05", "2026-06"), ("2026-06", "2026-06")):
        document = json.loads(told(old, new, "--format", "json").stdout)
        jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
        effects = [change["effect"] for change in document["changes"]]
        assert (document["breaking"], document["additive"]) == (effects.count("breaking"), effects.count("additive"))


def test_json_says_what_was_and_what_is():
    assert json.loads(as_json(ONE))["changes"] == [
        {
            "rule": "status-added",
            "effect": "additive",
            "where": "423",
            "message": "423 is a documented status now",
            "old": "",
            "new": "423 (locked)",
            "why": "A client treats a status that it does not know as the first of its class (RFC 9110, 15).",
        }
    ]


def test_markdown_has_an_item_for_every_change():
    told_of = difference(load("2026-05"), load("2026-06"))
    tokens = MarkdownIt().parse(markdown(told_of))
    assert sum(token.type == "list_item_open" for token in tokens) == len(told_of.changes)
    assert next(t.content for t in tokens if t.type == "inline") == "Contract 2026-05 to 2026-06"


@pytest.mark.parametrize("odd", ["<img src=x onerror=alert(1)>", "[a](http://x)", "**b** `", "a | b", "`<b>` and <b>"])
def test_words_of_a_contract_stay_words_in_markdown(odd):
    hostile = Difference("1", "2", (Change("status-added", "423", odd),))
    html = MarkdownIt("commonmark", {"html": True}).render(markdown(hostile))
    assert "<img" not in html
    assert "<a " not in html
    assert "<b>" not in html
    assert html.count("<strong>") == 1
