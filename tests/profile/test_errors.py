"""Every error of a profile names the TOML key, what was expected, what was there, and what to do; none shows a key."""

import pytest

from goatcheck.errors import UsageError
from goatcheck.profile import load_profile

TOKEN = "tga_" + "0123456789abcdef" * 4
SECRET = "0123456789abcdef"
REMOTE = '[target]\nbase_url = "https://staging.example/api/v1"\n'
LOCAL = '[target]\nbase_url = "http://127.0.0.1:8080/api/v1"\n'
KEY = '[keys.reader]\ntoken_env = "GOAT"\n'


@pytest.fixture
def refusal(tmp_path):
    """The lines of the error that a profile gets, the first of which names the file."""

    def lines(text, environ=None, base_url=None):
        path = tmp_path / "goat.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError) as caught:
            load_profile(path, {"GOAT": TOKEN} if environ is None else environ, base_url)
        assert SECRET not in str(caught.value)
        first, *rest = str(caught.value).splitlines()
        assert first.startswith(f"The profile {path} has ")
        assert all(line.startswith("  - ") for line in rest)
        return [line.removeprefix("  - ") for line in rest]

    return lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "",
            (
                "target: expected a table that says where the target is, got nothing. "
                'Write, for example, target = { base_url = "https://staging.example/api/v1" }'
            ),
        ),
        (
            "[target]\n",
            (
                "target.base_url: expected an http or https URL without credentials, query or fragment, got nothing. "
                'Write, for example, base_url = "https://staging.example/api/v1"'
            ),
        ),
        (
            '[target]\nbase_url = "staging.example"',
            (
                'target.base_url: expected an http or https URL without credentials, query or fragment, got "staging.example". '
                'Write, for example, base_url = "https://staging.example/api/v1"'
            ),
        ),
        (
            '[target]\nbase_url = "https://me:hunter2@staging.example"',
            (
                "target.base_url: expected an http or https URL without credentials, query or fragment, got text with an @ in it. "
                'Write, for example, base_url = "https://staging.example/api/v1"'
            ),
        ),
        (
            '[target]\nbase_url = "http://h:99999"',
            'target.base_url: expected a URL with a host, and a port from 1 to 65535 or none, got "http://h:99999". Correct it.',
        ),
        (
            REMOTE + 'clock = "http://h:0"',
            'target.clock: expected a URL with a host, and a port from 1 to 65535 or none, got "http://h:0". Correct it.',
        ),
        (
            REMOTE + 'writes = "yes"',
            'target.writes: expected true or false, got "yes". Leave out the quotes. Write, for example, writes = true',
        ),
        (
            REMOTE + "requests_per_minute = -1",
            (
                "target.requests_per_minute: expected a whole number of requests, 0 or more, got -1. "
                "Write, for example, requests_per_minute = 50"
            ),
        ),
        (
            REMOTE + "timeout = inf",
            (
                "target.timeout: expected a number of seconds, more than 0 and at most 600, got infinity or nan. "
                "Write, for example, timeout = 10.0"
            ),
        ),
        (
            REMOTE + 'kind = "stub"',
            'target.kind: expected "live" or "mock", got "stub". Write, for example, kind = "live"',
        ),
        (
            REMOTE + "write = true",
            "target.write: expected a name that the table target knows, got an unknown one. Did you mean writes?",
        ),
        (
            REMOTE + "[wavers]",
            "wavers: expected a name that a profile knows, got an unknown one. Did you mean waivers?",
        ),
        (
            REMOTE + "[zzz]",
            (
                "zzz: expected a name that a profile knows, got an unknown one. "
                "Known here: target, keys, fixtures, force, cannot, not_applicable, accept_untried, waivers."
            ),
        ),
        (
            REMOTE + '[target.headers]\nauthorization = "Basic Zm9v"',
            (
                "target.headers.authorization: expected the name of a header that a profile may set, got something else. "
                "Remove it: this header carries the keys."
            ),
        ),
        (
            REMOTE + '[target.headers]\n"X Env" = "a"',
            'target.headers."X Env": expected the name of a header that a profile may set, got something else. Correct it.',
        ),
        (
            REMOTE + '[target.headers]\nX-Env = "a\\nb"',
            'target.headers.X-Env: expected text on one line, got text. Write, for example, X-Env = "staging"',
        ),
        (
            REMOTE + "[target.headers]\nX-Env = true",
            'target.headers.X-Env: expected text on one line, got a truth value. Write, for example, X-Env = "staging"',
        ),
        (
            REMOTE + '[keys."a|b"]\ntoken_env = "GOAT"',
            'keys."a|b": expected a name of 1 to 64 characters, none of them ‹, › or |, got something else. Rename it.',
        ),
        (
            REMOTE + f'[keys]\nreader = "{TOKEN}"',
            (
                "keys.reader: expected a table that describes an API key, got text. "
                'Write, for example, reader = { token_env = "GOAT_READER" }'
            ),
        ),
        (
            REMOTE + "[keys.reader]",
            (
                "keys.reader: expected exactly one of token_env, token_file and token, got none. "
                'Write, for example, token_env = "GOAT_READER"'
            ),
        ),
        (
            REMOTE + KEY + f'token = "{TOKEN}"',
            "keys.reader: expected exactly one of token_env, token_file and token, got token_env and token. Keep one of them.",
        ),
        (LOCAL + "[keys.reader]\ntoken = 5", "keys.reader.token: expected the key itself, got a number."),
        (
            REMOTE + KEY + 'scopes = ["raed"]',
            'keys.reader.scopes[0]: expected "read", "write" or "admin", got "raed". Write, for example, "read"',
        ),
        (
            REMOTE + KEY + 'scopes = ["read", "read"]',
            (
                'keys.reader.scopes: expected a list of "read", "write" and "admin", each once, got ["read", "read"]. '
                'Write, for example, scopes = ["read"]'
            ),
        ),
        (
            REMOTE + KEY + 'state = "capped"',
            'keys.reader.org: expected a name, got nothing. A whole org is capped, so name it: org = "…"',
        ),
        (
            REMOTE + '[fixtures]\nproject = "a/b"',
            (
                'fixtures.project: expected an id, or a table with an id, got "a/b". '
                'Write, for example, project = "00000000-0000-4000-8000-000000000001"'
            ),
        ),
        (
            REMOTE + '[fixtures]\nproject = "a\\n"',
            (
                'fixtures.project: expected an id, or a table with an id, got "a\\n". '
                'Write, for example, project = "00000000-0000-4000-8000-000000000001"'
            ),
        ),
        (
            REMOTE + "[fixtures]\ntoo_old = 2019-01-01T00:00:00",
            'fixtures.too_old: expected a date, YYYY-MM-DD, got "2019-01-01T00:00:00". Write, for example, too_old = "2019-01-01"',
        ),
        (
            REMOTE + '[fixtures]\ntoo_old = "2019-02-30"',
            'fixtures.too_old: expected a date, YYYY-MM-DD, got "2019-02-30". Write, for example, too_old = "2019-01-01"',
        ),
        (
            REMOTE + '[force]\nheader = "Prefer"\nvalue = "code={staus}"',
            (
                'force.value: expected a header value with {status}, {variant} or {code} in it, got "code={staus}". '
                'Write, for example, value = "code={status}, example={variant}"'
            ),
        ),
        (
            REMOTE + '[force]\nquery = "__example"',
            (
                "force.value: expected a header value with {status}, {variant} or {code} in it, got nothing. "
                'Write, for example, value = "code={status}, example={variant}"'
            ),
        ),
        (
            REMOTE + '[force]\nmarkers = ["x"]',
            (
                "force: expected a table that says how: header and value, query and value, path, paths, or before, got a table. "
                'Write, for example, force = { header = "Prefer", value = "code={status}, example={variant}" }'
            ),
        ),
        (
            REMOTE + '[force]\npath = "/errors/{code}"',
            (
                'force.path: expected a path with {variant} in it, got "/errors/{code}". '
                'Write, for example, path = "/{variant}"'
            ),
        ),
        (
            REMOTE + '[force]\npaths = { "404" = "errors/404" }',
            (
                'force.paths.404: expected a path that starts with a slash, got "errors/404". '
                'Write, for example, 404 = "/errors/limit.json"'
            ),
        ),
        (
            REMOTE + '[force]\nbefore = { method = "PUT" }',
            (
                "force.before.url: expected a path that starts with a slash, or an http or https URL, got nothing. "
                'Write, for example, url = "/__admin/scenarios/answer/state"'
            ),
        ),
        (
            REMOTE + '[cannot]\n"401.invalid" = "any key will do"',
            (
                'cannot: expected a mock, that is kind = "mock" in [target], got a live target. '
                "What a live target breaks can be waived: [[waivers]]"
            ),
        ),
        (
            REMOTE + '[not_applicable]\n403.banned = "no bans"',
            (
                "not_applicable.403: expected a reason, got a table. "
                'A dot outside quotes makes a table, so put the id in quotes: "403.banned".'
            ),
        ),
        (
            REMOTE + "[waivers]\n",
            (
                "waivers: expected a list of [[waivers]] tables, got a table. "
                'Write, for example, waivers = [{ requirement = "401.challenge", reason = "header planned" }]'
            ),
        ),
        (
            REMOTE + '[[waivers]]\nrequirement = "401.challenge"',
            'waivers[0].reason: expected a reason, got nothing. Write, for example, reason = "staging has no bans"',
        ),
        (
            REMOTE + f'[[waivers]]\nrequirement = "401.challenge"\nreason = [{"1," * 99}]',
            (
                "waivers[0].reason: expected a reason, got [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1…. "
                'Write, for example, reason = "staging has no bans"'
            ),
        ),
        (
            REMOTE + KEY.replace("GOAT", "NONE"),
            "keys.reader.token_env: expected the environment variable NONE, got none. Set it: export NONE=…",
        ),
        (
            REMOTE + KEY.replace("GOAT", TOKEN),
            (
                "keys.reader.token_env: expected the name of what holds the key, got a key. "
                "Take the key out of the profile and name its place."
            ),
        ),
        (
            REMOTE + f'[keys.reader]\ntoken = "{TOKEN}"',
            (
                "keys.reader.token: expected no key in the profile of a target that is not on this machine, got one. "
                'Put it into an environment variable and write token_env = "GOAT_READER"'
            ),
        ),
        (
            LOCAL + '[keys.reader]\ntoken = "short"',
            "keys.reader.token: expected a key of at least 8 visible ASCII characters, got a shorter one. Look at what it holds.",
        ),
        (
            LOCAL + '[keys.reader]\ntoken = " "',
            "keys.reader.token: expected a key of at least 8 visible ASCII characters, got an empty one. Look at what it holds.",
        ),
        (
            LOCAL + '[keys.reader]\ntoken = "two words here"',
            (
                "keys.reader.token: expected a key of at least 8 visible ASCII characters, "
                "got one with a space, a line break or another character. Look at what it holds."
            ),
        ),
        (
            REMOTE + '[keys.reader]\ntoken_file = "none.key"',
            (
                "keys.reader.token_file: expected a readable file at none.key, got no such file or directory. "
                "A relative path starts at the profile's folder."
            ),
        ),
        (
            REMOTE + '[keys.reader]\ntoken_file = "~nobody-of-that-name/x"',
            (
                "keys.reader.token_file: expected a readable file at ~nobody-of-that-name/x, got a path that can't be followed. "
                "A relative path starts at the profile's folder."
            ),
        ),
        (
            LOCAL + f'[keys.a]\ntoken = "{TOKEN}"\n[keys."b c"]\ntoken = "{TOKEN}"',
            'keys."b c": expected a key of its own, got the same key as keys.a. Remove one of the two.',
        ),
    ],
)
def test_one_mistake_is_told_in_one_line(refusal, text, line):
    assert refusal(text) == [line]


