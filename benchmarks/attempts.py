"""One attempt: a contender runs as a command against a freshly served mock with at most one fault; what it found, sent and took."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from goatcheck.contract import bundled, load
from goatcheck.faults import broken_world
from goatcheck.mock import Served, serve
from goatcheck.model.profile_text import profile_toml
from goatcheck.model.world import Step, World
from goatcheck.model.worlds import reference_world
from goatcheck.prove.proving import RED

GOATCHECK = "goatcheck"
SECONDS_A_REQUEST = 0.98
"""How far the mock's clock moves with each request of schemathesis: about one in fifty finds the window of 60 a minute
full, so that the window neither blinds it nor is never seen."""

_PROGRAMS = {
    GOATCHECK: "from goatcheck.cli import main; main()",
    "schemathesis": "from schemathesis.cli import schemathesis; schemathesis()",
}
_TIMEOUT = 600.0
_BEST = (
    *("--checks", "all", "--mode", "all", "--phases", "examples,coverage,fuzzing,stateful"),
    *("--continue-on-failure", "--no-shrink", "--suppress-health-check", "all"),
    *("--generation-with-security-parameters", "false", "--generation-allow-x00", "false"),
    *("--generation-database", "none"),
)


@dataclass(frozen=True)
class Contender:
    """A way to test. `key` is the profile's key that schemathesis sends; `examples` how many it may draw for each
    operation with its best settings, 0 meaning that it runs with its defaults.
    """

    name: str
    key: str = ""
    examples: int = 0


@dataclass(frozen=True)
class Attempt:
    """What one run of a contender did. `fault` is "" for the clean mock.

    `found` are the ids of its findings: requirements of goatcheck; operation, check, failure and signature of
    schemathesis, as its baseline files tell failures apart. `seconds` is what its command took, `cpu` what of them it
    computed. `trouble` is what kept it from finishing, "" for nothing.
    """

    contender: str
    fault: str
    seed: int
    found: tuple[str, ...]
    requests: int
    seconds: float
    cpu: float
    trouble: str = ""


def attempt(contender: Contender, fault: str, seed: int) -> Attempt:
    """Serve a new mock with the fault ("" for none), let the contender test it, and tell what came of it."""
    world = broken_world(reference_world(), [fault] if fault else [])
    ours = contender.name == GOATCHECK
    sent = itertools.count()
    with (
        tempfile.TemporaryDirectory(prefix="versus-", ignore_cleanup_errors=True) as name,
        serve(_counted(world, lambda: next(sent), 0.0 if ours else SECONDS_A_REQUEST)) as served,
    ):
        folder = Path(name)
        arguments = _goatcheck(world, served, folder) if ours else _schemathesis(contender, world, served, folder, seed)
        program = _PROGRAMS[GOATCHECK if ours else "schemathesis"]
        began, computed = time.monotonic(), _computed()
        done = _run(program, arguments, folder)
        seconds, cpu = time.monotonic() - began, _computed() - computed
        found, trouble = _goatcheck_found(folder, done) if ours else _schemathesis_found(folder, done)
    return Attempt(contender.name, fault, seed, found, next(sent), round(seconds, 1), round(cpu, 1), trouble)


def _counted(world: World, count: Callable[[], Any], seconds: float) -> World:
    """The same world; each request is counted, and its clock moves by so many seconds before it."""
    inner = world.rules.around

    def around(here: World, request: Any, step: Step) -> Any:
        count()
        world.clock.advance(seconds)
        return inner(here, request, step)

    return replace(world, rules=replace(world.rules, around=around))


def _computed() -> float:
    """The seconds that ended commands of this process have computed so far."""
    times = os.times()
    return times.children_user + times.children_system


def _run(program: str, arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis")}
    command = [sys.executable, "-c", program, *arguments]
    try:
        return subprocess.run(  # noqa: S603 - this very interpreter
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -1, "", f"it was stopped after {_TIMEOUT:.0f} s")


def _goatcheck(world: World, served: Served, folder: Path) -> list[str]:
    profile = folder / "profile.toml"
    profile.write_text(profile_toml(world, served.base_url, served.clock_url), encoding="utf-8")
    return ["run", "--profile", str(profile), "--out", str(folder / "out"), "--quiet"]


def _goatcheck_found(folder: Path, done: subprocess.CompletedProcess[str]) -> tuple[tuple[str, ...], str]:
    report = folder / "out" / "report.json"
    if not report.exists():
        return (), _last_line(done)
    outcomes = {row["id"]: row["outcome"] for row in json.loads(report.read_text("utf-8"))["requirements"]}
    errors = ", ".join(name for name, outcome in outcomes.items() if outcome == "error")
    return tuple(name for name, outcome in outcomes.items() if outcome in RED), f"error in {errors}" if errors else ""


def _schemathesis(contender: Contender, world: World, served: Served, folder: Path, seed: int) -> list[str]:
    document = folder / "openapi.json"
    document.write_text(json.dumps(without_booleans(bundled(load()))), encoding="utf-8")
    run = ["run", str(document), "--url", served.base_url, "--seed", str(seed), "--no-color"]
    run += ["--baseline", str(folder / "found.json"), "--baseline-update"]
    run += ["--report", "json", "--report-json-path", str(folder / "report.json")]
    tokens = {key.name: f"Bearer {key.token}" for key in world.profile.keys}
    if not contender.examples:
        return [*run, "--header", f"Authorization: {tokens[contender.key]}"]
    users = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": tokens[name]}]}
        for name in (contender.key, "foreign")
    ]
    (folder / "users.json").write_text(json.dumps({"auth": users}), encoding="utf-8")
    settings = folder / "settings.toml"
    settings.write_text(_settings(contender.key, world), encoding="utf-8")
    return ["--config-file", str(settings), *run, *_BEST, "--max-examples", str(contender.examples)]


def _settings(key: str, world: World) -> str:
    """A configuration of schemathesis with all that a profile of goatcheck tells of the target and the tool can use:
    two users who must not see each other's things, ids that exist, and the statuses that valid data may get.
    """
    ids = {name: fixture.id for name, fixture in world.profile.fixtures.items()}
    main = next(org.id for org in world.state.orgs.values() if org.name == "main")
    creators = [creator.id for creator in world.state.creators.values() if creator.org_id == main]
    campaigns = [campaign.id for campaign in world.state.campaigns.values() if campaign.org_id == main]
    return f"""
