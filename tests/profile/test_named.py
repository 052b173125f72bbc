"""Profiles that come along are found by their names."""

import pytest

from goatcheck.errors import UsageError
from goatcheck.profile import load_profile
from goatcheck.profile.named import named, names
from goatcheck.rooms import room


def test_each_profile_that_comes_along_is_found_by_its_name_and_is_one_of_a_mock():
    assert names() == ("json-server", "mockoon", "prism", "urls", "wiremock")
    for name in names():
        assert load_profile(name, {}).kind == "mock"


def test_a_path_is_taken_as_it_is(tmp_path):
    assert named(tmp_path / "prism") == tmp_path / "prism"
    assert named("prism.toml").name == "prism.toml"
    assert named("prism.toml").parent != room("profiles")


def test_a_file_of_that_name_in_the_working_folder_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prism").write_text('[target]\nbase_url = "http://127.0.0.1:1"\nname = "mine"\n')
    assert load_profile("prism", {}).name == "mine"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("prims", "Did you mean prism?"),
        ("Wiremock", "Did you mean wiremock?"),
        ("zzz", "Known here: json-server, mockoon, prism, urls, wiremock."),
    ],
)
def test_a_typo_says_which_names_there_are(name, hint):
    with pytest.raises(UsageError) as caught:
        named(name)
    assert str(caught.value) == (
        f"There is no profile {name}: no file is called so, and none of that name comes along. {hint} "
        f"Or write one with: goatcheck init {name}.toml"
    )
