"""`goatcheck mock --fault` serves a broken mock."""

import re
import signal
import subprocess
import sys

import httpx
from click.testing import CliRunner

from goatcheck.cli import main


def test_the_mock_breaks_as_it_is_told_to():
    command = [sys.executable, "-c", "from goatcheck.cli import main; main()", "mock", "--fault", "challenge-absent"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - this very interpreter
        try:
            url = re.search(r"is at (\S+)", process.stdout.readline())[1]
            answer = httpx.get(f"{url}/projects")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
    assert (answer.status_code, "www-authenticate" in answer.headers) == (401, False)


def test_a_fault_that_is_none_is_wrong_usage():
    result = CliRunner().invoke(main, ["mock", "--fault", "challange-absent"])
    assert result.exit_code == 2
    assert "Did you mean challenge-absent" in result.output