def test_an_empty_variable_is_told_apart_from_one_that_is_not_set(refusal):
    assert refusal(REMOTE + KEY, {"GOAT": " "}) == [
        "keys.reader.token_env: expected the environment variable GOAT, got an empty one. Set it: export GOAT=…"
    ]


def test_a_file_with_more_than_a_key_is_refused(refusal, tmp_path):
    (tmp_path / "odd.key").write_bytes(b"\xff\xfe")
    assert refusal(REMOTE + '[keys.reader]\ntoken_file = "odd.key"') == [
        (
            "keys.reader.token_file: expected a key of at least 8 visible ASCII characters, got a file with other characters. "
            "The file must hold the key and nothing else."
        )
    ]


def test_a_key_in_the_profile_is_refused_when_the_option_names_a_target_elsewhere(refusal):
    text = LOCAL + f'[keys.reader]\ntoken = "{TOKEN}"\n'
    assert "not on this machine" in refusal(text, base_url="https://staging.example")[0]


def test_a_target_that_is_no_table_stays_an_error_under_the_option(refusal):
    assert refusal("target = 5", base_url="https://staging.example") == [
        (
            "target: expected a table that says where the target is, got 5. "
            'Write, for example, target = { base_url = "https://staging.example/api/v1" }'
        )
    ]


