"""`goatcheck matrix` from end to end: mocks with different faults on ports of this machine."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.faults import broken_world
from goatcheck.model import reference_world

ROOT = Path(__file__).resolve().parents[2]
ONLY = ("--only", "402.retention", "--only", "401.missing")


def listing(folder, **profiles):
    path = folder / "targets.toml"
    tables = (f'[[targets]]\nlabel = "{label}"\nprofile = "{profile}"\n' for label, profile in profiles.items())
    path.write_text("".join(tables), encoding="utf-8")
    return path


def test_targets_with_different_faults_are_laid_side_by_side(served, tmp_path):
    dead = tmp_path / "dead.toml"
    dead.write_text('[target]\nbase_url = "http://127.0.0.1:9/api/v1"\n', encoding="utf-8")
    broken = broken_world(reference_world(), ["missing-forbidden"])
    with served() as good, served(broken) as bad:
        file = listing(tmp_path, good=good.profile, bad=bad.profile, dead=dead)
        result = CliRunner(env={"COLUMNS": "120"}).invoke(
            main, ["matrix", str(file), "--out", str(tmp_path / "out"), *ONLY]
        )
        tokens = [*good.tokens, *bad.tokens]
    told = json.loads((tmp_path / "out" / "matrix.json").read_text("utf-8"))
    assert (result.exit_code, told["exit_code"], told["verdict"]) == (5, 5, "unusable")
    assert [(c["name"], c["verdict"], c["folder"]) for c in told["columns"]] == [
        ("good", "conformant", "good"),
        ("bad", "nonconformant", "bad"),
        ("dead", "unusable", "dead"),
    ]
    rows = {row["id"]: row for row in told["rows"]}
    assert rows["401.missing"]["kind"] == "split"
    assert [cell["outcome"] for cell in rows["401.missing"]["cells"]][:2] == ["pass", "fail"]
    assert (tmp_path / "out" / "bad" / "report.html").is_file()
    assert json.loads((tmp_path / "out" / "bad" / "report.json").read_text("utf-8"))["target"]["label"] == "bad"
    everything = result.output + "".join(path.read_text("utf-8") for path in (tmp_path / "out").glob("matrix.*"))
    assert not [token for token in tokens if token in everything]


def test_quiet_prints_the_verdict_alone(served, tmp_path):
    with served() as good:
        file = listing(tmp_path, good=good.profile)
        words = ["matrix", str(file), "--out", str(tmp_path / "out"), "--only", "402.retention", "--strict", "--quiet"]
        result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.output) == (
        0,
        "CONFORMANT: 1 of 1 target conformant (only 402.retention), exit code 0\n",
    )


def test_nothing_is_sent_where_one_target_is_listed_wrongly(served, tmp_path):
    with served() as good:
        file = listing(tmp_path, good=good.profile, gone="gone.toml")
        result = CliRunner().invoke(main, ["matrix", str(file), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "targets[1].profile: The profile" in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_option_that_is_wrong_is_told_before_the_targets_are_looked_at(tmp_path):
    result = CliRunner().invoke(main, ["matrix", str(tmp_path / "gone.toml"), "--only", "999.nothing"])
    assert result.exit_code == 2
    assert "--only 999.nothing" in result.stderr


def test_a_stop_tidies_up_on_every_target(served, tmp_path):
    made = {name: threading.Event() for name in "ab"}

    def world_of(name):
        def around(_world, request, step):
            response = step(request)
            if request.method == "POST" and response.status == 201:
                made[name].set()
            return response

        world = reference_world()
        return replace(world, rules=replace(world.rules, around=around))

    def living(world):
        return {c for c, creator in world.state.creators.items() if not creator.removed}

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with served(world_of("a")) as a, served(world_of("b")) as b:
        before = [living(a.world), living(b.world)]
        file = listing(tmp_path, a=a.profile, b=b.profile)
        words = [sys.executable, "-c", "from goatcheck.cli import main; main()", "matrix", str(file)]
        words += ["--out", str(tmp_path / "out"), "--quiet"]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603 - this very interpreter
        assert all(event.wait(60) for event in made.values())
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        assert [living(a.world), living(b.world)] == before
    assert (process.returncode, output.startswith("INTERRUPTED: 0 of 2 targets conformant")) == (130, True)
    told = json.loads((tmp_path / "out" / "matrix.json").read_text("utf-8"))
    assert [column["verdict"] for column in told["columns"]] == ["interrupted", "interrupted"]
