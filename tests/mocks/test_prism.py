"""A mock that others made: what Prism can't do is not exercised, what it does wrong by itself is found, and nothing else.

prism.toml beside this file holds the outcome of every requirement.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.trial import OBSERVED
from goatcheck.contract import load
from goatcheck.contract.references import References
from goatcheck.profile import load_profile
from goatcheck.rooms import room

CONTRACT = load()
FOLDER = room("contracts") / CONTRACT.version
PROFILE = room("profiles") / "prism.toml"
EXPECTED = tomllib.loads(Path(__file__).with_name("prism.toml").read_text("utf-8"))

RUN = "from goatcheck.cli import main; main(['run', *__import__('sys').argv[1:]])"

BY_ITSELF = (
    '{"type":"https://stoplight.io/prism/errors#',  # no such path, no such method
    '{"error":{"code":"invalid_json"',
    '{"error":{"code":"invalid_body"',
    '{"error":{"code":"internal_server_error"',
)
"""How the bodies start that are in no example of the document: Prism's own words."""

LOOSE = {
    "401.invalid": "2",  # any token that is not empty will do
    "401.malformed": "2",
    "400.code-place": "400",  # it takes the first example of a 400, whatever was wrong
}
"""Requirements that Prism breaks with an example of the document, and the status (or its class) of that example."""


# ----------------------------------------------------------------------------------------------- the contract as it is


