"""One recorded request again: what was found is found again, or is told to be gone; nothing is sent that must not be."""

import json
from dataclasses import replace
from functools import cache

import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.conduct.journal import read_journal
from goatcheck.model import reference_world
from goatcheck.model.answers import failure

pytestmark = pytest.mark.whole


def vague(_world, _call, response):
    """Every 429 with a text as its time to wait."""
    return (
        failure(429, "Later", {"code": "rate_limit_exceeded", "retryAfter": "soon"})
        if response.status == 429
        else response
    )


def evasive(rules):
    return rules.with_ending("odd", vague)


def unscoped(rules):
    return rules.without_stage("scope")


def right(rules):
    return rules


def run(*arguments):
    return CliRunner().invoke(main, ["run", *map(str, arguments)])


@pytest.fixture(scope="module")
def recorded(served, tmp_path_factory):
    """The folder of a run against a target with other rules, whose journal is replayed; each is made once."""

    @cache
    def record(only, rules):
        folder = tmp_path_factory.mktemp("recorded")
        world = reference_world()
        with served(replace(world, rules=rules(world.rules))) as where:
            run("--profile", where.profile, "--only", only, "--out", folder)
        return folder

    return record


@pytest.fixture
def again(served):
    """Replays an exchange of a journal against a target with these rules."""

    def replayed(folder, number, rules=right, **profile):
        world = reference_world()
        with served(replace(world, rules=rules(world.rules))) as where:
            path = where.with_profile(**profile) if profile else where.profile
            return run("--profile", path, "--replay", f"{folder / 'exchanges.jsonl'}#{number}")

    return replayed


