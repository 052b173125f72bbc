"""Whatever answer the contract's own schemas allow is never a finding."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from goatcheck.checks import observe
from goatcheck.contract.loading import load

CONTRACT = load()
CALM = settings(
    max_examples=30,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def drawn(schema):
    """Values of a schema: the body of the one operation of a small OpenAPI description."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {"/x": {"post": {"requestBody": body, "responses": {"200": {"description": "x"}}}}},
    }
    operation = schemathesis.openapi.from_dict(document)["/x"]["POST"]
    return operation.as_strategy(generation_mode=GenerationMode.POSITIVE).map(lambda case: case.body)


METAS = {
    variant.id: drawn({k: v for k, v in variant.schema.items() if k[0] not in "$x"}) for variant in CONTRACT.variants
}
TEXTS = drawn({"type": "string", "pattern": r"\S"}).filter(lambda text: text.strip())
FURTHER = st.dictionaries(
    st.text(max_size=3).map("x{}".format), st.none() | st.booleans() | st.text(max_size=5), max_size=2
)


def findings(case):
    """What is found wrong, apart from what a draw itself can break: a text may hold by chance what looks like the inside of
    a service, since Hypothesis draws from the constants of our own modules, or the mark of a key."""
    judgements = [] if "‹key:".encode() in case.response.body else observe(case, CONTRACT)
    return [j for j in judgements if (j.problems or j.unjudged) and j.requirement != "error.no-leak"]


def whole(value):
    """A drawn integer within the bounds in which it is written by people."""
    return int(value) % 10**6


OWN = ("limitKey", "current", "max", "required", "granted", "bucket")
"""Members that mean something in one variant; drawn as a further member of another they would make it that one."""


def related(variant, meta):
    """The meta with the members put right that a schema can't relate to each other."""
    if variant.id == "402.limit":
        top = whole(meta["max"])
        return {**meta, "max": top, "limitKey": CONTRACT.limit_keys[0], "current": max(whole(meta["current"]), top)}
    if variant.id == "403.scope":
        return {**meta, "granted": [scope for scope in meta["granted"] if scope != meta["required"]]}
    if variant.id == "429.window":
        return {**meta, "retryAfter": 1 + whole(meta["retryAfter"]) % 60}
    return {name: value for name, value in meta.items() if name not in OWN}


@pytest.mark.parametrize("variant", CONTRACT.variants, ids=lambda variant: variant.id)
def test_an_error_that_the_contract_allows_is_never_a_finding(variant, exchange):
    @CALM
    @given(meta=METAS[variant.id], further=FURTHER, text=TEXTS, spaces=st.sampled_from([None, 2]))
    def never(meta, further, text, spaces):
        meta = meta if meta is None else related(variant, {**further, **meta})
        members = meta or {}
        body = {
            "data": None,
            "error": f"{text} {members.get('limitKey', '')} {members.get('required', '')}",
            "meta": meta,
        }
        seconds = members.get("retryAfter")
        case = exchange(
            status=variant.status,
            raw=json.dumps(body, indent=spaces).encode(),
            headers=(("WWW-Authenticate", "Bearer"),) + ((("Retry-After", str(seconds)),) if variant.own_burst else ()),
            method="POST",
            path="/creators/x/stats",
            body=b'{"tiktok_handle": "goat"}',
        )
        assert findings(case) == []

    never()


@CALM
@given(
    body=drawn({key: value for key, value in CONTRACT.schemas["success.json"].items() if key[0] != "$"}),
    status=st.sampled_from([200, 201]),
)
def test_a_success_that_the_contract_allows_is_never_a_finding(exchange, body, status):
    case = exchange(
        status=status, raw=json.dumps(body).encode(), method="POST", path="/projects/x/campaigns", body=b"{}"
    )
    assert findings(case) == []