@pytest.fixture(scope="module")
def run(prism, tmp_path_factory):
    """One run against Prism as a user starts it: the exit code, what was printed, the report, and all of its exchanges."""
    out = tmp_path_factory.mktemp("prism")
    with prism(FOLDER / "openapi.yaml") as url:
        done = subprocess.run(  # noqa: S603 - goatcheck itself
            [sys.executable, "-c", RUN, "--base-url", url, "--profile", str(PROFILE), "--out", str(out)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert (out / "report.json").is_file(), done.stdout + done.stderr
    report = json.loads((out / "report.json").read_text("utf-8"))
    lines = [json.loads(line) for line in (out / "exchanges.jsonl").read_text("utf-8").splitlines()]
    return done, report, [line["data"] for line in lines if line["kind"] == "exchange"]


def test_every_requirement_has_the_outcome_that_is_written_down(run):
    done, report, _ = run
    assert {row["id"]: row["outcome"] for row in report["requirements"]} == EXPECTED["outcomes"]
    assert (done.returncode, report["verdict"]) == (EXPECTED["exit_code"], EXPECTED["verdict"])


def test_what_is_found_is_prism_s_own_doing(run):
    _, report, _ = run
    strange = [
        (row["id"], finding["operation"], finding["response"])
        for row in report["requirements"]
        for finding in row["findings"]
        if not finding["response"]["body"].startswith(BY_ITSELF)
        and not (row["id"] in LOOSE and finding["response"]["line"].split()[1].startswith(LOOSE[row["id"]]))
    ]
    assert strange == []


def test_every_variant_is_asked_for_wherever_it_is_documented(run):
    _, _, exchanges = run
    forced = {(e["intent"]["operation"], e["intent"]["forced"]) for e in exchanges if e["intent"]["forced"]}
    assert forced == {
        (operation.id, variant.id)
        for operation in (*CONTRACT.operations, *CONTRACT.removed)
        for variant in CONTRACT.variants
        if variant.id in operation.examples
    }


def test_what_was_not_tried_is_told_in_words_that_fit_a_mock(run):
    done, report, _ = run
    reasons = {row["reason"] for row in report["requirements"] if row["outcome"] == "not_exercised"}
    assert reasons == set(EXPECTED["reasons"])
    assert report["advice"] == []
    assert "What to add to the profile" not in done.stdout


# -------------------------------------------------------------------------------------------- the contract, damaged


def misspelt_code(body, _headers):
    body["meta"]["code"] = "invalid_qery"


def data_that_is_not_null(body, _headers):
    body["data"] = {}


def no_error(body, _headers):
    del body["error"]


def retry_after_of_another_length(_body, headers):
    headers["Retry-After"]["example"] = 70


def required_scope_among_the_granted(body, _headers):
    body["meta"]["granted"] = ["read", "write"]


def misspelt_scope_code(body, _headers):
    body["meta"]["code"] = "insufficient_scop"


def code_of_another_status(body, _headers):
    body["meta"]["code"] = "internal_error"


def meta_as_a_list(body, _headers):
    body["meta"] = [body["meta"]]


def one_member_more(body, _headers):
    body["request_id"] = "goat"


def retry_after_as_text(body, _headers):
    body["meta"]["retryAfter"] = "7"


def a_negative_figure(body, _headers):
    body["meta"]["current"] = -1


def room_for_one_more(body, _headers):
    body["meta"] |= {"current": 3, "max": 5}


DAMAGES = (
    ("GET /projects", "400.query", misspelt_code, {"400.code", "code.known"}),
    ("GET /creators", "404", data_that_is_not_null, {"envelope.data-null"}),
    ("POST /projects/{projectId}/creators", "409", no_error, {"envelope.error-text"}),
    ("GET /videos", "429.window", retry_after_of_another_length, {"429.window.agree"}),
    ("PATCH /creators/{id}", "403.scope", required_scope_among_the_granted, {"403.scope.missing"}),
    ("DELETE /creators/{id}", "403.scope", misspelt_scope_code, {"code.known"}),
    ("GET /campaigns", "401", code_of_another_status, {"401.code", "code.matches-status"}),
    ("PATCH /campaigns/{id}", "403.banned", meta_as_a_list, {"envelope.meta-object"}),
    ("DELETE /campaigns/{id}", "500", one_member_more, {"envelope.closed"}),
    ("GET /analytics", "429.window", retry_after_as_text, {"429.window.meta"}),
    ("POST /projects/{projectId}/campaigns", "402.limit", a_negative_figure, {"402.limit.meta"}),
    # Whether there was room depends on what was asked for, and an answer on demand was not earned by its request.
    ("POST /payout-methods", "402.limit", room_for_one_more, set()),
)
"""An operation, the variant whose example is damaged there, how, and the requirements that it then breaks."""


def damaged(folder):
    """Write a copy of the contract's files in which the examples are damaged, each on its own operation; the document."""
    shutil.copytree(FOLDER, folder)
    document = yaml.safe_load((folder / "openapi.yaml").read_text("utf-8"))
    references = References.among({**CONTRACT.schemas, "openapi.yaml": document})
    for operation, variant, damage, _ in DAMAGES:
        method, template = operation.split()
        responses = document["paths"][template][method.lower()]["responses"]
        status = variant.partition(".")[0]
        response = json.loads(json.dumps(references.inlined(responses[status])))
        damage(response["content"]["application/json"]["examples"][variant]["value"], response.get("headers"))
        responses[status] = response
    (folder / "openapi.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return folder / "openapi.yaml"


@pytest.fixture(scope="module")
def broken(prism, tmp_path_factory):
    """What is broken on the answers that Prism gives on demand: requirements, by operation and variant."""
    with prism(damaged(tmp_path_factory.mktemp("damaged") / CONTRACT.version)) as url:
        profile = replace(load_profile(PROFILE, {}), base_url=url)
        seen = tuple(r.id for r in CONTRACT.requirements if r.how == "seen")
        run = Run(CONTRACT, profile, {OBSERVED: all_checks()[OBSERVED]}, seen)
        run.execute()
    found = {}
    for requirement in seen:
        for breach in run.ledger.record(requirement).breaches:
            intent = breach.exchange.intent
            found.setdefault((intent.operation, intent.forced), set()).add(requirement)
    return found


@pytest.mark.parametrize(("operation", "variant", "damage", "requirements"), DAMAGES)
def test_a_damaged_example_is_found_by_what_it_breaks(broken, operation, variant, damage, requirements):
    assert broken.get((operation, variant), set()) == requirements, damage.__name__


def test_undamaged_examples_break_nothing(broken):
    assert broken.keys() <= {(operation, variant) for operation, variant, _, _ in DAMAGES}
