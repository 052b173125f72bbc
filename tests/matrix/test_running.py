"""Targets as processes: side by side or not, stopped, dead, or without a report. A small program stands in for goatcheck."""

import json
import sys
import threading
import time
from contextlib import contextmanager
from itertools import pairwise

import pytest

from goatcheck.errors import UsageError
from goatcheck.matrix import run_all

PROGRAM = """
import json, os, pathlib, signal, sys, time
words = sys.argv[1:]
out = pathlib.Path(words[words.index("--out") + 1])
out.mkdir(parents=True, exist_ok=True)
code = 0
def stop(*_):
    global code
    if code == 130:
        os._exit(9)
    code = 130
signal.signal(signal.SIGTERM, stop)
def write(report_code):
    (out / "report.json").write_text(json.dumps({"exit_code": report_code}))
(out / "began").write_text(str(time.monotonic()))
exec(pathlib.Path(words[words.index("--profile") + 1]).read_text())
(out / "ended").write_text(str(time.monotonic()))
(out / "words").write_text(json.dumps(words))
sys.exit(code)
"""


@pytest.fixture
def stand_in(monkeypatch):
    """A run is the program above."""
    monkeypatch.setattr("goatcheck.matrix.running._PROGRAM", (sys.executable, "-S", "-c", PROGRAM))


@pytest.fixture
def go(tmp_path, make, stand_in):  # noqa: ARG001 - a run must be the stand-in's
    """Runs targets, each a name and what its program does; gives the ends by name."""

    def running(origins=None, jobs=8, arguments=(), told=lambda _: None, **programs):
        targets = []
        for name, program in programs.items():
            (tmp_path / f"{name}.py").write_text(program)
            place = {"origin": origins[name]} if origins else {}
            targets.append(make["target"](name, profile=str(tmp_path / f"{name}.py"), **place))
        ended = run_all(targets, tmp_path / "out", arguments, jobs=jobs, told=told)
        assert [each.target for each in ended] == targets
        return {each.target.name: each for each in ended}

    return running


@pytest.fixture
def file(tmp_path):
    return lambda name, kind: (tmp_path / "out" / name / kind).read_text()


def spans(file, *names):
    return sorted((float(file(name, "began")), float(file(name, "ended"))) for name in names)


def waits_for(tmp_path, other):
    return f"""
import time
while not pathlib.Path({str(tmp_path / "out" / other / "began")!r}).exists(): time.sleep(0.005)
write(0)
"""


def test_targets_on_different_origins_run_side_by_side(go, tmp_path):
    ended = go(a=waits_for(tmp_path, "b"), b=waits_for(tmp_path, "a"))  # neither could end before the other began
    assert [each.exit_code for each in ended.values()] == [0, 0]


def test_targets_on_one_origin_never_run_side_by_side(go, file):
    go(dict.fromkeys("abc", "http://one.example:80"), a="write(0)", b="write(0)", c="write(0)")
    assert all(before[1] <= after[0] for before, after in pairwise(spans(file, *"abc")))


def test_no_more_run_at_once_than_was_asked_for(go, file):
    go(jobs=1, a="write(0)", b="write(0)")
    (before, after) = spans(file, "a", "b")
    assert before[1] <= after[0]


@pytest.mark.usefixtures("stand_in")
def test_each_process_is_told_its_target_and_what_all_are_told(file, make, tmp_path):
    (tmp_path / "p.py").write_text("write(0)")
    where = make["target"]("a", profile=str(tmp_path / "p.py"), base_url="http://a.example/api/v1", label="mine")
    run_all([where], tmp_path / "out", ["--seed", "7"], jobs=1)
    words = json.loads(file("a", "words"))
    assert words[0] == "run"
    options = dict(zip(*[iter(word for word in words[1:] if word != "--quiet")] * 2, strict=True))
    assert options == {
        "--profile": str(tmp_path / "p.py"),
        "--out": str(tmp_path / "out" / "a"),
        "--seed": "7",
        "--base-url": "http://a.example/api/v1",
        "--label": "mine",
    }


@pytest.mark.parametrize(
    ("program", "code", "reported", "said"),
    [
        ("write(0)", 0, True, ""),
        ("write(1); code = 1", 1, True, ""),
        ("print('goatcheck: no such thing tga_secret', file=sys.stderr); code = 2", 2, False, "no such thing tga_…"),
        ("code = 0", 70, False, "it wrote no report"),
        ("write(1)", 70, False, "it wrote no report"),
        ("write(0); os.kill(os.getpid(), 9)", 70, False, "its process was ended by signal 9"),
        ("code = 77", 70, False, "it wrote no report"),
    ],
)
def test_a_report_counts_only_where_the_process_ended_as_it_says(go, program, code, reported, said):
    (ended,) = go(a=program).values()
    assert (ended.exit_code, ended.report is not None) == (code, reported)
    assert said in ended.said


def test_the_report_of_an_earlier_run_is_not_taken_for_this_ones(go):
    go(a="write(0)")
    assert go(a="code = 5")["a"].report is None


def test_one_target_that_goes_wrong_takes_nothing_from_the_others(go):
    ended = go(a="os.kill(os.getpid(), 9)", b="write(0)")
    assert (ended["a"].exit_code, ended["b"].exit_code) == (70, 0)


def test_each_end_is_told_when_it_comes(go):
    told = []
    go(told=told.append, a="write(0)", b="write(3); code = 3")
    assert {each.target.name: each.exit_code for each in told} == {"a": 0, "b": 3}


def test_a_folder_that_can_not_be_written_is_told(go, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UsageError, match="can't be written"):
        go(a="write(0)")


@pytest.fixture
def stopping(tmp_path, monkeypatch):
    """Stops the targets as a signal would, each time when the file that is named is there. The signals are those of a whole command."""
    handlers, begun = [], threading.Event()

    @contextmanager
    def handling(handler):
        handlers.append(handler)
        begun.set()
        yield

    def stop(files):
        begun.wait()
        for file in files:
            while not (tmp_path / "out" / file).exists():
                time.sleep(0.001)
            handlers[0]()

    def start(*files):
        thread = threading.Thread(target=stop, args=(files,))
        thread.start()
        return thread

    monkeypatch.setattr("goatcheck.matrix.running.handling_interrupts", handling)
    return start


TIDY = """
(out / "ready").touch()
while code != 130: time.sleep(0.005)
(out / "tidied").touch()
write(130)
"""
STUBBORN = TIDY + "time.sleep(30)"


def test_every_run_tidies_up_when_stopped_and_none_begins_after_that(go, stopping, tmp_path):
    thread = stopping("a/ready")
    ended = go({"a": "one", "b": "two", "c": "one"}, a=TIDY, b=TIDY, c="write(0)")
    thread.join()
    assert {name: each.exit_code for name, each in ended.items()} == dict.fromkeys("abc", 130)
    assert ended["a"].report == {"exit_code": 130}
    assert ended["c"].said == "it was stopped before it began"
    assert not (tmp_path / "out" / "c" / "began").exists()


def test_a_second_signal_ends_them_at_once(go, stopping):
    thread = stopping("a/ready", "a/tidied")
    ended = go(a=STUBBORN)
    thread.join()
    assert ended["a"].exit_code == 70  # the stand-in ends with a code that goatcheck never has


def test_a_process_that_dies_of_the_signal_was_interrupted(go, stopping):
    thread = stopping("a/ready")
    program = "signal.signal(signal.SIGTERM, signal.SIG_DFL); (out / 'ready').touch(); time.sleep(30)"
    ended = go(a=program)
    thread.join()
    assert (ended["a"].exit_code, ended["a"].report) == (130, None)
