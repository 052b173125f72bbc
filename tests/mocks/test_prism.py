"""Prism, given the contract with damaged examples: each damage is found by what it breaks, and nothing else is."""

import json

import pytest
import yaml
from cases import CONTRACT, openapi

from goatcheck.conduct.run import Run
from goatcheck.conduct.suites import all_checks
from goatcheck.conduct.trial import OBSERVED
from goatcheck.contract.references import References
from goatcheck.profile import load_profile

pytestmark = pytest.mark.xdist_group("prism, damaged")  # one run for all of them


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
    """An export in which the examples are damaged, each on its own operation; the document."""
    path = openapi(folder)
    document = yaml.safe_load(path.read_text("utf-8"))
    references = References.among({**CONTRACT.schemas, "openapi.yaml": document})
    for operation, variant, damage, _ in DAMAGES:
        method, template = operation.split()
        responses = document["paths"][template][method.lower()]["responses"]
        status = variant.partition(".")[0]
        response = json.loads(json.dumps(references.inlined(responses[status])))
        damage(response["content"]["application/json"]["examples"][variant]["value"], response.get("headers"))
        responses[status] = response
    path.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    return path


@pytest.fixture(scope="module")
def broken(serve, tmp_path_factory):
    """What is broken on the answers that Prism gives on demand: requirements, by operation and variant."""
    with serve("prism", damaged(tmp_path_factory.mktemp("damaged"))) as url:
        seen = tuple(r.id for r in CONTRACT.requirements if r.how == "seen")
        run = Run(CONTRACT, load_profile("prism", {}, url), {OBSERVED: all_checks()[OBSERVED]}, seen)
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
