"""The committed sample of the reports."""

from goatcheck.rooms import room


def test_the_sample_reports_are_those_of_the_program_as_it_is(shell):
    done = shell(room("reports") / "sample.py", "--check")
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0
