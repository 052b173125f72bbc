"""`goatcheck prove`: a fault that is caught, one that is missed, one that is blamed on more than it breaks."""

import io
import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from rich.console import Console

from goatcheck.checks import observe
from goatcheck.cli import main
from goatcheck.contract import load
from goatcheck.errors import UsageError
from goatcheck.exchange import Exchange, Intent, Request, Response
from goatcheck.faults import catalogue
from goatcheck.faults.changes import answer, at, members, unasked
from goatcheck.faults.fault import Fault
from goatcheck.prove import DEFAULT, LIVE, Proof, Trial, prove, selected_faults
from goatcheck.prove.memory import Memory
from goatcheck.prove.proving import try_fault
from goatcheck.prove.rendering import headline, matrix_of, render_html, render_json, render_markdown, render_terminal
from goatcheck.rooms import room

pytestmark = pytest.mark.whole

SEED = 1
TRIAL = Trial("some-fault", "something is wrong", SEED, ("a.must",), (), {"a.must": "fail"}, {}, 100, 0.5)
PROOF = Proof(
    "2026-06", {"a.must": "MUST", "b.should": "SHOULD"}, (TRIAL,), whole=False, jobs=1, seconds=1.0, day="2026-06-15"
)


def on_terminal(proof):
    console = Console(file=io.StringIO(), width=80, color_system=None)
    console.print(render_terminal(proof))
    return console.file.getvalue()


def test_the_reference_world_turns_nothing_red():
    twin = try_fault(None, SEED)
    assert (dict(twin.red), dict(twin.errors)) == ({}, {})
    assert twin.caught
    assert twin.requests < 4000


@pytest.mark.parametrize("name", ["challenge-absent", "ban-none", "limit-race"])
def test_a_fault_is_caught_by_what_it_breaks_and_nothing_else(name):
    trial = try_fault(catalogue()[name], SEED)
    assert set(trial.red) == set(catalogue()[name].breaks)
    assert trial.caught


def test_a_broken_should_is_a_warning():
    assert try_fault(catalogue()["challenge-absent"], SEED).red == {"401.challenge": "warn"}


def test_what_stays_green_is_missed_and_what_turns_red_without_reason_is_told():
    wrong = Fault("wrong", "bans are not looked at", ("410.removed",), unasked("ban"))
    trial = try_fault(wrong, SEED)
    assert (trial.missed, trial.unexplained, trial.caught) == (("410.removed",), ("403.banned",), False)
    assert try_fault(replace(wrong, breaks=("403.banned",)), SEED).caught
    assert try_fault(replace(wrong, breaks=("403.banned",), may=("410.removed",)), SEED).caught


def test_every_seed_is_a_trial_of_its_own():
    proof = prove(["ban-none"], seeds=2)
    assert [trial.fault for trial in proof.trials] == ["ban-none", "ban-none"]
    assert proof.trials[0].seed != proof.trials[1].seed
    assert (proof.faults, proof.whole, proof.holds, proof.unproven) == (("ban-none",), False, True, ())


def test_what_was_judged_is_judged_anew_where_request_intent_or_answer_differ():
    contract, memory = load(), Memory(most=3)
    denied = Response(401, (), b'{"data":null,"error":"no"}')
    asked = Exchange(1, Request("GET", "/creators"), denied, Intent(operation="GET /creators"))
    first = memory.observe(asked, contract)
    assert first == observe(asked, contract)
    assert memory.observe(replace(asked, number=2, sent=1.0), contract) is first
    for other in (
        replace(asked, request=Request("GET", "/none")),
        replace(asked, response=Response(500, (), b"<html>")),
        replace(asked, intent=Intent(operation="GET /creators", broken=("key",))),
    ):
        assert memory.observe(other, contract) == observe(other, contract)
    again = memory.observe(asked, contract)
    assert again == first
    assert again is not first  # more than three were judged meanwhile


def test_worker_processes_come_to_the_same_and_tell_as_they_go():
    told = []
    proof = prove(["removed-served", "ban-none"], jobs=2, told=lambda _trial, done, every: told.append((done, every)))
    assert [trial.fault for trial in proof.trials] == ["removed-served", "ban-none"]
    assert told == [(1, 2), (2, 2)]
    assert proof.holds


def test_names_and_how_they_start_select_faults():
    assert selected_faults(["ban-none", "state-"])[0] in catalogue()
    assert set(selected_faults(["state-"])) == {name for name in catalogue() if name.startswith("state-")}
    assert selected_faults([]) == tuple(catalogue())
    with pytest.raises(UsageError, match="'goat'"):
        selected_faults(["ban-none", "goat"])


