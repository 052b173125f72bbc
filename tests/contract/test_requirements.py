"""The register of requirements as data."""

from collections import Counter

import pytest

from goatcheck.contract import load

REQUIREMENTS = load().requirements
SEEN = [r for r in REQUIREMENTS if r.how == "seen"]


def test_there_are_84_requirements_with_an_id_each():
    assert len({r.id for r in REQUIREMENTS}) == 84
    assert Counter(r.level for r in REQUIREMENTS) == {"MUST": 68, "SHOULD": 16}


def test_every_group_stands_together():
    groups = [r.group for r in REQUIREMENTS]
    assert list(dict.fromkeys(groups)) == [
        "envelope",
        "400",
        "401",
        "402",
        "403",
        "404",
        "409",
        "410",
        "429",
        "500",
        "success",
    ]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index)


def test_a_numbered_requirement_belongs_to_its_status():
    assert all(r.group == r.id[:3] for r in REQUIREMENTS if r.id[0].isdigit())


@pytest.mark.parametrize("requirement", SEEN, ids=lambda r: r.id)
def test_a_seen_requirement_names_who_brings_it_about(requirement, contract):
    assert requirement.provided_by
    assert all(contract.by_id[provider].how == "sent" for provider in requirement.provided_by)
    assert requirement.needs == (("force",) if requirement.id == "500.code" else ())


def test_a_requirement_that_schemas_judge_is_the_one_that_the_variant_names(contract):
    for variant in contract.variants:
        requirement = contract.by_id[variant.schema["x-variant"]["requirement"]]
        assert requirement.how == "seen"
        assert requirement.variant in {"", variant.id, f"{variant.status}.*"}


def test_what_changes_or_bursts_says_so():
    for requirement in REQUIREMENTS:
        needs = requirement.needs
        if requirement.id.endswith("no-effect") or requirement.group == "409":
            assert {"writes", "stateful"} <= set(needs), requirement.id
        assert ("bursts" in needs) == ("role:burst" in needs), requirement.id


def test_three_may_be_beyond_what_a_target_can_show():
    assert [r.id for r in REQUIREMENTS if r.not_testable] == ["429.daily.resets", "500.code", "500.forced"]
