"""What stands in docs/ is true: its commands run, its pages are made from what they tell of, its links lead somewhere.

A block marked `sh` is run, line by line, with a mock in the place of staging; one marked `bash` runs for ever, needs somebody
else's tool, or takes minutes, so that only its options are looked at.
"""

import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from goatcheck.audit import cluster, partitions, tally
from goatcheck.cli import COMMANDS, main
from goatcheck.cli.explain import explained
from goatcheck.conduct.verdict import SHOWN as SHOWN_FINDINGS
from goatcheck.contract import load
from goatcheck.contract.table import table
from goatcheck.contract_diff import difference
from goatcheck.contract_diff.rendering import text
from goatcheck.exchange import KEPT as KEPT_BYTES
from goatcheck.faults import catalogue
from goatcheck.model import reference_world
from goatcheck.profile.reference import main as make_reference
from goatcheck.recorded.streams import LONGEST
from goatcheck.report.model import EXIT_CODES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
SHOWN = 17
"""Lines of a difference of contracts that the docs show."""


def words(page):
    return page.read_text(encoding="utf-8")


def blocks(page, language):
    """The code blocks of a page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", words(page), re.DOTALL)


def generated(page, name):
    """The text between the marks of a generated part."""
    return re.search(rf"<!-- generated: {re.escape(name)} -->\n(.*?)<!-- end -->", words(page), re.DOTALL)[1]


def anchors(page):
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", words(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.fixture
def staging(tmp_path, monkeypatch, target):
    """An empty folder, and a target whose profile stands in for the one that a page has written."""
    monkeypatch.chdir(tmp_path)

    def run(line):
        for name, value in re.findall(r"(\w+)=(\S+)", line) if line.startswith("export ") else ():
            monkeypatch.setenv(name, value)
        if not line.startswith("goatcheck "):
            assert line.startswith("export "), line
            return None
        command = shlex.split(line)[1:]
        if command[0] == "run" and "--only" not in command:
            command += ["--only", "401.missing"]  # a part, so that the test is quick
        result = CliRunner().invoke(main, command)
        if command[0] == "init":
            shutil.copy(target.profile, command[1])  # in the place of what a reader writes into it
        return result

    return run


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "sh")], ids=lambda page: page.stem)
def test_the_commands_of_a_page_run_in_their_order(page, staging, target):
    if page.stem != "before-a-release":
        shutil.copy(target.profile, "staging.toml")
    for block in blocks(page, "sh"):
        for line in block.splitlines():
            result = staging(line)
            assert result is None or (result.exit_code, result.stderr) == (0, ""), (
                line,
                result.output,
                result.exception,
            )


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "bash")], ids=lambda page: page.stem)
def test_the_options_of_what_is_not_run_are_there(page):
    for block in blocks(page, "bash"):
        for line in block.splitlines():
            program, command, *rest = shlex.split(line)
            assert (program, command in COMMANDS) == ("goatcheck", True)
            known = CliRunner().invoke(main, [command, "--help"]).output
            assert [word for word in rest if word.startswith("--") and word not in known] == []


def test_the_fault_that_is_shown_is_one():
    (line,) = re.findall(r"goatcheck prove --only (\S+)", words(DOCS / "proof.md"))
    assert "429.window.agree" in catalogue()[line].breaks


def test_every_option_of_a_command_in_the_text_is_there():
    for page in [*PAGES, ROOT / "README.md"]:
        for command, option in re.findall(r"`goatcheck ([a-z-]+)[^`\n]*? (--[a-z-]+)", words(page)):
            assert option in CliRunner().invoke(main, [command, "--help"]).output, (page.name, command, option)


def test_the_reference_of_the_profile_is_fresh(tmp_path):
    result = CliRunner().invoke(make_reference, ["--check"])
    assert (result.exit_code, result.output) == (0, "")
    page = tmp_path / "profile.md"
    stale = CliRunner().invoke(make_reference, ["--check", str(page)])
    assert stale.exit_code == 1
    assert "is stale: run python -m goatcheck.profile.reference" in stale.output
    assert CliRunner().invoke(make_reference, [str(page)]).exit_code == 0
    assert words(page) == words(DOCS / "profile.md")


def test_the_reference_tells_of_every_key_of_the_schema():
    schema = json.loads((ROOT / "contracts" / "profile.schema.json").read_text(encoding="utf-8"))
    told = words(DOCS / "profile.md")

    def names(part):
        for key, member in part.get("properties", {}).items():
            yield key
            yield from names(member)
        for inner in (part.get("items"), part.get("additionalProperties")):
            yield from names(inner) if isinstance(inner, dict) else ()

    assert [name for name in names(schema) if f"`{name}`" not in told and f"[{name}" not in told] == []


def test_the_docs_explain_as_the_command_does():
    contract = load()
    told = explained(contract.by_id["429.window.agree"], contract)
    assert generated(DOCS / "proof.md", "goatcheck explain 429.window.agree") == f"```text\n{told}\n```\n"
    assert contract.by_id["429.window.agree"].meaning in table(contract)


def test_the_docs_show_the_difference_of_editions_as_the_command_does():
    lines = text(difference(load("2026-05"), load())).splitlines()[:SHOWN]
    shown = generated(DOCS / "extending.md", "goatcheck contract-diff 2026-05 2026-06")
    assert shown == "\n".join(["```text", *lines, "…", "```"]) + "\n"


def test_the_workflow_names_inputs_that_the_action_has():
    (block,) = blocks(DOCS / "in-ci.md", "yaml")
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    (step,) = (s for s in yaml.safe_load(block)["jobs"]["contract"]["steps"] if "goatcheck@" in s["uses"])
    assert set(step["with"]) <= set(action["inputs"])
    assert set(step["with"]["fail-on"].split()) <= set(EXIT_CODES) - {"conformant"}


def test_toml_and_python_in_the_docs_can_be_read():
    for page in PAGES:
        for block in blocks(page, "toml"):
            tomllib.loads(block)
        for block in blocks(page, "python"):
            compile(block, page.name, "exec")


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "README.md", ROOT / "contracts" / "README.md"], ids=lambda page: page.stem
)
def test_every_link_leads_somewhere(page):
    for link, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", words(page)):
        there = page.parent / link if link else page
        assert there.exists(), link
        assert not (anchor and there.suffix == ".md") or anchor in anchors(there), f"{link}#{anchor}"


def test_every_page_is_reached_from_the_readme():
    assert "](docs/README.md)" in words(ROOT / "README.md")
    index = words(DOCS / "README.md")
    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index] == []


def test_a_page_is_read_in_five_minutes():
    for name in ("before-a-release", "in-ci", "mocks"):
        assert len(words(DOCS / f"{name}.md").split()) < 700, name


def test_the_key_roles_of_the_mock_are_those_that_contracts_tell_of():
    told = re.search(r"\| `role:NAME` \| has a key of that role: ([^|]*) \|", words(ROOT / "contracts" / "README.md"))[
        1
    ]
    roles = {key.role for key in reference_world().profile.keys} | {"revoked"}
    assert set(told.split(", ")) == roles


def test_the_page_on_scale_tells_the_numbers_of_the_program():
    page = " ".join(words(DOCS / "audit-at-scale.md").split())
    for told in (
        f"partitions of {partitions.SIZE // 1024**2} MiB",
        f"Up to {cluster.AHEAD} partitions for each thread",
        f"tried {cluster.RETRIES} times more",
        f"no scheduler within {cluster.CONNECTING} seconds, or no worker within {cluster.JOINING} seconds",
        f"up to {LONGEST // 1024**2} MiB",
        f"at most {SHOWN_FINDINGS} examples of each broken requirement, with bodies up to {KEPT_BYTES // 1024} KiB",
        f"{tally.TOLD} damaged places and {tally.KEPT} names",
    ):
        assert told in page
    assert generated(DOCS / "audit-at-scale.md", "benchmarks/audit_at_scale.py").count("|---|---|") == 2
