"""Reading a contract: what comes out, and what is said where the data is wrong."""

import json
import time

import pytest
import yaml

from goatcheck.contract import CURRENT, load, versions
from goatcheck.errors import UsageError
from goatcheck.rooms import room

LOCKED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Locked",
    "x-variant": {"status": 423, "code": "locked", "requirement": "423.locked.meta"},
    "type": "object",
    "required": ["code", "until"],
    "properties": {"code": {"const": "locked"}, "until": {"type": "string", "format": "date-time"}},
}
LOCKED_BODY = {"data": None, "error": "Locked", "meta": {"code": "locked", "until": "2026-07-01T00:00:00Z"}}
LOCKED_REQUIREMENT = """
[[requirement]]
id = "423.locked.meta"
level = "MUST"
group = "423"
how = "seen"
source = "S"
meaning = "A 423 tells until when the resource is locked."
provided_by = ["409.state"]
variant = "423.locked"
schema = "meta/423.locked.json"
"""


def locked(copy):
    response = {
        "description": "It is locked",
        "headers": {"X-Lock": {"schema": {"type": "string"}, "example": "soft"}},
        "content": {"application/json": {"examples": {"423.locked": {"value": LOCKED_BODY}}}},
    }
    copy.write("meta/423.locked.json", json.dumps(LOCKED))
    copy.append("requirements.toml", LOCKED_REQUIREMENT)
    copy.change("openapi.yaml", '        "200":\n', f'        "423": {json.dumps(response)}\n        "200":\n')


def test_the_current_version_is_there_and_loads():
    assert CURRENT in versions()
    assert load().version == CURRENT


def test_loading_takes_little_more_than_reading_its_documents():
    text = (room("contracts") / CURRENT / "openapi.yaml").read_text(encoding="utf-8")

    def seconds(act):
        started = time.process_time()
        act()
        return time.process_time() - started

    reading = min(seconds(lambda: yaml.load(text, Loader=yaml.CSafeLoader)) for _ in range(5))
    assert min(seconds(load) for _ in range(5)) < 12 * reading


def test_an_unknown_version_is_refused_with_the_ones_that_there_are(tmp_path):
    with pytest.raises(UsageError, match=f"'1999-01'.*{CURRENT}"):
        load("1999-01")
    with pytest.raises(UsageError, match="there are: none"):
        load(CURRENT, tmp_path)


def test_a_version_is_a_name_and_no_way_out_of_the_folder(copy):
    with pytest.raises(UsageError, match="There is no contract version"):
        load(f"../{copy.folder.name}/{CURRENT}", copy.folder)


def test_a_copy_elsewhere_is_the_same_contract(contract, copy):
    other = copy.load()
    assert other.requirements == contract.requirements
    assert other.variants == contract.variants
    assert other.operations == contract.operations


def test_variants_come_by_status_and_the_one_without_a_selection_last(contract):
    assert [v.id for v in contract.variants] == [
        "400.body", "400.params", "400.query", "401", "402.limit", "402.retention", "403.scope", "403.banned",
        "404", "409", "410", "429.window", "429.daily", "500",
    ]  # fmt: skip


def test_a_variant_has_all_that_its_files_tell(contract):
    window = contract.variant_by_id["429.window"]
    assert (window.status, window.code, window.title, window.own_burst) == (
        429,
        "rate_limit_exceeded",
        "Window limit",
        True,
    )
    assert window.schema_name == "meta/429.window.json"
    assert window.select == {"type": "object", "required": ["bucket"]}
    assert window.example["meta"] == {"code": "rate_limit_exceeded", "bucket": "v1Api", "retryAfter": 7}
    assert window.example_headers == {"Retry-After": "7"}


def test_a_header_that_belongs_to_another_variant_is_none_of_the_example(contract):
    assert contract.variant_by_id["429.daily"].example_headers == {}


