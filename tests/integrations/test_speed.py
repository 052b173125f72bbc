"""How fast recorded traffic is judged, against the least that anyone must do with it: read it as JSON. And how little memory it takes."""

import gzip
import json
import os
import re
import subprocess
import sys
import time

import pytest

from goatcheck.audit import audit
from goatcheck.checks import observe
from goatcheck.recorded import Api
from goatcheck.recorded.journal import read_lines
from goatcheck.rooms import room

ONE_EXCHANGE, WHOLE_AUDIT = 11, 11
"""The most times as long as `json.loads` that it may take: to judge an exchange (of its body), to audit a journal (of its lines).
The goal is 8 times, which `benchmarks/speed.py` measures; a machine that does other work as well may come to more.
"""

ROUNDS = 7
MIBS = 200


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(room("suites").parent)}
PROGRAM = (sys.executable, "-c", "from goatcheck.cli import main; main()")
SELECTION = ("400.query", "401.missing", "402", "403.scope", "404", "429.daily")


@pytest.fixture(scope="session")
def lines(tmp_path_factory):
    """The exchanges of a run against the embedded mock, as the journal has them, without very long ones."""
    folder = tmp_path_factory.mktemp("run")
    only = [word for name in SELECTION for word in ("--only", name)]
    subprocess.run([*PROGRAM, "run", *only, "--quiet", "--out", folder], check=False, cwd=folder, env=ENVIRONMENT)  # noqa: S603 - goatcheck itself
    journal = (folder / "exchanges.jsonl").read_bytes().splitlines(keepends=True)
    return [line for line in journal if line.startswith(b'{"kind": "exchange"') and len(line) < 4000]


def ratio(work, measure):
    """How many times as long the work takes, at the best of several rounds: other programs only ever add to it."""
    times = [(_seconds(work), _seconds(measure)) for _ in range(ROUNDS)]
    return min(one for one, _ in times) / min(other for _, other in times)


def _seconds(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun


def test_judging_an_exchange_takes_a_few_times_as_long_as_reading_its_body(lines, current_contract):
    def fresh():
        return [item.exchange for item in read_lines(lines, 1) if item.exchange.response.body]

    bodies = [exchange.response.body for exchange in fresh() if exchange.response.body[:1] in b"{["]
    rounds = iter([fresh() for _ in range(ROUNDS)])
    took = ratio(
        lambda: [observe(exchange, current_contract) for exchange in next(rounds)],
        lambda: [json.loads(body) for body in bodies],
    )
    assert took <= ONE_EXCHANGE, f"{took:.1f} times"


def test_an_audit_takes_a_few_times_as_long_as_reading_its_lines(lines, tmp_path, current_contract):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines * (20_000 // len(lines) + 1)))

    def read():
        with path.open("rb") as file:
            for line in file:
                json.loads(line)

    took = ratio(lambda: audit([str(path)], Api(current_contract)), read)
    assert took <= WHOLE_AUDIT, f"{took:.1f} times"


def test_a_million_lines_take_little_memory_and_show_how_far_they_are(lines, tmp_path):
    path = tmp_path / "journal.jsonl.gz"
    piece = gzip.compress(b"".join((lines * (1000 // len(lines) + 1))[:1000]))
    with path.open("wb") as file:
        for _ in range(1000):
            file.write(piece)
    command = [*PROGRAM, "audit", path, "--jobs", "2", "--out", tmp_path / "out"]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=said, stderr=said, env=ENVIRONMENT)  # noqa: S603 - goatcheck itself
        _, status, usage = os.wait4(process.pid, 0)  # its own memory, and that of its processes
        process.returncode = os.waitstatus_to_exitcode(status)
    told = (tmp_path / "said").read_text("utf-8")
    assert process.returncode == 0, told
    assert json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))["run"]["requests"] == 1_000_000
    assert len(re.findall(r"[\d,]+ entries read, \d+% of the file", told)) == 10
    assert usage.ru_maxrss / 1024 < MIBS
