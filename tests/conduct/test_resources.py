"""How answers tell of single things: which ids are taken at their word, and how deep is looked for them."""

import pytest

from goatcheck.conduct.resources import id_of, identified


@pytest.mark.parametrize("told", ["3f2b8c1e-5d47-4a90-8b6e-1c2d3e4f5a6b", "123", "cr_1.2:3~4", "a" * 128])
def test_what_may_stand_in_a_path_is_an_id(told):
    assert id_of({"id": told}) == told


@pytest.mark.parametrize(
    "told", ["", "..", "../projects/1", "a/b", "%2e%2e", "a b", "\u2028", "a" * 129, 7, None, ["a"]]
)
def test_what_may_lead_elsewhere_is_none(told):
    assert id_of({"id": told}) == ""
    assert identified([{"id": told}]) == []


def test_things_are_found_wherever_an_answer_tells_them():
    one, two = {"id": "1"}, {"id": "2", "of": {"id": "3"}}
    assert identified(one) == [one]
    assert identified({"creators": [one, two], "count": 2}) == [one, two]


def test_nesting_without_end_holds_no_thing():
    deep = {"id": "1"}
    for _ in range(5000):
        deep = [deep]
    assert identified(deep) == []