[dictionaries]
project = {{ values = {json.dumps([ids["project"]])} }}
creator = {{ values = {json.dumps(creators)} }}
campaign = {{ values = {json.dumps(campaigns)} }}
method = {{ values = {json.dumps([ids["default_payout_method"]])} }}
date = {{ values = {json.dumps([world.profile.too_old, "2026-06-10", "2026-06-14"])} }}
metric = {{ values = ["views"] }}

[auth.wfc]
path = "users.json"
user = {json.dumps(key)}
peers = {json.dumps([key, "foreign"])}

[parameters]
"path.projectId" = {{ dictionary = "project", probability = 0.6 }}
"query.project_id" = {{ dictionary = "project", probability = 0.6 }}
"query.creator_id" = {{ dictionary = "creator", probability = 0.6 }}
"query.entity_id" = {{ dictionary = "creator", probability = 0.6 }}
"query.metric" = {{ dictionary = "metric", probability = 0.8 }}
"query.from" = {{ dictionary = "date", probability = 0.6 }}

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "402", "403", "404", "409", "410", "429", "5xx"]

[[operations]]
include-path = "/creators/{{id}}"
parameters = {{ "path.id" = {{ dictionary = "creator", probability = 0.3 }} }}

[[operations]]
include-path-regex = "^/campaigns/"
parameters = {{ "path.id" = {{ dictionary = "campaign", probability = 0.3 }} }}

[[operations]]
include-path = "/payout-methods/{{id}}"
parameters = {{ "path.id" = {{ dictionary = "method", probability = 0.3 }} }}
"""


def _schemathesis_found(folder: Path, done: subprocess.CompletedProcess[str]) -> tuple[tuple[str, ...], str]:
    report = folder / "report.json"
    told = json.loads(report.read_text("utf-8")) if report.exists() else {}
    trouble = "" if told.get("complete") else _last_line(done)
    record = folder / "found.json"
    entries = json.loads(record.read_text("utf-8"))["entries"] if record.exists() else []
    names = ("operation", "check", "failure", "signature")
    # ids that differ from mock to mock would make one failure look like many
    found = {
        re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", " | ".join(e[n] for n in names)) for e in entries
    }
    return tuple(sorted(found)), trouble


def without_booleans(value: Any) -> Any:
    """The document with each schema that is `true` written as {}: schemathesis 4.32 ends with a TypeError on the former."""
    if isinstance(value, list):
        return [without_booleans(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {name: without_booleans(member) for name, member in value.items()}
    properties = plain.get("properties")
    if isinstance(properties, dict):
        plain["properties"] = {name: {} if schema is True else schema for name, schema in properties.items()}
    return plain


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return lines[-1].strip() if lines else f"exit code {done.returncode} without a word"