def test_a_requirement_is_unproven_only_where_all_faults_were_tried():
    assert PROOF.unproven == ()
    assert replace(PROOF, whole=True).unproven == ("b.should",)
    assert not replace(PROOF, whole=True).holds


def test_a_requirement_that_one_seed_misses_does_not_count_as_caught():
    proof = replace(PROOF, trials=(TRIAL, replace(TRIAL, seed=2, red={})))
    assert proof.catchers["a.must"] == ()
    assert not proof.holds


@pytest.mark.parametrize(
    ("proof", "sentence"),
    [
        (PROOF, "Every one of 1 fault was caught."),
        (
            replace(PROOF, trials=(replace(TRIAL, red={}),)),
            "Of 1 fault: 1 missed; 0.0% were caught, and 100% have to be.",
        ),
        (
            replace(PROOF, trials=(replace(TRIAL, red={"a.must": "fail", "b.should": "warn"}),)),
            "Of 1 fault: 1 blamed on more than it breaks.",
        ),
        (replace(PROOF, whole=True), "Of 1 fault: 1 requirements that no fault turned red."),
        (
            replace(PROOF, requirements={"a.must": "MUST"}, whole=True),
            "Every one of 1 fault was caught, and each of the 1 requirements caught one.",
        ),
    ],
)
def test_the_proof_is_told_in_one_sentence(proof, sentence):
    assert headline(proof) == sentence
    assert sentence in on_terminal(proof).replace("\n", " ")
    assert sentence in render_markdown(proof)


def test_the_terminal_tells_each_miss_and_fits_eighty_columns():
    bad = replace(TRIAL, red={"b.should": "warn"}, errors={"a.must": "it was in the way"})
    text = on_terminal(replace(PROOF, trials=(bad,), whole=True))
    assert "missed: a.must" in text
    assert "blamed too: b.should" in text
    assert "a.must ended in an error: it was in the way" in text
    assert "Unproven: a.must, b.should" in text
    assert max(map(len, text.splitlines())) <= 80


def test_more_faults_than_there_is_room_for_are_counted():
    trials = tuple(replace(TRIAL, fault=f"fault-{number}") for number in range(5))
    assert "fault-0, fault-1, fault-2 and 2 more" in on_terminal(replace(PROOF, trials=trials)).replace("\n", " ")


def test_the_markdown_holds_the_matrix_and_what_is_wrong():
    text = render_markdown(replace(PROOF, trials=(replace(TRIAL, red={}),), whole=True))
    assert f"| some-fault | {TRIAL.seed} | a.must |  |" in text
    assert "- b.should" in text
    assert "| some-fault | something is wrong | a.must |  |" in text


def test_the_page_shows_the_matrix_loads_nothing_and_escapes():
    bad = replace(TRIAL, summary="<b>odd</b>", red={"b.should": "warn"})
    page = render_html(replace(PROOF, trials=(bad,), whole=True))
    assert '<td class="missed">✗</td><td class="blamed">!</td>' in page
    assert "&lt;b&gt;odd&lt;/b&gt;" in page
    assert "<b>odd" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)=|https?:|<script", page)
    may = render_html(
        replace(PROOF, trials=(replace(TRIAL, may=("b.should",), red={"a.must": "fail", "b.should": "warn"}),))
    )
    assert '<td>●</td><td class="too">○</td>' in may
    assert "Not as it should be" not in may


def test_what_turns_red_beside_what_must_is_collateral():
    proof = replace(PROOF, trials=(replace(TRIAL, may=("b.should",), red={"a.must": "fail", "b.should": "warn"}),))
    assert proof.collateral == {"a.must": (), "b.should": ("some-fault",)}


def test_a_live_target_lets_some_faults_be_missed_but_accuses_none():
    trials = tuple(replace(TRIAL, fault=f"fault-{number}") for number in range(40))
    missed = replace(TRIAL, fault="missed", red={})
    live = replace(PROOF, setting=LIVE, trials=(*trials, missed), whole=True)
    assert live.holds
    assert headline(live) == "Of 41 faults: 1 missed; 97.6% were caught, and 95% have to be."
    assert not replace(live, trials=(*trials[:15], missed)).holds
    assert not replace(live, trials=(*trials, replace(TRIAL, red={"a.must": "fail", "b.should": "warn"}))).holds
    assert replace(live, trials=()).share == 1.0


