"""Recordings judged by a crew, partition by partition: the report is that of one process."""

import gzip
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from crew import Crew
from hypothesis import example, given
from hypothesis import strategies as st
from recordings import KEY, LATE, Said, broken, har, line

from goatcheck.audit import audit, partitions
from goatcheck.audit.partitions import Asked, File, Partition, judged, looked_at, mark
from goatcheck.contract import load
from goatcheck.errors import Unusable, UsageError
from goatcheck.recorded import Api
from goatcheck.report.as_markdown import render_markdown

API = Api(load())
LINES = (
    line(),
    line(LATE),
    line(Said(status=401)),
    line(Said(body=f"no {KEY}")),
    "{broken",
    "",
    '{"kind": "header", "data": {}}',
    '["no", "entry"]',
)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Partitions of a few lines."""
    monkeypatch.setattr(partitions, "SIZE", 1500)


def same(report):
    """A report without its times, and as people read it."""
    told = replace(report, run=replace(report.run, started="", seconds=0.0))
    return told, render_markdown(told)


@given(st.lists(st.sampled_from(LINES), max_size=20), st.sampled_from(["", "\n"]), st.sampled_from(["", "\ufeff"]))
@example([line(LATE)] * 30, "\n", "\ufeff")
def test_the_report_is_that_of_one_process(lines, end, start):
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join([*lines, line()])
        files = {
            "a.jsonl": (start + text + end).encode(),
            "b.har": har(LATE).encode(),
            "c.jsonl.gz": gzip.compress(text.encode())[:-9],
            "d.jsonl": ("\n" * 5000 + line(LATE)).encode(),
        }
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        names = [f"{folder}/*", f"{folder}/b.har"]
        crew = Crew()
        assert same(audit(names, API, crew=crew)) == same(audit(names, API))
    assert KEY.encode() not in b"".join(crew.sent)


def test_relative_names_are_found_from_where_the_audit_was_started(write, tmp_path, monkeypatch):
    write(line(LATE), "logs/a.jsonl")
    monkeypatch.chdir(tmp_path)

    def elsewhere(_function, _arguments):
        monkeypatch.chdir("/")

    report = audit(["logs/*"], API, crew=Crew(elsewhere))
    assert broken(report) == {"429.window.agree": ["logs/a.jsonl, line 1"]}


def test_it_is_told_how_far_each_recording_is(write):
    lines, one = write("\n".join([line()] * 12), "a.jsonl"), write(har(Said(), Said()))
    told = []
    audit([lines, one], API, crew=Crew(), told=lambda source, entries: told.append((source, entries)))
    size, other = (Path(path).stat().st_size for path in (lines, one))
    assert [source.position() for source, _ in told] == [*range(1500, size, 1500), size, other]
    assert [source.size for source, _ in told] == [size] * (len(told) - 1) + [other]
    assert [entries for source, entries in told if source.position() == source.size] == [12, 2]


def test_no_more_is_asked_for_than_keeps_the_crew_busy(write):
    crew = Crew()
    path = write("\n".join([line()] * 60))
    before = []
    audit([path], API, crew=crew, told=lambda _source, entries: before.append((entries, crew.asked)))
    assert before[0][1] == 2 + crew.most()  # what names it, and the look at it, come before
    assert len(before) == crew.asked - 2


@pytest.fixture
def seven(write, monkeypatch):
    """A journal of seven broken answers, two in a partition; its path, and the bytes of a line."""
    each = line(LATE) + "\n"
    monkeypatch.setattr(partitions, "SIZE", len(each) * 2)
    return write(each * 7), len(each)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError(f"not {KEY}"), "ValueError"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError(f"no {KEY}"), "OSError"),
    ],
)
def test_a_partition_that_can_t_be_judged_is_told_and_the_others_are_judged(seven, monkeypatch, error, reason):
    path, size = seven
    within = partitions.lines_within

    def failing(stream, start, end):
        if start == 2 * size:
            raise error
        return within(stream, start, end)

    monkeypatch.setattr(partitions, "lines_within", failing)
    crew = Crew()
    report = audit([path], API, crew=crew)
    assert f"{path}, bytes {2 * size} to {4 * size}: a worker can't judge it: {reason}" in report.notes
    assert (report.run.requests, report.exit_code) == (5, 1)
    assert KEY.encode() not in b"".join(crew.sent)


def test_after_a_lost_partition_lines_are_counted_from_where_it_ends(write, monkeypatch):
    each = line() + "\n"
    monkeypatch.setattr(partitions, "SIZE", len(each) * 2)
    path = write(each * 6 + line(LATE))

    def lost(function, arguments):
        if function is judged and arguments[1].start == 2 * len(each):
            raise ValueError(KEY)

    report = audit([path, path], API, crew=Crew(lost))
    (finding,) = broken(report)["429.window.agree"]
    assert finding == f"{path}, line 3 after byte {4 * len(each)}"
    assert [note for note in report.notes if "judge it" in note] == [
        f"{path}, bytes {2 * len(each)} to {4 * len(each)}: a worker can't judge it: ValueError"
    ] * 2


def test_a_recording_that_can_t_be_cut_is_lost_as_a_whole_and_makes_no_verdict_green(write):
    def lost(function, arguments):
        if function is judged and arguments[1].number == 0:
            raise UsageError("it is gone")

    report = audit([write(har(LATE), "a.har"), write(har(Said()), "b.har")], API, crew=Crew(lost))
    assert report.notes[0].endswith("a.har: it is gone")
    assert (report.verdict, report.exit_code, report.run.requests) == ("partial", 3, 1)


def test_without_its_workers_an_audit_says_nothing(write):
    def gone(function, _arguments):
        if function is judged:
            raise Unusable("gone")

    with pytest.raises(Unusable, match="gone"):
        audit([write(line())], API, crew=Crew(gone))


def test_ctrl_c_ends_it_and_what_was_judged_until_then_is_reported(seven):
    def stop(_source, entries):
        if entries == 4:
            raise KeyboardInterrupt

    report = audit([seven[0]], API, crew=Crew(), told=stop)
    assert (report.verdict, report.run.requests) == ("interrupted", 4)


def test_what_a_worker_can_t_read_is_refused_before_anything_is_judged(write):
    crew = Crew()
    with pytest.raises(UsageError, match=r"^On a worker of the cluster: gone.har can't be read: No such file"):
        audit([write(line()), "gone.har"], API, crew=crew)
    with pytest.raises(UsageError, match="known here"):
        audit([write("<x>")], API, crew=crew)
    with pytest.raises(UsageError, match="name files that they can read"):
        audit(["-"], API, crew=crew)
    assert not any(b"judged" in sent for sent in crew.sent)


def test_a_worker_of_another_goatcheck_refuses(write):
    asked = replace(Asked.of(API), mark="goatcheck 0.0.1 with contract 2026-06 (0)")
    with pytest.raises(UsageError, match=r"the worker has goatcheck .* and this is goatcheck 0\.0\.1 with"):
        looked_at(asked, write(line()))
    with pytest.raises(UsageError, match="install the same on both"):
        judged(asked, Partition(write(line()), 0))


def test_a_recording_that_is_gone_when_its_turn_comes_says_so():
    with pytest.raises(UsageError, match=r"gone.jsonl can't be read: No such file"):
        judged(Asked.of(API), Partition("gone.jsonl", 0, 0, 10))


def test_the_mark_tells_contracts_apart_by_what_is_in_them(tmp_path, monkeypatch):
    assert mark("2026-06") != mark("2026-05")
    (tmp_path / "2026-06").mkdir()
    (tmp_path / "2026-06" / "requirements.toml").write_text("other")
    here = mark("2026-06")
    monkeypatch.setattr(partitions, "room", lambda _name: tmp_path)
    assert mark("2026-06").split("(")[0] == here.split("(")[0]
    assert mark("2026-06") != here


def test_what_has_no_size_is_one_partition():
    assert list(partitions.partitions_of(File("pipe", None, cuttable=False), 3)) == [Partition("pipe", 3)]
