import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from goatcheck.report.as_json import render_json, report_data
from goatcheck.rooms import room


@pytest.fixture(scope="module")
def schema():
    return Draft202012Validator(json.loads((room("contracts") / "report.schema.json").read_text(encoding="utf-8")))


def test_the_schema_is_a_schema(schema):
    schema.check_schema(schema.schema)


def test_every_object_in_the_schema_is_closed(schema):
    def objects(part):
        if isinstance(part, dict):
            if part.get("type") == "object":
                yield part
            for value in part.values():
                yield from objects(value)

    found = list(objects(schema.schema))
    assert len(found) >= 8
    assert [part for part in found if "additionalProperties" not in part] == []


def test_every_report_follows_the_schema(schema, any_report):
    data = json.loads(render_json(any_report))
    assert [error.message for error in schema.iter_errors(data)] == []


def test_the_text_is_ascii_with_a_line_break_at_its_end(any_report):
    text = render_json(any_report)
    assert text.isascii()
    assert text.endswith("}\n")


def test_a_lone_surrogate_comes_back_as_it_was(samples):
    data = json.loads(render_json(samples.hostile))
    assert data["requirements"][0]["findings"][0]["got"] == samples.HOSTILE


def test_the_report_opens_with_the_name_of_its_format(samples):
    assert render_json(samples.good).startswith('{\n  "schema": "goatcheck-report/1",\n  "contract": "2026-06",\n')


def test_the_order_in_which_keys_were_first_used_does_not_show(samples):
    run = samples.good.run
    turned = replace(run, requests_per_key=dict(reversed(run.requests_per_key.items())))
    rows = dict(reversed(samples.good.statuses.items()))
    assert render_json(replace(samples.good, run=turned, statuses=rows)) == render_json(samples.good)


def test_headers_keep_their_order(samples):
    found = json.loads(render_json(samples.bad))["requirements"]
    broken = next(result for result in found if result["id"] == "429.window.agree")
    assert broken["findings"][0]["response"]["headers"] == [["Content-Type", "application/json"], ["Retry-After", "7"]]


def _refused(schema, samples, change):
    data = json.loads(json.dumps(report_data(samples.bad)))
    assert schema.is_valid(data)
    change(data)
    return not schema.is_valid(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(extra=1),
        lambda data: data.update(schema="goatcheck-report/2"),
        lambda data: data.update(exit_code=0),
        lambda data: data.update(verdict="fine"),
        lambda data: data["run"].update(started="yesterday"),
        lambda data: data["run"].update(seed="17"),
        lambda data: data["statuses"].update({"200": data["statuses"]["400"]}),
        lambda data: data["statuses"]["400"]["outcomes"].update(green=1),
        lambda data: data["requirements"][0].update(outcome="green"),
        lambda data: data["requirements"][0].update(level="MAY"),
        lambda data: data["requirements"][0].pop("judged"),
        lambda data: data["requirements"][1].update(findings=[]),
        lambda data: data["requirements"][1].update(findings=data["requirements"][1]["findings"] * 6),
        lambda data: data["requirements"][1]["findings"][0].update(number=-1),
        lambda data: data["requirements"][1]["findings"][0]["request"].update(headers=[["one"]]),
        lambda data: data["requirements"][3].update(reason=""),
        lambda data: data["requirements"][8].update(cause=""),
    ],
)
def test_the_schema_refuses_what_no_report_says(schema, samples, change):
    assert _refused(schema, samples, change)
