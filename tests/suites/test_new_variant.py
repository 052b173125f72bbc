"""Another error enters the contract as data alone, and a run judges it."""

import datetime as dt
import json
import shutil
from dataclasses import replace

import pytest

from goatcheck.contract import CURRENT, load
from goatcheck.model import reference_world
from goatcheck.model.answers import failure
from goatcheck.model.forced import FORCED
from goatcheck.report.as_json import render_json
from goatcheck.report.as_markdown import render_markdown
from goatcheck.report.build import Facts, build_report
from goatcheck.report.model import Run
from goatcheck.rooms import room

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://goatcheck.example/2026-06/meta/423.json",
    "title": "Locked",
    "x-variant": {"status": 423, "code": "locked", "requirement": "423.meta"},
    "type": "object",
    "required": ["code", "lockedUntil"],
    "properties": {"code": {"const": "locked"}, "lockedUntil": {"type": "string", "minLength": 1}},
}

REQUIREMENT = """
[[requirement]]
id = "423.meta"
level = "MUST"
group = "423"
how = "seen"
source = "D"
meaning = "A 423 says until when the resource is locked."
provided_by = []
variant = "423"
schema = "meta/423.json"
"""

RESPONSE = """        "423":
          description: Somebody else is changing it
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Success"}
              examples:
                "423": {value: {data: null, error: Locked, meta: {code: locked, lockedUntil: "2026-06-15T10:00:00Z"}}}
"""

GOOD = {"code": "locked", "lockedUntil": "2026-06-15T10:00:00Z"}


@pytest.fixture(scope="module")
def widened(tmp_path_factory):
    """The current contract with a 423 in it: a schema, a requirement, an example."""
    folder = tmp_path_factory.mktemp("contracts")
    home = folder / CURRENT
    shutil.copytree(room("contracts") / CURRENT, home)
    (home / "meta" / "423.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    with (home / "requirements.toml").open("a", encoding="utf-8") as register:
        register.write(REQUIREMENT)
    document = (home / "openapi.yaml").read_text(encoding="utf-8")
    head, mark, tail = document.partition("      operationId: changeCreator\n")
    before, conflict, after = tail.partition('        "429": {$ref')
    (home / "openapi.yaml").write_text(head + mark + before + RESPONSE + conflict + after, encoding="utf-8")
    return load(CURRENT, folder)


@pytest.fixture
def judge(stage, widened):
    """What a run that asks for a 423 on demand makes of one with this meta."""

    def run(meta):
        world = reference_world()
        stage.world = replace(world, rules=replace(world.rules, forced={**FORCED, "423": failure(423, "Locked", meta)}))
        return stage.play("423", contract=widened)

    return run


def test_a_right_one_passes(judge):
    played = judge(GOOD)
    assert played.names == {"423.meta": "pass"}
    forced = [e for e in played.run.ledger.exchanges if e.response.status == 423]
    assert {e.intent.operation for e in forced} == {"PATCH /creators/{id}"}


@pytest.mark.parametrize(
    ("meta", "where"),
    [
        ({"code": "locked"}, "/meta/lockedUntil"),
        ({"code": "locked", "lockedUntil": 5}, "/meta/lockedUntil"),
        ({"code": "locked", "lockedUntil": ""}, "/meta/lockedUntil"),
    ],
)
def test_a_broken_one_fails_where_it_is_broken(judge, meta, where):
    played = judge(meta)
    assert played.names == {"423.meta": "fail"}
    assert [b.problem.where for b in played.outcomes["423.meta"].breaches] == [where]


def test_the_other_requirements_know_it_too(stage, widened):
    world = reference_world()
    wrong = failure(423, "Locked", {"code": "locked", "lockedUntil": "now"})
    locked = world.rules.with_ending("locked", lambda _w, call, r: wrong if call.request.method == "PATCH" else r)
    stage.world = replace(world, rules=locked)
    played = stage.play("401.missing", contract=widened, force=None)
    assert played.names == {"401.missing": "fail"}
    for name in ("status.documented", "code.known", "code.matches-status"):
        record = played.run.ledger.record(name)
        assert (record.judged > 0, record.breaches) == (True, [])


def test_where_nothing_shows_it_it_is_not_exercised(stage, widened):
    played = stage.play("423", contract=widened, force=None)
    assert played.names == {"423.meta": "not_exercised"}


def test_the_report_has_a_row_for_it(judge, widened):
    played = judge(GOOD)
    facts = Facts(
        widened,
        played.run.profile,
        played.run.ledger,
        ("423.meta",),
        ("423",),
        Run(1, "2026-06-15T09:00:00Z", 0.1, 1, {}),
    )
    report = build_report(facts, dt.date(2026, 6, 15))
    assert report.statuses["423"].variants == {"423": 1}
    assert json.loads(render_json(report))["statuses"]["423"]["outcomes"] == {"pass": 1}
    assert "423" in render_markdown(report)
