"""The catalogue of faults: what it names exists, and no requirement is without a fault."""

from collections import Counter

import pytest

from goatcheck.contract import load
from goatcheck.errors import UsageError
from goatcheck.exchange import Request
from goatcheck.faults import broken_world, catalogue
from goatcheck.model import reference_world

CONTRACT = load()
MOST = 5
ENOUGH = 3


def test_there_are_hundreds_of_faults_and_each_has_a_name_of_its_own():
    assert len(catalogue()) >= 150
    assert all(fault.name == name for name, fault in catalogue().items())


@pytest.mark.parametrize("fault", catalogue().values(), ids=lambda fault: fault.name)
def test_a_fault_names_requirements_of_the_contract_and_little_beside_what_it_breaks(fault):
    named = (*fault.breaks, *fault.may)
    assert fault.breaks
    assert set(named) <= set(CONTRACT.by_id)
    assert len(set(named)) == len(named)
    assert len(fault.may) <= MOST


def test_every_requirement_has_a_fault():
    broken = {name for fault in catalogue().values() for name in fault.breaks}
    assert broken == set(CONTRACT.by_id)


def test_every_must_that_is_sent_has_three_faults():
    count = Counter(name for fault in catalogue().values() for name in fault.breaks)
    wanted = [r.id for r in CONTRACT.requirements if r.how == "sent" and r.level == "MUST"]
    assert [name for name in wanted if count[name] < ENOUGH] == []


def test_no_two_faults_say_the_same_of_themselves():
    said = Counter(fault.summary for fault in catalogue().values())
    assert [summary for summary, times in said.items() if times > 1] == []


@pytest.mark.parametrize("name", catalogue())
def test_a_broken_world_still_answers_and_leaves_the_sound_one_alone(name):
    world = reference_world()
    key = next(key for key in world.profile.keys if key.role == "full")
    request = Request("GET", "/projects", "", (("Authorization", f"Bearer {key.token}"),))
    sound = world.answer(request)
    assert catalogue()[name].apply(world).answer(request).status in range(200, 600)
    assert world.answer(request).status == sound.status


def test_faults_add_up():
    world = broken_world(reference_world(), ["key-code-unauthorized", "challenge-absent"])
    refused = world.answer(Request("GET", "/projects"))
    assert (refused.code, refused.header("www-authenticate")) == ("unauthorized", None)


def test_a_name_that_is_none_is_told_with_names_that_are_near():
    with pytest.raises(UsageError, match="Did you mean challenge-absent"):
        broken_world(reference_world(), ["challange-absent"])
