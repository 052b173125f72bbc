"""The committed sample of the reports."""

import subprocess
import sys

from goatcheck.rooms import room


def test_the_sample_reports_are_those_of_the_program_as_it_is():
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, str(room("reports") / "sample.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0
