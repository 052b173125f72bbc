"""What a profile says becomes frozen values, with defaults that follow from where the target is."""

import datetime as dt
import json

import pytest

from goatcheck.errors import UsageError
from goatcheck.profile import Call, Fixture, Force, Key, Waiver, load_profile, loopback_profile
from goatcheck.rebuild import profile_from
from goatcheck.session import profile_data

TOKEN = "tga_" + "0" * 64
OTHER = "tga_" + "1" * 64
REMOTE = '[target]\nbase_url = "https://staging.example/api/v1"\n'
LOCAL = '[target]\nbase_url = "http://127.0.0.1:8080/api/v1"\n'


@pytest.fixture
def write(tmp_path):
    """Writes a profile and answers its path."""

    def to_file(text, name="goat.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return to_file


def test_a_full_profile_becomes_frozen_values(write):
    path = write("""
        [target]
        name = "staging"
        base_url = "https://staging.example/api/v1/"
        kind = "mock"
        writes = true
        bursts = true
        requests_per_minute = 30
        max_requests = 100
        max_creates = 7
        timeout = 5
        clock = "http://127.0.0.1:9001/_clock"
        headers = { X-Env = "staging" }
        [keys.reader]
        token_env = "GOAT_READER"
        scopes = ["read"]
        [keys.both]
        token_env = "GOAT_BOTH"
        scopes = ["write", "read"]
        org = "other"
        burst = true
        [fixtures]
        project = "p-1"
        default_payout_method = { id = "m-1", expendable = true }
        foreign_project = { id = "p-2" }
        admin_path = "/admin/health"
        too_old = 2019-01-01
        [force]
        header = "Prefer"
        value = "code={status}, example={variant}"
        [not_applicable]
        "403.banned" = "no bans"
        [accept_untried]
        "402.limit.atomic" = "one org only"
        [[waivers]]
        requirement = "401.challenge"
        reason = "planned"
        operation = "GET /creators"
        until = 2027-03-31
        [[waivers]]
        requirement = "envelope.closed"
        reason = "known"
    """)
    profile = load_profile(path, {"GOAT_READER": TOKEN, "GOAT_BOTH": OTHER})
    assert profile.base_url == "https://staging.example/api/v1"
    assert (profile.name, profile.kind, profile.writes, profile.bursts) == ("staging", "mock", True, True)
    assert (profile.requests_per_minute, profile.max_requests, profile.max_creates) == (30, 100, 7)
    assert (profile.timeout, profile.clock) == (5, "http://127.0.0.1:9001/_clock")
    assert profile.headers == {"X-Env": "staging"}
    assert profile.keys == (
        Key("reader", TOKEN, ("read",)),
        Key("both", OTHER, ("read", "write"), org="other", burst=True),
    )
    assert profile.fixtures == {
        "project": Fixture("p-1"),
        "default_payout_method": Fixture("m-1", expendable=True),
        "foreign_project": Fixture("p-2"),
    }
    assert (profile.admin_path, profile.too_old) == ("/admin/health", "2019-01-01")
    assert profile.force == Force("Prefer", "code={status}, example={variant}")
    assert profile.not_applicable == {"403.banned": "no bans"}
    assert profile.accept_untried == {"402.limit.atomic": "one org only"}
    assert profile.waivers == (
        Waiver("401.challenge", "planned", "GET /creators", dt.date(2027, 3, 31)),
        Waiver("envelope.closed", "known"),
    )


def test_a_target_elsewhere_is_only_read_paced_and_bounded_unless_the_profile_says_otherwise(write):
    profile = load_profile(write(REMOTE), {})
    assert (profile.writes, profile.bursts) == (False, False)
    assert (profile.requests_per_minute, profile.max_requests, profile.max_creates) == (50, 600, 20)
    assert (profile.name, profile.kind, profile.timeout, profile.clock) == ("staging.example", "live", 10.0, "")


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost", "localhost.", "LOCALHOST:1", "goat.localhost", "127.8.8.8", "[::1]:80"]
)
def test_a_target_on_loopback_may_be_written_and_burst_without_pacing_or_bound(write, host):
    profile = load_profile(write(f'[target]\nbase_url = "http://{host}/v1"\n'), {})
    assert (profile.writes, profile.bursts, profile.requests_per_minute, profile.max_requests) == (True, True, 0, 0)
    assert profile.max_creates == 500


@pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "10.0.0.1", "localhost.example", "[2001:db8::1]"])
def test_a_host_that_only_looks_like_loopback_is_none(write, host):
    profile = load_profile(write(f'[target]\nbase_url = "http://{host}/v1"\n'), {})
    assert not profile.writes


