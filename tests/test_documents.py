"""What the documents say of the program is what the program does.

Where one of these fails because something was changed on purpose, the failure shows the text that belongs there.
"""

import configparser
import io
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from goatcheck.cli import main
from goatcheck.contract.loading import load
from goatcheck.profile.template import ROLE_LINES
from goatcheck.report.files import RENDERERS
from goatcheck.report.model import (
    EXIT_CODES,
    OUTCOMES,
    Finding,
    Message,
    Report,
    Result,
    Run,
    StatusRow,
    TargetInfo,
)
from goatcheck.report.terminal import print_report
from goatcheck.session import JOURNAL

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
CI = (ROOT / ".ci" / "run").read_text("utf-8")
SHOTS = ROOT / "docs" / "screenshots"
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q "


A_REPORT = Report(
    contract="2026-06",
    target=TargetInfo(name="staging", kind="live", base_url="https://staging.example/api/v1"),
    run=Run(seed=1, started="2026-06-15T09:00:00Z", seconds=41.0, requests=75, requests_per_key={"burst": 75}),
    verdict="nonconformant",
    exit_code=1,
    statuses={
        "429": StatusRow(
            provoked=True,
            exchanges=15,
            operations=1,
            variants={"429.window": 15},
            outcomes={"fail": 1, "not_exercised": 1},
        )
    },
    requirements=(
        Result(
            "429.window.agree",
            "MUST",
            "429",
            "fail",
            judged=15,
            meaning=load().by_id["429.window.agree"].meaning,
            findings=(
                Finding(
                    message="the header and the body name different waits",
                    where="Retry-After",
                    expected="40, as in meta.retryAfter (within 1)",
                    got="60",
                    operation="GET /creators",
                    cause="burst",
                    purpose="More than 60 requests of one key in a minute.",
                    number=64,
                    request=Message("GET /api/v1/creators HTTP/1.1", (("Authorization", "Bearer ‹key:burst›"),)),
                    response=Message(
                        "HTTP/1.1 429 Too Many Requests",
                        (("Content-Type", "application/json"), ("Retry-After", "60")),
                        '{"data": null, "error": "Rate limit exceeded", '
                        '"meta": {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 40}}',
                    ),
                    curl='curl -H "Authorization: Bearer $GOAT_BURST" https://staging.example/api/v1/creators',
                    reproduce="goatcheck run --profile staging.toml --replay exchanges.jsonl#64",
                ),
            ),
        ),
        Result("429.daily.enforced", "MUST", "429", "not_exercised", reason="The profile has no spent key."),
    ),
)


def generated(document, name):
    """The text between the marks of a generated part."""
    return re.search(rf"<!-- generated: {re.escape(name)} -->\n(.*?)<!-- end -->", document, re.DOTALL)[1]


def table(document, head):
    """The rows of the table that starts with the given head, as lists of cells."""
    lines = document.split(f"{head}\n", 1)[1].splitlines()[1:]
    rows = lines[: next(index for index, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_readme_shows_the_help_as_it_is():
    result = CliRunner().invoke(main, ["--help"], terminal_width=80)
    assert generated(README, "goatcheck --help") == f"```\n{result.output}```\n"


def test_the_readme_shows_a_finding_as_the_terminal_does():
    text = io.StringIO()
    print_report(A_REPORT, Console(file=text, width=80, color_system=None))
    lines = [line.rstrip() for line in text.getvalue().rstrip("\n").splitlines()]
    assert generated(README, "a finding") == "```text\n" + "\n".join(lines) + "\n```\n"


def test_the_readme_lists_every_outcome():
    assert {row[0].strip("`") for row in table(README, "| outcome | meaning |")} == set(OUTCOMES)


def test_the_readme_gives_each_verdict_its_exit_code():
    rows = table(README, "| exit code | verdict | when (the first that holds, from the top) |")
    assert {row[1]: int(row[0]) for row in rows if row[1]} == EXIT_CODES
    assert {int(row[0]) for row in rows if not row[1]} == {2, 70}


def test_the_readme_describes_every_role():
    assert {row[0] for row in table(README, "| role | the key |")} == set(ROLE_LINES)


def test_contributing_lists_the_environments_of_tox():
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    names = [section.removeprefix("testenv:") for section in tox.sections() if section.startswith("testenv:")]
    rows = "".join(f"| `{name}` | {tox[f'testenv:{name}']['description']} |\n" for name in names)
    assert generated(CONTRIBUTING, "tox environments") == f"| tox -e | what it does |\n|---|---|\n{rows}"


def test_the_readme_has_one_line_that_runs_the_suite_and_one_that_runs_the_tests():
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    assert [block for block in blocks if block.startswith(INSTALL)] == [
        f"{INSTALL}. && .venv/bin/goatcheck run\n",
        f"{INSTALL}tox && .venv/bin/tox\n",
    ]


def test_ci_takes_the_test_command_from_the_readme():
    pattern = re.search(r"pattern='([^']+)'", CI)[1]
    found = subprocess.run(["grep", "-E", pattern, "README.md"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607 - the very command of .ci/run
    assert found.stdout == f"{INSTALL}tox && .venv/bin/tox\n"


def test_ci_runs_only_environments_that_tox_has():
    wider = re.search(r"tox run -e (\S+)", CI)[1].split(",")
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    assert {f"testenv:{name}" for name in wider} <= set(tox.sections())


@pytest.mark.parametrize("document", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]), ids=lambda path: path.name)
def test_what_a_document_links_to_is_there(document):
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_report_file_is_told_of():
    text = (ROOT / "docs" / "reports.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)) == {*RENDERERS, JOURNAL}
    assert set(re.findall(r"\(screenshots/([^)]+)\)", text)) == {path.name for path in SHOTS.iterdir()}


def test_no_picture_is_large():
    assert {path.name for path in SHOTS.iterdir() if path.stat().st_size > 200_000} == set()
