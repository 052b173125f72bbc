"""The commented profile that `goatcheck init` writes, made of the same lines that a run advises to add.

In it, a line that starts with ``#`` and a letter or bracket is TOML that only needs the ``#`` taken away; prose has a space after it.
"""

from __future__ import annotations

from collections.abc import Mapping

_UUID = "00000000-0000-4000-8000-00000000000"

ROLE_LINES: Mapping[str, str] = {
    "reader": '[keys.reader]\ntoken_env = "GOAT_READER"\nscopes = ["read"]',
    "full": '[keys.full]\ntoken_env = "GOAT_FULL"',
    "writer-only": '[keys.writer-only]\ntoken_env = "GOAT_WRITER_ONLY"\nscopes = ["write"]',
    "foreign": '[keys.foreign]\ntoken_env = "GOAT_FOREIGN"\norg = "other"',
    "expired": '[keys.expired]\ntoken_env = "GOAT_EXPIRED"\nstate = "expired"',
    "revoked": '[keys.revoked]\ntoken_env = "GOAT_REVOKED"\nstate = "revoked"',
    "banned": '[keys.banned]\ntoken_env = "GOAT_BANNED"\norg = "banned"\nstate = "banned"',
    "capped": '[keys.capped]\ntoken_env = "GOAT_CAPPED"\norg = "capped"\nstate = "capped"',
    "spent": '[keys.spent]\ntoken_env = "GOAT_SPENT"\norg = "spent"\nstate = "spent"',
    "burst": '[keys.burst]\ntoken_env = "GOAT_BURST"\nburst = true',
}
"""For each role, the TOML lines of a key that has it."""

FIXTURE_LINES: Mapping[str, str] = {
    "project": f'project = "{_UUID}1"',
    "capped_project": f'capped_project = "{_UUID}2"',
    "foreign_project": f'foreign_project = "{_UUID}3"',
    "foreign_creator": f'foreign_creator = "{_UUID}4"',
    "foreign_campaign": f'foreign_campaign = "{_UUID}5"',
    "default_payout_method": f'default_payout_method = {{ id = "{_UUID}6", expendable = true }}',
    "admin_path": 'admin_path = "/admin/health"',
    "too_old": "too_old = 2019-01-01",
}
"""For each fixture, the TOML line in the table `fixtures` that names it."""

CLOCK_LINES = 'clock = "http://127.0.0.1:9001/_clock"'
"""The TOML line in the table `target` that names its clock."""

FORCE_LINES = '[force]\nheader = "Prefer"\nvalue = "code={status}, example={variant}"'
"""The TOML lines that tell how a mock is told which error to answer with."""

_TARGET = """\
# A profile for goatcheck: what a target offers to a run.
# Lines that start with # and no space after it are TOML: take the # away to use them.

[target]
name = "staging"
base_url = "https://staging.example/api/v1"
# A mock answers from examples and knows no state: what needs state is not tried on it.
#kind = "mock"
# May a run create things, and change and delete what it created? Off loopback it may only read unless you say so.
#writes = true
# May a run spend the minute of the burst key (below)?
#bursts = true
# Requests a minute and key; 0 means no pacing. Off loopback 50.
#requests_per_minute = 50
# The most requests of a run; 0 means no bound. Off loopback 600.
#max_requests = 600
# The most things that a run creates. On loopback 200.
#max_creates = 20
# Seconds that one answer may take.
#timeout = 10.0
# A POST of {"advance": seconds} to this URL moves the target's clock; the answer is {"now": Unix seconds}.
#CLOCK
# PEM files beside this one may be named as well: ca_file = "..." (whom to trust in place of the usual authorities),
# client_cert = "..." and client_key = "..." (by which a run identifies itself).
# Header fields that go with every request.
#headers = { X-Env = "staging" }

# Keys have free names; what a key is used for follows from what is said of it. The secret itself comes from the
# environment variable that token_env names (or from a file: token_file). `token = "..."` is for loopback only.
"""

_ROLE_PROSE = {
    "reader": "Only reads: scopes exactly read.",
    "full": "Reads and writes in the org main.",
    "writer-only": "Only writes: scopes exactly write.",
    "foreign": "Reads and writes in another org, so that a run can see what must stay invisible.",
    "expired": "A key that has expired.",
    "revoked": "A key that was revoked; only the contract 2026-05 tells of it.",
    "banned": "A key of a banned org.",
    "capped": "A key of an org with a low cap on creators.",
    "spent": "A key of an org whose daily quota is used up.",
    "burst": "A key whose minute the rate-limit checks may spend.",
}

_FIXTURE_PROSE = {
    "project": "A project of the org main.",
    "capped_project": "A project of the capped key's org.",
    "foreign_project": "A project of the foreign key's org.",
    "foreign_creator": "Optional, only read: a creator and a campaign of the foreign key's org.",
    "default_payout_method": "A payout method that the org came with. A run tries to delete it, which must be refused.",
    "admin_path": "An admin endpoint, relative to base_url.",
    "too_old": "A day before the history that the org main may look at.",
}

_REST = """\
# A mock that answers on demand. In place of header and value: query and value, path or paths (a URL for each error), or
# before and after (calls that put it into a state and back). media_types and markers tell its own errors.
#FORCE

# What a mock of this kind can't do by itself. It is tried all the same, and waived where it is broken.
#[cannot]
#"401.invalid" = "it takes any key"

# Requirements that this target need not meet; `goatcheck explain` lists the ids. The quotes are needed.
#[not_applicable]
#"403.banned" = "staging has no bans"

# Requirements that may stay untried without making the verdict partial.
#[accept_untried]
#"402.limit.atomic" = "no second capped org"

# Requirements that are known to be broken. `until` is the last day (UTC); `operation` narrows it to one operation.
#[[waivers]]
#requirement = "401.challenge"
#operation = "GET /creators"
#reason = "header planned"
#until = 2027-03-31
"""

_GIVEN = ("reader", "full")


def commented_profile() -> str:
    """The text of the commented profile: two keys are there, all else waits behind a ``#``."""
    keys = [
        f"# {_ROLE_PROSE[role]}\n{lines if role in _GIVEN else _behind_hash(lines)}\n"
        for role, lines in ROLE_LINES.items()
    ]
    fixtures = [
        (f"# {_FIXTURE_PROSE[name]}\n" if name in _FIXTURE_PROSE else "") + _behind_hash(line)
        for name, line in FIXTURE_LINES.items()
    ]
    return (
        "\n".join(
            [
                _TARGET.replace("#CLOCK", _behind_hash(CLOCK_LINES)),
                *keys,
                "# What exists on the target before a run.\n[fixtures]",
                *fixtures,
                "",
                _REST.replace("#FORCE", _behind_hash(FORCE_LINES)),
            ]
        ).rstrip("\n")
        + "\n"
    )


def _behind_hash(lines: str) -> str:
    return "\n".join(f"#{line}" for line in lines.splitlines())
