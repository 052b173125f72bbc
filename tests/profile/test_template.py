"""The commented profile is valid as it is written, and also with all its comments taken away."""

import re

from goatcheck.profile import load_profile
from goatcheck.profile.template import FIXTURE_LINES, ROLE_LINES, commented_profile

ENVIRON = {f"GOAT_{role.replace('-', '_').upper()}": f"tga_{index:064}" for index, role in enumerate(ROLE_LINES)}


def test_the_profile_is_valid_once_its_two_keys_are_set(tmp_path):
    (tmp_path / "goat.toml").write_text(commented_profile())
    profile = load_profile(tmp_path / "goat.toml", {name: ENVIRON[name] for name in ("GOAT_READER", "GOAT_FULL")})
    assert [key.role for key in profile.keys] == ["reader", "full"]
    assert profile.writes is False


def test_with_every_comment_taken_away_each_role_and_fixture_is_there(tmp_path):
    (tmp_path / "goat.toml").write_text(re.sub(r"(?m)^#(?! )", "", commented_profile()))
    profile = load_profile(tmp_path / "goat.toml", ENVIRON)
    assert [key.role for key in profile.keys] == list(ROLE_LINES)
    assert {*profile.fixtures, "admin_path", "too_old"} == set(FIXTURE_LINES)
    assert profile.admin_path
    assert profile.too_old
    assert profile.clock
    assert profile.force
    assert profile.cannot
    assert profile.waivers
    assert profile.not_applicable
    assert profile.accept_untried
    assert profile.kind == "mock"


def test_a_line_is_no_longer_than_a_screen_and_the_text_ends_with_one_line_break():
    assert max(map(len, commented_profile().splitlines())) <= 120
    assert commented_profile().endswith("\n")
    assert not commented_profile().endswith("\n\n")
