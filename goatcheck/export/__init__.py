"""Right mocks from the contract, for the tools of others: the files that each of them serves.

A format is a pure function from a contract, and the profile by which the mock will be judged, to texts by file name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from goatcheck.contract import Contract
from goatcheck.export import mockoon, openapi, plain, wiremock
from goatcheck.profile.parts import Profile

Files = Mapping[str, str]
"""The text of each file, by its path in the folder (with slashes)."""


@dataclass(frozen=True)
class Format:
    """How a mock is written down. `profile` names the one that comes along and fits; `serve` is the command that serves it on
    the profile's port, run in the folder.
    """

    files: Callable[[Contract, Profile], Files]
    profile: str
    serve: str


FORMATS: Mapping[str, Format] = {
    "openapi": Format(openapi.files, "prism", "prism mock -p 4010 -h 127.0.0.1 openapi.yaml"),
    "wiremock": Format(wiremock.files, "wiremock", "wiremock --port 8080 --bind-address 127.0.0.1 --root-dir ."),
    "mockoon": Format(mockoon.files, "mockoon", "mockoon-cli start --data mockoon.json --hostname 127.0.0.1"),
    "json": Format(
        plain.files, "urls", "json-server db.json --middlewares answers.js --host 127.0.0.1 --port 3000 --quiet"
    ),
}
"""Every format by its name."""
