"""What a requirement needs is looked for in the profile, and what is not there comes with the TOML lines to add."""

import tomllib

import pytest

from goatcheck.profile import Fixture, Force, Key, Missing, Profile, lacking, merged, missing
from goatcheck.profile.problems import troubles_of
from goatcheck.profile.template import FIXTURE_LINES, ROLE_LINES

BARE = Profile("https://staging.example")
NEEDS = (
    *(f"role:{role}" for role in ROLE_LINES),
    "roles:spent:2",
    "roles-of-org:burst",
    *(f"fixture:{name}" for name in FIXTURE_LINES),
    "writes",
    "bursts",
    "clock",
    "force",
)


def key(name, **attributes):
    return Key(name, f"tga_{name}", **attributes)


RICH = Profile(
    "http://127.0.0.1/",
    writes=True,
    bursts=True,
    clock="http://127.0.0.1/_clock",
    keys=(
        key("reader", scopes=("read",)),
        key("writer", scopes=("write",)),
        key("full"),
        key("foreign", org="other"),
        key("capped", org="capped", state="capped"),
        key("spent", org="spent", state="spent"),
        key("spent-too", org="spent", state="spent"),
        key("expired", state="expired"),
        key("revoked", state="revoked"),
        key("banned", org="banned", state="banned"),
        key("burst", burst=True),
    ),
    fixtures={name: Fixture("x", expendable=True) for name in FIXTURE_LINES if name not in {"admin_path", "too_old"}},
    admin_path="/admin/x",
    too_old="2019-01-01",
    force=Force("Prefer", "code={status}"),
)


@pytest.mark.parametrize("need", [*NEEDS, "stateful"])
def test_what_is_there_is_not_missing(need):
    assert missing(need, RICH) is None


@pytest.mark.parametrize("need", NEEDS)
def test_what_is_not_there_is_told_in_a_sentence(need):
    lack = missing(need, BARE)
    assert lack.reason.startswith("The ")
    assert lack.reason.endswith(".")
    assert len(lack.reason) < 100


@pytest.mark.parametrize("need", NEEDS)
def test_the_lines_to_add_make_a_valid_profile(need):
    data = tomllib.loads(missing(need, BARE).add.replace("too_old = 2019-01-01", 'too_old = "2019-01-01"'))
    target = {"base_url": BARE.base_url, **data.get("target", {})}
    assert not troubles_of({**data, "target": target})


def test_the_reason_for_a_role_says_what_key_is_wanted():
    assert missing("role:reader", BARE) == Missing(
        "The profile has no reader key: an active key with exactly the scope read.",
        '[keys.reader]\ntoken_env = "GOAT_READER"\nscopes = ["read"]',
    )


def test_two_keys_of_a_role_count_only_where_they_share_an_org():
    apart = Profile("http://h", keys=(key("a", org="x", state="spent"), key("b", org="y", state="spent")))
    assert missing("roles:spent:2", apart) == Missing(
        "The profile has no 2 spent keys of one org.",
        '[keys.second-spent]\ntoken_env = "GOAT_SECOND_SPENT"\norg = "spent"\nstate = "spent"',
    )


def test_a_neighbour_is_another_active_key_of_the_same_org():
    lonely = Profile(
        "http://h", keys=(key("b", burst=True, org="x"), key("c", org="y"), key("d", org="x", state="expired"))
    )
    assert missing("roles-of-org:burst", lonely) == Missing(
        "The profile has no second active key of the org of the burst key.",
        '[keys.neighbour]\ntoken_env = "GOAT_NEIGHBOUR"\norg = "x"',
    )


def test_without_a_burst_key_both_are_missing():
    lack = missing("roles-of-org:burst", BARE)
    assert lack.reason == "The profile has no burst key, and none beside it in its org."
    assert set(tomllib.loads(lack.add)["keys"]) == {"burst", "neighbour"}


def test_several_lacks_are_merged_into_lines_that_can_be_pasted():
    lacks = [
        missing(need, BARE)
        for need in ("writes", "bursts", "role:burst", "roles-of-org:burst", "writes", "fixture:project")
    ]
    assert merged(lack.add for lack in lacks) == (
        "[target]\nwrites = true\nbursts = true\n\n"
        '[keys.burst]\ntoken_env = "GOAT_BURST"\nburst = true\n\n'
        '[keys.neighbour]\ntoken_env = "GOAT_NEIGHBOUR"\norg = "main"\n\n'
        '[fixtures]\nproject = "00000000-0000-4000-8000-000000000001"'
    )
    assert merged([]) == ""


def test_a_default_payout_method_that_is_not_expendable_counts_as_missing():
    kept = Profile("http://h", fixtures={"default_payout_method": Fixture("x")})
    assert "may try to delete" in missing("fixture:default_payout_method", kept).reason


def test_a_mock_knows_no_state_and_no_line_would_change_that():
    lack = missing("stateful", Profile("http://h", kind="mock"))
    assert lack == Missing("The target is a mock that knows no state.", "")
    assert merged([lack.add]) == ""


def test_a_mock_is_not_asked_for_keys_and_fixtures_that_would_not_help():
    needs = ("role:spent", "fixture:project", "writes", "clock", "stateful")
    lacks = lacking(needs, Profile("https://h", kind="mock"))
    assert {need: lack.add for need, lack in lacks.items()} == {"clock": "", "stateful": ""}
    assert list(lacking(needs, BARE)) == ["role:spent", "fixture:project", "writes", "clock"]


@pytest.mark.parametrize("need", ["rolle:reader", "role:king", "fixture:goat"])
def test_a_need_that_does_not_exist_is_a_mistake_in_the_contract(need):
    with pytest.raises(KeyError):
        missing(need, BARE)