def found(folder, requirement):
    """The number of the first finding of a requirement."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return next(r["findings"][0]["number"] for r in report["requirements"] if r["id"] == requirement)


def test_what_an_observed_check_found_is_found_again(recorded, again):
    folder = recorded("429.daily.meta", evasive)
    result = again(folder, found(folder, "429.daily.meta"), evasive)
    assert result.exit_code == 1
    assert "broken (again): 429.daily.meta" in result.output
    assert "then 429, now 429" in result.output
    assert '"soon"' in result.output


def test_what_is_mended_is_told_and_is_no_failure(recorded, again):
    folder = recorded("429.daily.meta", evasive)
    result = again(folder, found(folder, "429.daily.meta"))
    assert result.exit_code == 0
    assert "not broken any more: 429.daily.meta" in result.output


def test_what_a_check_of_the_suites_found_is_there_again_with_the_same_answer(recorded, again):
    folder = recorded("403.scope.write", unscoped)
    number = found(folder, "403.scope.write")
    result = again(folder, number, unscoped)
    assert (result.exit_code, "broken (again): 403.scope.write" in result.output) == (1, True)
    result = again(folder, number)
    assert (result.exit_code, "not broken any more: 403.scope.write" in result.output) == (0, True)


def case_sensitive(rules):
    """Handles that differ in letter case alone are different ones."""

    def create(world, call):
        handle = call.request.document.value.get("tiktok_handle", "")
        taken = any(c.handle == handle and not c.removed for c in world.state.creators.values())
        return failure(409, "Taken") if taken else None

    return replace(rules, conflicts={**rules.conflicts, "POST /projects/{projectId}/creators": create})


def test_what_the_run_had_made_is_made_again_first(recorded, again):
    """The handle in another case: there has to be the handle. A rename: there has to be the creator."""
    folder = recorded("409.duplicate-case", case_sensitive)
    number = found(folder, "409.duplicate-case")
    assert again(folder, number, case_sensitive).exit_code == 1
    result = again(folder, number)
    assert (result.exit_code, "now 409" in result.output) == (0, True)
    folder = recorded("403.no-effect", unscoped)
    journal = read_journal(folder / "exchanges.jsonl")
    rename = next(e for e in journal.exchanges.values() if e.request.method == "PATCH" and e.response.status == 200)
    result = again(folder, rename.number, unscoped)
    assert "then 200, now 200" in result.output
    assert "is left on the target" not in result.output


def test_what_can_not_be_made_again_is_told(recorded, again):
    folder = recorded("409.duplicate-case", case_sensitive)

    def refusing(rules):
        return rules.with_stage("state", lambda _w, call: failure(409, "No") if call.method == "POST" else None)

    result = again(folder, found(folder, "409.duplicate-case"), refusing)
    assert (result.exit_code, "what it stands on could not be made again: 409" in result.stderr) == (5, True)


def test_something_new_that_is_broken_is_told_too(recorded, again):
    folder = recorded("401.missing", right)
    result = again(folder, 1, lambda rules: rules.with_ending("odd", lambda _w, _c, r: replace(r, body=b"<p>")))
    assert result.exit_code == 1
    assert "broken (new): envelope.json" in result.output


def test_where_nothing_was_and_is_broken_that_is_said(recorded, again):
    result = again(recorded("401.missing", right), 1)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "Nothing was broken then, nothing is now.")


def test_a_long_answer_is_cut_and_says_so(recorded, again):
    long = json.dumps({"data": None, "error": "x" * 5000, "meta": None}).encode()
    result = again(
        recorded("401.missing", right),
        1,
        lambda rules: rules.with_ending("odd", lambda _w, _c, r: replace(r, body=long)),
    )
    assert "more characters)" in result.output


def test_what_a_replay_makes_is_removed(recorded, served):
    journal = recorded("409.duplicate", right) / "exchanges.jsonl"
    lines = [json.loads(line)["data"] for line in journal.read_text(encoding="utf-8").splitlines()]
    number = next(line["number"] for line in lines if line.get("request", {}).get("method") == "POST")
    with served() as where:
        before = set(where.world.state.creators)
        assert run("--profile", where.profile, "--replay", f"{journal}#{number}").exit_code == 0
        made = [c for name, c in where.world.state.creators.items() if name not in before]
    assert [creator.removed for creator in made] == [True]


def test_what_a_replay_can_not_remove_is_told(recorded, again):
    journal = recorded("409.duplicate", right) / "exchanges.jsonl"
    posted = next(e for e in read_journal(journal).exchanges.values() if e.request.method == "POST")

    def keeping(rules):
        return rules.with_stage("state", lambda _w, call: failure(409, "No") if call.method == "DELETE" else None)

    result = again(journal.parent, posted.number, keeping)
    assert "is left on the target: 409" in " ".join(result.output.split())


def test_what_another_profile_forbids_is_not_replayed(recorded, again):
    folder = recorded("409.state", right)
    exchanges = read_journal(folder / "exchanges.jsonl").exchanges.values()
    deleted = next(e for e in exchanges if e.request.method == "DELETE")
    result = again(folder, deleted.number, right, kept=("expendable = true", "expendable = false"))
    assert (result.exit_code, "aims at something that this run did not make" in result.stderr) == (2, True)


def test_a_write_is_not_replayed_where_the_profile_allows_none(recorded, again):
    folder = recorded("403.scope.write", unscoped)
    result = again(folder, found(folder, "403.scope.write"), unscoped, reading=("writes = true", "writes = false"))
    assert result.exit_code == 2
    assert "may change the target, and its profile does not allow that: writes = true" in result.stderr


def test_a_key_that_the_profile_does_not_have_is_told(recorded, again):
    folder = recorded("403.scope.write", unscoped)
    result = again(folder, found(folder, "403.scope.write"), unscoped, renamed=('[keys."reader"]', '[keys."other"]'))
    assert (result.exit_code, "the profile has no key of that name" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("{journal}", "expected a journal's file and a number, such as exchanges.jsonl#17"),
        ("{journal}#x", "expected a journal's file and a number"),
        ("{journal}#²", "expected a journal's file and a number"),
        ("{journal}#99999", "has no exchange 99999; it has 1 to "),
        ("nowhere.jsonl#1", "nowhere.jsonl can't be read"),
    ],
)
def test_a_place_that_is_none_is_wrong_usage(recorded, place, says):
    journal = recorded("401.missing", right) / "exchanges.jsonl"
    result = run("--base-url", "http://127.0.0.1:9/api/v1", "--replay", place.format(journal=journal))
    assert (result.exit_code, says in result.stderr) == (2, True)


def test_without_a_target_there_is_nothing_to_send_to(recorded):
    result = run("--replay", f"{recorded('401.missing', right) / 'exchanges.jsonl'}#1")
    assert (result.exit_code, "add --profile FILE or --base-url URL" in result.stderr) == (2, True)


def test_a_target_that_is_not_there_is_unusable(recorded):
    journal = recorded("401.missing", right) / "exchanges.jsonl"
    result = run("--base-url", "http://127.0.0.1:9/api/v1", "--replay", f"{journal}#1")
    assert (result.exit_code, "is the target running" in result.stderr) == (5, True)


def test_a_target_that_gives_no_answer_is_unusable(recorded, mute):
    journal = recorded("401.missing", right) / "exchanges.jsonl"
    result = run("--base-url", f"{mute}/api/v1", "--replay", f"{journal}#1")
    assert (result.exit_code, "got no answer" in result.stderr) == (5, True)