def test_several_mistakes_are_told_at_once(refusal):
    lines = refusal(REMOTE + 'writes = 1\nbursts = 1\n[keys.a]\nstate = "lost"\n[fixtures]\nproject = [[1]]\n')
    assert [line.split(":")[0] for line in lines] == [
        "target.writes",
        "target.bursts",
        "keys.a.state",
        "keys.a",
        "fixtures.project",
    ]
    assert "got a list" in lines[-1]


def test_every_unset_variable_is_told_at_once(refusal):
    text = REMOTE + '[keys.a]\ntoken_env = "A"\n[keys.b]\ntoken_env = "B"\n'
    assert [line.split(":")[0] for line in refusal(text, {})] == ["keys.a.token_env", "keys.b.token_env"]


@pytest.mark.parametrize(
    "text",
    [
        f'[keys.reader]\ntokn = "{TOKEN}"',
        f'[keys.reader]\ntoken_env = ["{TOKEN}"]',
        f'[keys.{TOKEN}]\ntoken_env = "NONE"',
        f'[keys.reader]\ntoken_file = "{TOKEN}"',
        f'keys = "{TOKEN}"',
        f"{TOKEN} = 1",
        f'[fixtures]\nproject = "{TOKEN}/"',
        f'[fixtures]\nadmin_path = "{TOKEN}"',
        f'[[waivers]]\nrequirement = "x"\nreason = "x"\noperation = "{TOKEN}"',
        f'[target.headers]\n"X {TOKEN}" = "a"\nX-B = ["{TOKEN}"]',
    ],
)
def test_no_error_shows_a_key_wherever_it_was_put(refusal, text):
    assert refusal(f"{text}\n{REMOTE}" if not text.startswith("[") else f"{REMOTE}{text}\n")