def test_only_what_a_live_target_can_show_has_to_be_caught_there():
    proof = prove(["daily-never-resets", "ban-none"], setting=LIVE)
    assert proof.faults == ("ban-none",)
    assert proof.beyond == ("daily-never-resets",)
    assert "429.daily.resets" not in proof.requirements
    assert "403.banned" in proof.requirements
    assert proof.trials[0].requests <= 600
    assert "Faults that such a run can't show: 1" in " ".join(on_terminal(proof).split())
    assert prove(["failure-page", "idempotency-forgotten-in-hours"], setting=LIVE).trials == ()


def test_what_can_not_be_judged_need_not_turn_red():
    seen = replace(TRIAL, breaks=("a.must", "b.should")).among({"a.must"})
    assert (seen.breaks, seen.may, seen.caught) == (("a.must",), ("b.should",), True)
    both = {"a.must", "b.should"}
    assert not replace(TRIAL, breaks=("a.must", "b.should")).among(both).caught
    assert replace(TRIAL, breaks=("a.must", "b.should")).among(both, one_of_them=True).caught
    assert replace(TRIAL, red={}).among(both, one_of_them=True).missed == ("a.must",)


def test_the_json_holds_the_matrix_and_every_trial():
    value = json.loads(render_json(PROOF))
    assert value["requirements"]["a.must"] == {"level": "MUST", "caught": ["some-fault"], "too": []}
    assert value["trials"][0]["fault"] == "some-fault"
    assert value["holds"]


def test_the_command_exits_with_0_where_all_is_caught_and_writes_what_it_found(tmp_path):
    out = tmp_path / "proof"
    result = CliRunner().invoke(main, ["prove", "--jobs", "1", "--only", "ban-none", "--out", str(out)])
    assert result.exit_code == 0
    assert "Every one of 1 fault was caught." in result.output
    assert sorted(path.name for path in out.iterdir()) == ["proof.html", "proof.json", "proof.md"]
    check = ["prove", "--jobs", "1", "--only", "ban-none", "--check", str(out)]
    assert CliRunner().invoke(main, check).exit_code == 0
    was = (out / "proof.json").read_text()
    (out / "proof.json").write_text(was.replace("ban-none", "ban-nobody"))
    stale = CliRunner().invoke(main, check)
    assert stale.exit_code == 1
    assert "is stale (" in stale.output
    assert "--out" in stale.output
    (out / "proof.json").write_text("[]")
    assert CliRunner().invoke(main, check).exit_code == 2
    (out / "proof.json").unlink()
    assert CliRunner().invoke(main, check).exit_code == 2


def test_a_proof_with_several_seeds_has_files_of_its_own_and_tells_of_them():
    several = replace(PROOF, trials=(TRIAL, replace(TRIAL, seed=TRIAL.seed + 1)))
    assert (PROOF.stem, several.stem) == ("proof", "proof-2-seeds")
    assert f"with the default budget, with 2 seeds from {TRIAL.seed} on 2026-06-15: 2 runs" in render_markdown(several)


def test_of_a_proof_the_machine_is_no_part_of_the_matrix():
    slower = replace(PROOF, jobs=7, seconds=99.0, day="2026-06-16", trials=(replace(TRIAL, requests=7, seconds=9.0),))
    assert matrix_of(render_json(slower)) == matrix_of(render_json(PROOF))
    assert matrix_of(render_json(replace(PROOF, trials=(replace(TRIAL, red={}),)))) != matrix_of(render_json(PROOF))
    assert PROOF.setting is DEFAULT


def test_the_command_exits_with_1_where_something_is_missed(monkeypatch):
    blind = Fault("ban-none", "a conflict has no data", ("403.banned",), answer(at(409), members(more=1)))
    monkeypatch.setattr("goatcheck.prove.proving.catalogue", lambda: {"ban-none": blind})
    result = CliRunner().invoke(main, ["prove", "--jobs", "1", "--only", "ban-none"])
    assert result.exit_code == 1
    assert "missed: 403.banned" in result.output


@pytest.mark.parametrize("arguments", [["--only", "goat"], ["--jobs", "0"], ["--seeds", "none"]])
def test_wrong_usage_is_2(arguments):
    assert CliRunner().invoke(main, ["prove", *arguments]).exit_code == 2


def test_a_folder_that_cannot_be_written_is_wrong_usage(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    arguments = ["prove", "--jobs", "1", "--only", "ban-none", "--out", str(file / "below")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "can't be written" in result.output


def test_the_committed_proof_of_many_seeds_misses_nothing():
    text = (room("reports") / "proof-20-seeds.md").read_text("utf-8")
    assert "with 20 seeds from" in text
    wrong = re.findall(
        r"^\| ([\w-]+) \| (\d+) \| (.*?) \| (.*?) \|$", text.partition("## Which requirement")[0], re.MULTILINE
    )
    assert [missed for _, _, missed, _ in wrong if missed] == []
