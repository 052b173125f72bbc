"""The suites as a collection: every sent requirement has its one check, and each reads as the contract reads."""

import ast
import inspect

import pytest

from goatcheck.conduct.suites import all_checks, checks_in
from goatcheck.conduct.trial import OBSERVED, requirement
from goatcheck.contract import load, versions
from goatcheck.profile.needs import missing
from goatcheck.profile.parts import Profile
from goatcheck.rooms import room

MODULES = sorted(room("suites").glob("test_*.py"))
PLUMBING = {"httpx", "socket", "threading", "time", "requests", "urllib", "hypothesis", "pytest"}


@pytest.mark.parametrize("version", versions())
def test_every_requirement_that_is_sent_has_its_check_and_no_other_has_one(version):
    sent = {r.id for r in load(version).requirements if r.how == "sent"}
    assert set(all_checks()) - {OBSERVED} >= sent
    seen = {r.id for r in load(version).requirements if r.how == "seen"}
    assert seen.isdisjoint(all_checks())


def test_every_check_is_some_edition_s():
    sent = {r.id for version in versions() for r in load(version).requirements if r.how == "sent"}
    assert {name for name, check in all_checks().items() if not check.shows} - {OBSERVED} == sent


def test_a_check_takes_only_keys_that_its_requirement_needs():
    known = {r.id: r for version in versions() for r in load(version).requirements}
    for name, check in all_checks().items():
        needs = known[name].needs if name in known else ()
        given = {need.split(":")[1] for need in needs if need.split(":")[0] in {"role", "roles"}}
        assert set(check.roles) <= given, name


def test_every_need_of_the_contract_is_understood(current_contract):
    bare = Profile("https://api.example")
    for need in {need for r in current_contract.requirements for need in r.needs}:
        lack = missing(need, bare)
        assert lack is None or lack.reason, need


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_suite_has_a_claim_for_each_check_and_no_plumbing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [getattr(node, "module", "") or ""]
        )
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported.isdisjoint(PLUMBING)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            assert ast.get_docstring(node), node.name


def test_every_check_claims_something_of_its_own():
    claims = [check.claim for check in all_checks().values()]
    assert len(claims) == len(set(claims))
    assert all(" " in claim for claim in claims)


def test_a_check_without_words_claims_its_requirement():
    @requirement("401.missing")
    def wordless(api):
        """"""

    assert wordless.goatcheck.claim == "401.missing"
    assert inspect.signature(wordless).parameters.keys() == {"api"}


def test_a_check_of_a_phase_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"tomorrow is no phase: daily, main"):
        requirement("401.missing", phase="tomorrow")


def test_two_checks_of_one_requirement_are_refused(tmp_path):
    check = (
        "from goatcheck.conduct import requirement\n"
        "@requirement('401.missing')\ndef one(api): pass\n"
        "@requirement('401.missing')\ndef two(api): pass\n"
    )
    (tmp_path / "test_twice.py").write_text(check, encoding="utf-8")
    with pytest.raises(ValueError, match=r"test_twice\.py: 401\.missing has two checks"):
        all_checks(tmp_path)


def test_what_is_not_marked_is_no_check():
    module = inspect.getmodule(next(iter(all_checks().values())).function)
    names = {check.function.__name__ for check in checks_in(module)}
    assert names < {name for name, value in vars(module).items() if callable(value)} | names
