"""A response that breaks one keyword of one schema is found fault with, whichever keyword it is."""

import pytest

from goatcheck.checks import observe
from goatcheck.contract import load
from goatcheck.faults.by_schema import broken, mutants, sound, survivors

CONTRACT = load()


def test_no_mutant_survives():
    assert [mutant.told for mutant in survivors(CONTRACT)] == []


def test_what_the_mutants_are_made_from_is_sound():
    problems = [j for exchange in sound(CONTRACT) for j in observe(exchange, CONTRACT) if j.problems]
    assert problems == []


def test_every_schema_of_the_contract_has_its_mutants():
    files = {mutant.keyword[: mutant.keyword.index(".json") + 5] for mutant in mutants(CONTRACT)}
    assert files == set(CONTRACT.schemas)


def test_each_keyword_is_broken_alone():
    schema = {
        "type": "object",
        "required": ["n"],
        "properties": {"n": {"type": "integer", "minimum": 0, "maximum": 9}, "t": {"type": "string", "minLength": 2}},
    }
    told = dict(broken(schema, {"n": 1, "t": "xx"}))
    assert told["/required/n"] == {"t": "xx"}
    assert told["/properties/n/minimum"] == {"n": -1, "t": "xx"}
    assert told["/properties/n/maximum"] == {"n": 10, "t": "xx"}
    assert told["/properties/t/minLength"] == {"n": 1, "t": "g"}


def test_a_keyword_that_nobody_can_break_is_no_silent_gap():
    with pytest.raises(ValueError, match="'dependentRequired'"):
        list(broken({"dependentRequired": {}}, {}))
