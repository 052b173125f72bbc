"""The profiles that come with goatcheck are valid, and tell all that a mock without state can't do."""

import pytest

from goatcheck.contract import load
from goatcheck.profile import load_profile
from goatcheck.rooms import room

PATHS = sorted(room("profiles").glob("*.toml"))
STATEFUL = {r.id for r in load().requirements if "stateful" in r.needs}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_profile_that_comes_along_is_valid_and_named_in_the_page_beside_it(path):
    assert load_profile(path, {}).name
    assert f"`{path.name}`" in (path.parent / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_what_needs_state_is_listed_with_a_reason(path):
    profile = load_profile(path, {})
    # nobody can see a day go by without a clock: that is not testable anyway
    assert STATEFUL - {"429.daily.resets"} <= {*profile.cannot, *profile.not_applicable}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_each_id_is_one_of_the_contract(path):
    profile = load_profile(path, {})
    assert {*profile.cannot, *profile.not_applicable} <= load().by_id.keys()