def test_what_a_profile_says_beats_the_defaults_of_loopback(write):
    profile = load_profile(write(LOCAL + "writes = false\nmax_requests = 5\n"), {})
    assert (profile.writes, profile.bursts, profile.max_requests) == (False, True, 5)


def test_the_option_overrides_the_base_url_and_the_defaults_follow_it(write):
    path = write(LOCAL)
    profile = load_profile(path, {}, "https://staging.example/v1/")
    assert (profile.base_url, profile.writes, profile.max_requests) == ("https://staging.example/v1", False, 600)


def test_with_the_option_a_profile_needs_no_base_url(write):
    assert load_profile(write("[keys]\n"), {}, "http://localhost:1/v1").base_url == "http://localhost:1/v1"
    assert load_profile(write('[target]\nname = "x"\n'), {}, "http://localhost:1/v1").name == "x"


def test_a_base_url_alone_makes_a_profile_without_keys():
    profile = loopback_profile("http://127.0.0.1:8080/api/v1")
    assert (profile.keys, profile.name, profile.writes) == ((), "127.0.0.1:8080", True)
    assert loopback_profile("https://staging.example").writes is False


@pytest.mark.parametrize(
    "url", ["staging.example", "ftp://x/", "http://", "http://[::1/", "http://h:99999", "http://h:0"]
)
def test_a_base_url_that_cannot_be_used_is_refused_by_the_name_of_its_option(url):
    with pytest.raises(UsageError, match=r"^--base-url: expected .* got .*\. Write, for example, --base-url http"):
        loopback_profile(url)


def test_a_key_comes_from_the_environment_a_file_or_on_loopback_the_profile(write, tmp_path):
    (tmp_path / "b.key").write_text(f"{OTHER}\n")
    text = f'[keys.a]\ntoken = "{TOKEN}"\n[keys.b]\ntoken_file = "b.key"\n[keys.c]\ntoken_env = "C"\n'
    profile = load_profile(write(LOCAL + text), {"C": f" {'c' * 68}\n"})
    assert [key.token for key in profile.keys] == [TOKEN, OTHER, "c" * 68]


def test_windows_line_ends_are_read(write):
    assert load_profile(write(LOCAL.replace("\n", "\r\n")), {}).base_url == "http://127.0.0.1:8080/api/v1"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xef\xbb\xbf" + REMOTE.encode(), "starts with a byte order mark"),
        (REMOTE.encode("utf-16"), "is not UTF-8 (line 1, byte 0 of the file, it looks like UTF-16)"),
        (b'[target]\nname = "caf\xe9"\n', "is not UTF-8 (line 2, byte 20 of the file)"),
        (b"[target]\nname = staging\n", "is no TOML: Invalid value (at line 2, column 8)"),
        (b"[target]\n[target]\n", "(at line 2, column 8)"),
    ],
)
def test_a_file_that_is_no_toml_in_utf_8_is_told_with_the_place(write, content, says):
    path = write(content)
    with pytest.raises(UsageError) as caught:
        load_profile(path, {})
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_a_folder_is_told_with_what_to_do(tmp_path):
    with pytest.raises(UsageError, match=r"does not exist.*goatcheck init"):
        load_profile(tmp_path / "none.toml", {})
    with pytest.raises(UsageError, match="is a folder"):
        load_profile(tmp_path, {})
    with pytest.raises(UsageError, match="can't be read: "):
        load_profile(tmp_path / ("x" * 300), {})


def test_every_way_of_forcing_is_read(write):
    path = write(
        LOCAL
        + """
        kind = "mock"
        [force]
        query = "__example"
        value = "{variant}"
        path = "/{variant}"
        paths = { "404" = "/nothing" }
        before = { method = "PUT", url = "/state", body = '{"state": "{variant}"}' }
        after = { url = "http://127.0.0.1:9/reset" }
        media_types = ["text/html"]
        markers = ["goat mock"]
        [cannot]
        "401.invalid" = "any key will do"
        """
    )
    profile = load_profile(path, {})
    assert profile.force == Force(
        query="__example",
        value="{variant}",
        path="/{variant}",
        paths={"404": "/nothing"},
        before=Call("/state", "PUT", '{"state": "{variant}"}'),
        after=Call("http://127.0.0.1:9/reset"),
        media_types=("text/html",),
        markers=("goat mock",),
    )
    assert profile.cannot == {"401.invalid": "any key will do"}
    assert profile_from(json.loads(json.dumps(profile_data(profile)))) == profile
