import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from goatcheck.report.progress import RunProgress


def console(*, terminal):
    return Console(file=io.StringIO(), width=100, force_terminal=terminal, _environ={"TERM": "xterm"})


def test_nothing_is_printed_where_no_terminal_is():
    pipe = console(terminal=False)
    with RunProgress(pipe, 2, lambda: 90) as progress:
        progress.advance("400.code", 0)
    assert pipe.file.getvalue() == ""


def test_a_terminal_shows_what_is_done_and_what_is_broken():
    screen = console(terminal=True)
    with RunProgress(screen, 3) as progress:
        progress.advance("400.code", 0)
        progress.advance("402.limit.meta", 1)
        progress.advance("sequences \x1b[31m", 1, counts=False)
    text = screen.file.getvalue()
    assert "2 of 3 tried" in text
    assert "1 broken" in text
    assert "sequences \\x1b[31m" in text
    assert "left" not in text


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "less than a minute left"), (59, "less than a minute left"), (200, "about 3 min left")]
)
def test_a_terminal_shows_how_long_a_paced_run_still_takes(seconds, words):
    screen = console(terminal=True)
    with RunProgress(screen, 3, lambda: seconds):
        pass
    assert words in screen.file.getvalue()


def test_a_narrow_terminal_shows_it_on_one_line():
    screen = Console(file=io.StringIO(), width=80, force_terminal=True, _environ={"TERM": "xterm"})
    with RunProgress(screen, 84, lambda: 600) as progress:
        progress.advance("402.limit.key-known.and-a-longer-one", 12)
    for line in re.split(r"[\r\n]", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.file.getvalue())):
        assert cell_len(line) <= 80


def test_where_nobody_knows_how_much_there_is_no_number_is_shown():
    screen = console(terminal=True)
    with RunProgress(screen, 0) as progress:
        progress.advance("402.meta", 0, counts=False)
    assert " tried" not in screen.file.getvalue()


def test_the_bar_is_gone_afterwards():
    screen = console(terminal=True)
    with RunProgress(screen, 1) as progress:
        progress.advance("400.code", 0)
    assert screen.file.getvalue().rstrip("\n").endswith("\x1b[2K")
