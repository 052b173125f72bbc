"""The editions of the contract beside each other: what they share is the same, and an id never means two things."""

import re
import tomllib

import pytest

from goatcheck.checks import observe, variant_of
from goatcheck.contract import CURRENT, load, versions
from goatcheck.exchange import Exchange, Intent, Request, Response
from goatcheck.faults.by_schema import SUCCESS, sound, survivors
from goatcheck.model.answers import enveloped
from goatcheck.rooms import room

EARLIER = [version for version in versions() if version != CURRENT]
MAY = load("2026-05")
JUNE = load("2026-06")

OF_MAY = {
    "status.listed", "401.revoked", "403.ban", "403.only-banned",
    "429.window.code", "429.daily.code", "429.daily.retry-after",
}  # fmt: skip
OF_JUNE = {
    "status.documented", "code.known", "success.envelope",
    "401.code", "401.malformed", "401.expired", "401.uniform", "402.limit.key-known", "402.limit.atomic",
    "403.scope.meta", "403.scope.missing", "403.scope.error-text", "403.scope.write", "403.scope.admin", "403.scope.read",
    "403.scope.truthful", "403.scope.allows", "403.scope.first", "403.no-effect", "403.banned",
    "409.idempotency.route", "409.idempotency.replay", "409.duplicate", "409.duplicate-case", "409.state", "409.no-effect",
    "410.removed", "410.only-removed",
    "429.code", "429.window.meta", "429.window.header", "429.window.agree", "429.window.bound", "429.window.recovers",
    "429.daily.meta",
}  # fmt: skip
CHANGED_SCHEMAS = {"meta/401.json", "meta/403.banned.json", "meta/429.daily.json", "meta/429.window.json"}


def text(version, name):
    """A file of an edition, but for the edition's own name in it."""
    return (room("contracts") / version / name).read_text(encoding="utf-8").replace(f"/{version}/", "/")


def test_the_newest_edition_is_the_one_that_is_judged_by():
    assert max(versions()) == CURRENT


@pytest.mark.parametrize("version", EARLIER)
def test_an_id_means_the_same_sentence_in_every_edition(version):
    older = load(version).by_id
    shared = older.keys() & JUNE.by_id.keys()
    assert {name: (older[name].level, older[name].how, older[name].meaning) for name in shared} == {
        name: (JUNE.by_id[name].level, JUNE.by_id[name].how, JUNE.by_id[name].meaning) for name in shared
    }


def test_may_and_june_differ_in_the_rows_that_were_written_anew():
    assert MAY.by_id.keys() - JUNE.by_id.keys() == OF_MAY
    assert JUNE.by_id.keys() - MAY.by_id.keys() == OF_JUNE


def test_what_other_pages_said_of_errors_later_is_no_promise_of_may():
    assert [r.id for r in MAY.requirements if r.source == "P"] == []


def test_files_that_say_the_same_are_the_same():
    shared = MAY.schemas.keys() & JUNE.schemas.keys()
    assert {name for name in shared if text("2026-05", name) != text("2026-06", name)} == CHANGED_SCHEMAS
    assert JUNE.schemas.keys() - MAY.schemas.keys() == {
        "meta/403.scope.json", "meta/409.json", "meta/410.json", "status/429.json",
    }  # fmt: skip
    assert MAY.schemas.keys() <= JUNE.schemas.keys()


def test_an_operation_of_may_asks_for_what_it_asks_for_in_june():
    june = {operation.id: operation for operation in JUNE.operations}
    assert june.keys() == {operation.id for operation in MAY.operations}
    assert MAY.removed == ()
    for operation in MAY.operations:
        other = june[operation.id]
        told = [p for p in other.parameters if p.place != "header"]
        assert (list(operation.parameters), operation.body, operation.sure_body) == (told, other.body, other.sure_body)
        assert (operation.makes, operation.target) == (other.makes, other.target)
        assert set(other.statuses) - set(operation.statuses) <= {"409"}


def test_may_knows_its_own_codes_and_statuses():
    assert MAY.statuses == (400, 401, 402, 403, 404, 429, 500)
    assert {code: set(statuses) for code, statuses in MAY.codes.items() if 429 in statuses} == {
        "too_many_requests": {429}, "rate_limit_exceeded": {429},
    }  # fmt: skip
    assert MAY.codes.keys().isdisjoint({"invalid_api_key", "insufficient_scope"})