def test_statuses_codes_and_limit_keys_are_the_documented_ones(contract):
    assert contract.statuses == (400, 401, 402, 403, 404, 409, 410, 429, 500)
    assert contract.codes == {
        "invalid_query": {400}, "invalid_body": {400}, "invalid_params": {400}, "invalid_api_key": {401},
        "limit_reached": {402}, "retention_exceeded": {402}, "insufficient_scope": {403},
        "rate_limit_exceeded": {429}, "internal_error": {500},
    }  # fmt: skip
    assert "max_creators_per_org" in contract.limit_keys
    assert not [key for key in contract.limit_keys if key.endswith("_per_day")]


def test_a_variant_of_a_new_status_needs_data_and_nothing_else(copy):
    locked(copy)
    contract = copy.load()
    variant = contract.variant_by_id["423.locked"]
    assert 423 in contract.statuses
    assert contract.codes["locked"] == {423}
    assert (variant.example, variant.example_headers) == (LOCKED_BODY, {"X-Lock": "soft"})
    assert contract.by_id["423.locked.meta"].schema in contract.schemas
    assert "423" in contract.operations[0].statuses


def test_a_schema_without_a_title_is_called_by_its_variant(copy):
    copy.change("meta/404.json", '"title": "Not found",', "")
    assert copy.load().variant_by_id["404"].title == "404"


def test_a_variant_without_an_example_is_refused(copy):
    copy.write("meta/423.locked.json", json.dumps(LOCKED))
    with pytest.raises(UsageError, match=r"meta/423.locked.json.*expected one named '423.locked' at a response 423"):
        copy.load()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("requirements.toml", 'level = "MUST"', 'level = "MAY"', r"requirements.toml, at requirement/0/level.*MAY"),
        ("requirements.toml", 'level = "MUST"', 'level = "MUST', r"requirements.toml can't be read"),
        ("requirements.toml", "limit_keys = [", "limits = [", r"requirements.toml, at its top"),
        ("requirements.toml", 'id = "envelope.object"', 'id = "envelope.json"', "an id stands there twice"),
        ("requirements.toml", '"401.missing", "400.query"', '"401.gone", "400.query"', r"envelope.json is provided by 401.gone"),
        ("requirements.toml", '"401.missing", "400.query"', '"401.code", "400.query"', r"envelope.json is provided by 401.code"),
        ("requirements.toml", 'variant = "402.*"', 'variant = "499.*"', r"402.code is judged on 499.\*"),
        ("requirements.toml", '"status/402.json"', '"status/499.json"', r"refers to 'status/499.json'"),
        ("requirements.toml", "429.window.json#/allOf/0", "429.window.json#/allOf/9", r"refers to 'meta/429.window.json#/allOf/9'"),
        ("requirements.toml", '"role:full"', '"role full"', r"needs/0"),
        ("meta/404.json", '"status": 404', '"status": "404"', r"meta/404.json, at status"),
        ("meta/404.json", '"minLength": 1', '"minLength": "1"', r"meta/404.json is no JSON Schema"),
        ("meta/404.json", "{", "", r"meta/404.json can't be read"),
        ("openapi.yaml", "paths:", "paths: {", r"openapi.yaml can't be read"),
        ("openapi.yaml", "parameters/ProjectId", "parameters/Nothing", r"openapi.yaml.* refers to '#/components/parameters/Nothing'"),
        ("openapi.yaml", "{type: string, minLength: 1}", '{$ref: "#/components/parameters/IdempotencyKey"}', "holds itself"),
    ],
)  # fmt: skip
def test_wrong_data_is_refused_with_its_file_and_place(copy, file, old, new, said):
    copy.change(file, old, new)
    with pytest.raises(UsageError, match=said):
        copy.load()


def test_a_missing_description_is_told_by_name(copy):
    (copy.folder / CURRENT / "openapi.yaml").unlink()
    with pytest.raises(UsageError, match=r"openapi.yaml can't be read"):
        copy.load()
