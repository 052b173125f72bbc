import io

from rich.console import Console

from goatcheck.report.progress import RunProgress


def console(*, terminal):
    return Console(file=io.StringIO(), width=100, force_terminal=terminal, _environ={"TERM": "xterm"})


def test_nothing_is_printed_where_no_terminal_is():
    pipe = console(terminal=False)
    with RunProgress(pipe, 2) as progress:
        progress.advance("400.code", "pass")
        progress.note("waiting for a minute to pass")
    assert pipe.file.getvalue() == ""


def test_a_terminal_shows_what_is_done_and_how_it_went():
    screen = console(terminal=True)
    with RunProgress(screen, 3) as progress:
        progress.advance("400.code", "pass")
        progress.advance("402.limit.meta", "fail")
        progress.note("waiting for \x1b[31m a minute to pass")
    text = screen.file.getvalue()
    assert "2/3" in text
    assert "402.limit.meta" in text
    assert "1 passed, 1 failed" in text
    assert "waiting for \\x1b[31m a minute to pass" in text


def test_the_bar_is_gone_afterwards():
    screen = console(terminal=True)
    with RunProgress(screen, 1) as progress:
        progress.advance("400.code", "pass")
    assert screen.file.getvalue().rstrip("\n").endswith("\x1b[2K")
