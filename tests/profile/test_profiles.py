"""The profiles that come with goatcheck are valid."""

import pytest

from goatcheck.profile import load_profile
from goatcheck.rooms import room


@pytest.mark.parametrize("path", sorted(room("profiles").glob("*.toml")), ids=lambda path: path.name)
def test_a_profile_that_comes_along_is_valid(path):
    assert load_profile(path, {}).name
