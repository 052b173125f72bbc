"""The role of a key follows from what the profile says of it."""

import pytest

from goatcheck.profile import Key, Profile


@pytest.mark.parametrize(
    ("attributes", "role"),
    [
        ({"scopes": ("read",)}, "reader"),
        ({"scopes": ("read",), "org": "other"}, "reader"),
        ({"scopes": ("write",)}, "writer-only"),
        ({}, "full"),
        ({"scopes": ("admin", "read", "write")}, "full"),
        ({"org": "other"}, "foreign"),
        ({"burst": True}, "burst"),
        ({"state": "capped", "burst": True}, "capped"),
        ({"state": "spent", "scopes": ("read",)}, "spent"),
        ({"state": "expired"}, "expired"),
        ({"state": "revoked"}, "revoked"),
        ({"state": "banned"}, "banned"),
        ({"scopes": ("admin",)}, ""),
    ],
)
def test_a_key_has_the_role_that_its_attributes_make(attributes, role):
    assert Key("a", "tga_secret", **attributes).role == role


def test_keys_of_a_role_come_in_the_order_of_the_file_and_one_is_found_by_name():
    first, second = Key("b", "tga_1"), Key("a", "tga_2")
    profile = Profile("http://h", keys=(first, Key("r", "tga_3", ("read",)), second))
    assert profile.with_role("full") == (first, second)
    assert profile.key("a") == second
    assert profile.key("c") is None


def test_a_key_never_shows_its_token():
    assert "tga_1" not in repr(Key("b", "tga_1"))
