"""The examples for GitLab and Jenkins: what they run is run, up to the installation."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from junitparser import JUnitXml

CI = Path(__file__).resolve().parents[2] / "docs" / "ci"
GITLAB = yaml.safe_load((CI / "gitlab-ci.yml").read_text(encoding="utf-8"))["goatcheck"]
JENKINS = (CI / "Jenkinsfile").read_text(encoding="utf-8")
PYTHON = '#!/usr/bin/env bash\nmkdir -p "$3/bin"\ncp "$TOOLS/pip" "$TOOLS/goatcheck" "$3/bin"\n'
"""A python3 that makes an environment (its arguments are -m venv DIR) with the tools at hand."""

PIP = '#!/usr/bin/env bash\nprintf "%s\\n" "$@" > "$TOOLS/installed"\n'


@pytest.fixture
def job(tmp_path, target, real):
    """Runs the lines of a job in a folder that has the profile; gives its folder and exit code."""
    tools, workspace = tmp_path / "tools", tmp_path / "workspace"
    for folder in (tools, workspace):
        folder.mkdir()
    for name, text in (
        ("python3", PYTHON),
        ("pip", PIP),
        ("goatcheck", real.replace(' "$@"', ' "$@" --only 401.missing')),
    ):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    shutil.copy(target.profile, workspace / "staging.toml")

    def run(script):
        environment = {
            "PATH": f"{tools}:/usr/bin:/bin", "TOOLS": str(tools), "HOME": str(tmp_path), "CI_PROJECT_DIR": str(workspace),
            "GOATCHECK_PACKAGE": "goat check; touch pwned",
        }  # fmt: skip
        done = subprocess.run(["bash", "-e", "-c", script], cwd=workspace, env=environment, timeout=120, check=False)  # noqa: S603, S607 - the example's own lines
        assert (tools / "installed").read_text(encoding="utf-8").splitlines() == [
            "install", "--quiet", "goat check; touch pwned",
        ]  # fmt: skip
        return workspace, done.returncode

    return run


def steps(jenkinsfile):
    """The shell scripts of a Jenkinsfile."""
    return re.findall(r"sh '''\n(.*?)'''", jenkinsfile, re.DOTALL)


def test_the_lines_for_gitlab_judge_a_target(job):
    workspace, code = job("\n".join(GITLAB["script"]))
    assert code == 0
    junit = workspace / GITLAB["artifacts"]["reports"]["junit"]
    assert JUnitXml.fromfile(str(junit)).tests == 1


def test_gitlab_keeps_the_reports_and_warns_of_what_was_not_tried_alone():
    assert GITLAB["artifacts"]["when"] == "always"
    assert GITLAB["artifacts"]["paths"] == ["goatcheck-report"]
    assert GITLAB["allow_failure"] == {"exit_codes": [3]}


def test_the_lines_for_jenkins_judge_a_target(job):
    (script,) = steps(JENKINS)
    workspace, code = job(script)
    assert code == 0
    junit = re.search(r"testResults: '([^']+)'", JENKINS)[1]
    assert JUnitXml.fromfile(str(workspace / junit)).tests == 1


def test_groovy_reads_no_variable_of_a_script():
    assert '"""' not in JENKINS
    assert "${" not in JENKINS
    assert not re.search(r'\bsh\s*\(?\s*"', JENKINS)
    assert JENKINS.count("{") == JENKINS.count("}")
