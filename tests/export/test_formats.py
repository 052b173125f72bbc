"""What is written for each tool: complete, consistent in itself, and the same each time."""

import json
import uuid
from urllib.parse import urlsplit

import pytest
import yaml

from goatcheck.checks import observe
from goatcheck.contract.loading import load, versions
from goatcheck.exchange import Exchange, Intent, Request, Response
from goatcheck.export import FORMATS
from goatcheck.export.canned import canned
from goatcheck.profile import load_profile
from goatcheck.rooms import room


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_is_the_same_each_time(exported, name):
    assert exported(name) == exported(name)


@pytest.mark.parametrize("version", versions())
@pytest.mark.parametrize("name", FORMATS)
def test_every_version_of_the_contract_can_be_exported(name, version):
    form = FORMATS[name]
    assert form.files(load(version), load_profile(form.profile, {}))


def test_every_canned_error_keeps_the_contract(current_contract):
    answers = canned(current_contract)
    for operation in (*current_contract.operations, *current_contract.removed):
        request = Request(operation.method, operation.template.replace("{", "").replace("}", ""))
        for answer in answers[operation.id]:
            if answer.is_error:
                response = Response(answer.status, answer.headers, answer.body.encode())
                exchange = Exchange(1, request, response, Intent(operation=operation.id, forced=answer.name))
                judgements = observe(exchange, current_contract)
                assert judgements
                assert [j for j in judgements if j.problems] == []


def test_the_document_stands_alone(exported, current_contract):
    document = yaml.safe_load(exported("openapi")["openapi.yaml"])
    references = []

    def look(value):
        if isinstance(value, dict):
            references.extend([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                look(item)

    look(document)
    assert references
    assert all(reference.startswith("#/") for reference in references)
    assert document["paths"].keys() == current_contract.document["paths"].keys()


def stubs_of(files):
    return [s for path, text in files.items() if path.startswith("mappings/") for s in json.loads(text)["mappings"]]


def test_wiremock_has_a_stub_by_header_and_one_by_state_for_each_variant_of_each_operation(exported, current_contract):
    stubs = stubs_of(exported("wiremock"))
    documented = {
        f"{operation.id}: {variant.id} on demand"
        for operation in (*current_contract.operations, *current_contract.removed)
        for variant in current_contract.variants
        if variant.id in operation.examples
    }
    by_state = [stub for stub in stubs if "requiredScenarioState" in stub]
    by_header = [stub for stub in stubs if "Prefer" in stub["request"].get("headers", {})]
    assert {stub["name"] for stub in by_state} == {stub["name"] for stub in by_header} == documented
    assert all(stub["requiredScenarioState"] in stub["name"] for stub in by_state)


def test_wiremock_s_stubs_name_files_that_are_there_and_no_other_is(exported):
    files = exported("wiremock")
    named = {f"__files/{stub['response']['bodyFileName']}" for stub in stubs_of(files)}
    assert named == {path for path in files if path.startswith("__files/")}


def test_wiremock_s_last_stub_answers_everything_else(exported):
    stubs = stubs_of(exported("wiremock"))
    last = max(stubs, key=lambda stub: stub["priority"])
    assert last["request"] == {"method": "ANY", "urlPattern": ".*"}
    assert [stub for stub in stubs if stub["priority"] == last["priority"]] == [last]


def test_mockoon_s_environment_is_consistent_in_itself(exported):
    environment = json.loads(exported("mockoon")["mockoon.json"])
    routes = environment["routes"]
    ids = [r["uuid"] for r in routes] + [a["uuid"] for r in routes for a in r["responses"]]
    ids += [bucket["uuid"] for bucket in environment["data"]]
    assert len(set(ids)) == len(ids)
    assert all(uuid.UUID(value) for value in ids)
    assert [child["uuid"] for child in environment["rootChildren"]] == [route["uuid"] for route in routes]
    for route in routes:
        assert [answer["default"] for answer in route["responses"]][::-1].index(True) == 0
        assert all(answer["rules"] for answer in route["responses"][:-1])
    buckets = {bucket["name"] for bucket in environment["data"]}
    schemas = {rule["value"] for r in routes for a in r["responses"] for rule in a["rules"] if rule["target"] == "body"}
    assert schemas == buckets
    assert routes[-1]["endpoint"] == "*"


def test_plain_files_are_one_for_each_variant_with_what_belongs_to_it(exported, current_contract):
    files = exported("json")
    index = json.loads(files["answers.json"])
    assert index.keys() == current_contract.variant_by_id.keys()
    for variant in current_contract.variants:
        told = index[variant.id]
        assert told["status"] == variant.status
        assert json.loads(files[told["file"]]) == variant.example
    assert index["429.window"]["headers"] == {"Content-Type": "application/json", "Retry-After": "7"}
    assert "Retry-After" not in index["429.daily"]["headers"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_mock_is_served_where_its_profile_looks_for_it_and_the_page_says_so(exported, name):
    form = FORMATS[name]
    address = urlsplit(load_profile(form.profile, {}).base_url)
    told = json.loads(exported(name)["mockoon.json"])["port"] if name == "mockoon" else form.serve
    assert str(address.port) in str(told)
    page = (room("profiles") / "README.md").read_text("utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith(f"| {name} |"))
    assert f"`goatcheck run --profile {form.profile}`" in row
    assert row.replace("DIR/", "").replace("--root-dir DIR", "--root-dir .").count(form.serve) == 1
