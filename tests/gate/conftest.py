"""A stand-in for a runner of GitHub Actions: it runs the steps of action.yml as such a runner does."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
"""How a runner starts a step whose shell is bash."""

RECORDER = """#!/usr/bin/env bash
printf '%s\\n' "$@" > "$RECORDED"
mkdir -p out
echo "the summary" > out/report.md
exit "$ENDS_WITH"
"""
"""A goatcheck that writes its arguments down, and a summary, and ends as it is told."""

REAL = f"""#!/usr/bin/env bash
PYTHONPATH={ROOT} exec {sys.executable} -c 'from goatcheck.cli import main; main()' "$@"
"""


@dataclass
class Runner:
    """Runs the steps of the action in an empty folder; `ran` are the names of those that ran."""

    workspace: Path
    beside: Path
    ran: list[str] = field(default_factory=list)

    def use(self, *, command=RECORDER, ends_with=0, **inputs):
        """Run the action with inputs; its exit code is that of the first step that fails. The command stands on the PATH."""
        tool = self.beside / "bin" / "goatcheck"
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(command, encoding="utf-8")
        tool.chmod(0o755)
        given = {name: str(value["default"]) for name, value in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        files = {name: self.beside / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        environment = {
            "PATH": f"{tool.parent}:{os.environ['PATH']}",
            "HOME": str(self.beside),
            "RUNNER_TEMP": str(self.beside),
            "GITHUB_ACTIONS": "true",
            "RECORDED": str(self.beside / "arguments"),
            "ENDS_WITH": str(ends_with),
            **{name: str(path) for name, path in files.items()},
        }
        code, self.log = 0, ""
        for step in ACTION["runs"]["steps"]:
            if code and "always()" not in step.get("if", ""):
                continue
            self.ran.append(step["name"])
            script = self.beside / "step.sh"
            script.write_text(step["run"], encoding="utf-8")
            own = {name: self._value(text, given) for name, text in step.get("env", {}).items()}
            done = subprocess.run(  # noqa: S603 - the action's own steps
                [*BASH, str(script)],
                cwd=self.workspace,
                env={**environment, **own},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            self.log += done.stdout + done.stderr
            code = code or done.returncode
        return code

    @property
    def arguments(self):
        """What goatcheck was called with."""
        return (self.beside / "arguments").read_text(encoding="utf-8").splitlines()

    @property
    def outputs(self):
        """What the steps have put out."""
        lines = (self.beside / "GITHUB_OUTPUT").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def summary(self):
        """What stands in the job's summary."""
        return (self.beside / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")

    def _value(self, text, inputs):
        """An expression of a step's env: an input, an output of a step, the action's folder, or the first of two."""
        expression = re.fullmatch(r"\$\{\{ (.*) \}\}", text)[1]
        values = [self._term(term, inputs) for term in expression.split(" || ")]
        return next((value for value in values if value), "")

    def _term(self, term, inputs):
        if term == "github.action_path":
            return str(ROOT)
        room, _, name = term.partition(".")
        return inputs[name] if room == "inputs" else self.outputs.get(term.rpartition(".")[2], "")


@pytest.fixture(scope="session")
def real():
    """The text of a command that is goatcheck itself."""
    return REAL


@pytest.fixture
def runner(tmp_path):
    """A runner with an empty workspace."""
    for name in ("workspace", "beside"):
        (tmp_path / name).mkdir()
    return Runner(tmp_path / "workspace", tmp_path / "beside")
