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
