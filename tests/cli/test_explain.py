"""`goatcheck explain` tells a requirement's meaning, source, needs, and how it is tried."""

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.cli.explain import explained
from goatcheck.cli.tried import tryings
from goatcheck.contract import load, versions

CONTRACT = load()


def run(*arguments):
    return CliRunner().invoke(main, ["explain", *arguments])


def test_a_provoked_requirement_is_told_with_its_suite_and_the_lines_that_a_profile_needs():
    assert run("401.expired").output == (
        "401.expired (MUST, contract 2026-06)\n"
        "\n"
        f"{CONTRACT.by_id['401.expired'].meaning}\n"
        "\n"
        "Source  the Errors page of the API's documentation\n"
        "Tried   A key past its expiry is refused with 401 by every operation.\n"
        "        (suites/test_401.py)\n"
        "Broken  by a back end where keys never expire\n"
        "\n"
        "What the profile must offer (role:expired):\n"
        "\n"
        "  [keys.expired]\n"
        '  token_env = "GOAT_EXPIRED"\n'
        '  state = "expired"\n'
    )


def test_one_that_a_schema_judges_is_told_with_the_schema_and_a_body_as_documented():
    output = run("429.window.meta").output
    assert "by the schema alone, on every answer that is 429.window" in output
    assert "Schema   contracts/2026-06/meta/429.window.json" in output
    assert '      "code": "rate_limit_exceeded",' in output


def test_one_that_a_check_judges_is_told_with_the_check_and_who_provides_it():
    output = run("envelope.json").output
    assert "(goatcheck/checks/envelope.py)" in output
    assert "Seen in  every exchange; sure to come up in those of 401.missing" in output


def test_one_that_may_never_show_is_told_with_the_reason():
    assert "Untestable" in run("500.forced").output


@pytest.mark.parametrize("identity", CONTRACT.by_id)
def test_every_requirement_is_told_within_80_columns(identity):
    lines = explained(CONTRACT.by_id[identity], CONTRACT).splitlines()
    assert lines[0].startswith(f"{identity} (")
    assert [line for line in lines if len(line) > 80 and not line.startswith("  ")] == []
    assert [line for line in lines if line != line.rstrip()] == []


def test_every_requirement_is_tried_by_a_suite_a_check_or_a_schema():
    known = tryings()
    assert [r.id for r in CONTRACT.requirements if r.id not in known and not r.schema] == []


def test_every_suite_and_check_tries_what_the_contract_has():
    assert set(tryings()) <= {identity for version in versions() for identity in load(version).by_id}


def test_without_an_id_the_whole_register_is_listed_within_80_columns():
    lines = run().output.splitlines()
    assert max(map(len, lines)) <= 80
    listed = [line.split()[0] for line in lines[3:] if not line.startswith(" ")]
    assert listed == list(CONTRACT.by_id)


def test_the_beginning_of_ids_lists_those():
    lines = run("402.limit").output.splitlines()
    listed = [line.split()[0] for line in lines[3:] if not line.startswith(" ")]
    assert listed == [identity for identity in CONTRACT.by_id if identity.startswith("402.limit")]


def test_an_unknown_id_is_refused_with_the_nearest_ones():
    result = run("401.mising")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "goatcheck: The contract 2026-06 has no requirement 401.mising. Did you mean 401.missing"
    )


def test_an_id_that_is_near_to_none_is_refused_with_a_way_to_see_all():
    result = run("zzzzzzzz")
    assert result.exit_code == 2
    assert (
        result.stderr
        == "goatcheck: The contract 2026-06 has no requirement zzzzzzzz. goatcheck explain lists them all.\n"
    )
