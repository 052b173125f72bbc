"""`goatcheck mock` serves the reference mock with a profile that fits it, until it is told to stop."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from goatcheck.cli import main
from goatcheck.profile import load_profile


@contextmanager
def mock(*arguments):
    """The command in a process of its own, with the URL and the profile that it prints; stopped at the end."""
    command = [sys.executable, "-W", "error", "-c", "from goatcheck.cli import main; main()", "mock", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - this very interpreter
        try:
            told = "".join(process.stdout.readline() for _ in range(3))
            yield process, re.search(r"is at (\S+)", told)[1], Path(re.search(r"--profile (\S+)", told)[1])
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(10)


def test_it_serves_the_api_with_a_profile_whose_keys_work():
    with mock() as (_, url, path):
        profile = load_profile(path, {})
        assert profile.base_url == url
        reader = profile.with_role("reader")[0]
        answer = httpx.get(f"{url}/projects", headers={"Authorization": f"Bearer {reader.token}"})
        assert answer.json()["error"] is None
        assert httpx.post(profile.clock, json={"advance": 0}).status_code == 200


def test_it_serves_an_earlier_edition_with_a_profile_that_fits_that():
    with mock("--contract", "2026-05") as (_, url, path):
        (revoked,) = load_profile(path, {}).with_role("revoked")
        answer = httpx.get(f"{url}/projects", headers={"Authorization": f"Bearer {revoked.token}"})
        assert (answer.status_code, answer.json()["meta"]) == (401, None)


@pytest.mark.skipif(os.name != "posix", reason="signals are otherwise on Windows")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_when_it_is_told_to_and_takes_its_profile_along(how):
    with mock() as (process, _, path):
        process.send_signal(how)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "The mock has stopped.\n", "")
    assert not path.exists()


def test_it_takes_the_port_that_is_asked_for_and_keeps_the_profile_where_it_is_wanted(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wanted = tmp_path / "mock.toml"
    for _ in range(2):  # the second time over the first one's profile
        with mock("--port", str(port), "--profile-out", str(wanted)) as (_, url, path):
            assert (url, path) == (f"http://127.0.0.1:{port}/api/v1", wanted)
    assert load_profile(wanted, {}).base_url == url


def test_a_port_in_use_is_told_and_signals_are_as_they_were():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = CliRunner().invoke(main, ["mock", "--port", str(taken.getsockname()[1])])
    assert result.exit_code == 2
    assert "can't be used: Address already in use. Name another one, or leave out --port." in result.stderr
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_profile_of_somebody_else_is_never_overwritten(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text("[target]\n")
    for path in (mine, tmp_path):
        result = CliRunner().invoke(main, ["mock", "--profile-out", str(path)])
        assert result.exit_code == 2
        assert "was not written by goatcheck mock and stays as it is." in result.stderr
    assert mine.read_text() == "[target]\n"


def test_a_profile_that_cannot_be_written_is_told(tmp_path):
    result = CliRunner().invoke(main, ["mock", "--profile-out", str(tmp_path / "none" / "x.toml")])
    assert result.exit_code == 2
    assert "can't be written: No such file or directory." in result.stderr


def test_a_contract_that_is_not_there_is_refused():
    result = CliRunner().invoke(main, ["mock", "--contract", "1999-01"])
    assert result.exit_code == 2
    assert result.stderr == "goatcheck: There is no contract version '1999-01'; there are: 2026-05, 2026-06.\n"


def test_it_serves_another_valid_server_for_each_number():
    def missing_key(*arguments):
        with mock(*arguments) as (_, url, _path):
            return httpx.get(f"{url}/projects")

    plain, other = missing_key(), missing_key("--any-valid", "3")
    assert plain.status_code == other.status_code == 401
    assert plain.json()["meta"]["code"] == other.json()["meta"]["code"] == "invalid_api_key"
    assert plain.text != other.text


def test_a_number_below_zero_names_no_server():
    told = CliRunner().invoke(main, ["mock", "--any-valid", "-1"])
    assert told.exit_code == 2
    assert "--any-valid" in told.output