@pytest.mark.parametrize("version", EARLIER)
def test_every_example_of_an_edition_is_sound_and_every_keyword_of_its_schemas_is_judged(version):
    contract = load(version)
    for exchange in sound(contract):
        assert [j.requirement for j in observe(exchange, contract) if j.problems] == []
    left_open = () if "success.envelope" in contract.by_id else (SUCCESS,)
    assert [mutant.told for mutant in survivors(contract) if not mutant.keyword.startswith(left_open)] == []


@pytest.mark.parametrize("version", versions())
def test_every_schema_and_document_of_an_edition_names_it(version):
    contract = load(version)
    assert contract.document["info"]["version"] == version
    assert all(schema["$id"].endswith(f"/{version}/{name}") for name, schema in contract.schemas.items())


def test_every_component_of_an_edition_s_document_is_used():
    for version in versions():
        document = (room("contracts") / version / "openapi.yaml").read_text(encoding="utf-8")
        for kind, parts in load(version).document["components"].items():
            if kind != "securitySchemes":
                unused = [name for name in parts if f'#/components/{kind}/{name}"' not in document]
                assert unused == [], (version, kind)


def test_the_registers_of_the_editions_say_nothing_of_each_other_s_rows():
    for version in versions():
        register = text(version, "requirements.toml")
        ids = {row["id"] for row in tomllib.loads(register)["requirement"]}
        assert set(
            re.findall(r'"((?:4\d\d|500)\.[a-z][a-z.-]*|(?:envelope|status|code|success)\.[a-z-]+)"', register)
        ) <= (ids | set(load(version).variant_by_id) | {f"{s}.*" for s in load(version).statuses})


@pytest.mark.parametrize(
    ("status", "meta", "request_", "burst", "broken"),
    [
        (401, None, Request("GET", "/projects"), False, set()),
        (401, {"code": "revoked_key"}, Request("GET", "/projects"), False, set()),
        (429, {"code": "too_many_requests"}, Request("GET", "/projects"), True, set()),
        (429, {"code": "rate_limit_exceeded", "bucket": "b", "retryAfter": 7}, Request("GET", "/projects"), True, {"429.window.code"}),
        (429, {"code": "rate_limit_exceeded", "retryAfter": 3421}, Request("GET", "/projects"), False, set()),
        (429, {"code": "rate_limit_exceeded"}, Request("GET", "/projects"), False, {"429.daily.retry-after"}),
        (429, {"code": "rate_limit_exceeded", "retryAfter": "soon"}, Request("GET", "/projects"), False, {"429.daily.retry-after"}),
        (429, {"code": "quota", "retryAfter": 1}, Request("GET", "/projects"), False, {"429.daily.code"}),
        (409, None, Request("POST", "/payout-methods", body=b"{}"), False, set()),
        (409, None, Request("GET", "/projects"), False, {"status.listed"}),
        (410, {"code": "gone"}, Request("GET", "/creators/x/stats"), False, set()),
        (410, None, Request("GET", "/projects"), False, {"status.listed"}),
        (422, None, Request("POST", "/payout-methods", body=b"{}"), False, {"status.listed"}),
        (403, {"code": "insufficient_scope"}, Request("GET", "/projects"), False, set()),
    ],
)  # fmt: skip
def test_one_answer_is_judged_as_may_has_it(status, meta, request_, burst, broken):
    answer = enveloped(status, {"data": None, "error": "no", "meta": meta}, (("WWW-Authenticate", "Bearer"),))
    exchange = Exchange(1, request_, answer, Intent(burst=burst))
    assert {j.requirement for j in observe(exchange, MAY) if j.problems} == broken


def test_a_variant_is_told_by_its_own_edition():
    window = Response(
        429,
        (("Content-Type", "application/json"),),
        b'{"data": null, "error": "x", "meta": {"code": "too_many_requests"}}',
    )
    exchange = Exchange(1, Request("GET", "/projects"), window)
    assert (variant_of(exchange, MAY).id, variant_of(exchange, JUNE).id) == ("429.window", "429.daily")
