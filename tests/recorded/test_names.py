"""Patterns and URLs: what recordings may be named by. fsspec, which need not be installed, is played by a folder in memory."""

import io
import sys
from types import SimpleNamespace

import pytest
from recordings import LATE, broken, line

from goatcheck.audit import audit
from goatcheck.errors import UsageError
from goatcheck.recorded import open_recording
from goatcheck.recorded.names import matches


class Sized(io.BytesIO):
    """A file as fsspec opens it."""

    def __init__(self, text):
        super().__init__(text)
        self.size = len(text)


@pytest.fixture
def storage(monkeypatch):
    """The files of a storage by their paths, which fsspec then has at far://PATH."""
    files = {}

    def opened(url, mode):
        assert mode == "rb"
        text = files.get(url.removeprefix("far://"))
        if text is None:
            raise FileNotFoundError(2, "No such file or directory")
        if isinstance(text, Exception):
            raise text
        return SimpleNamespace(open=lambda: Sized(text))

    system = SimpleNamespace(
        exists=files.__contains__,
        glob=lambda pattern: [path for path in files if path.endswith(pattern.removeprefix("*"))],
        unstrip_protocol=lambda path: f"far://{path}",
    )
    fake = SimpleNamespace(open=opened, url_to_fs=lambda url: (system, url.removeprefix("far://")))
    monkeypatch.setitem(sys.modules, "fsspec", fake)
    return files


def test_a_pattern_stands_for_what_it_matches_in_order(write, tmp_path):
    write("", "b.jsonl"), write("", "a.jsonl"), write("", "deep/c.jsonl"), write("", "x[1].har")
    assert matches("*.jsonl", tmp_path) == ["a.jsonl", "b.jsonl"]
    assert matches("**/?.jsonl", tmp_path) == ["a.jsonl", "b.jsonl", "deep/c.jsonl"]
    assert matches(f"{tmp_path}/a*") == [f"{tmp_path}/a.jsonl"]


def test_a_name_that_matches_nothing_or_is_a_file_s_own_stands_for_itself(write, tmp_path):
    write("", "x[1].har")
    assert matches("x[1].har", tmp_path) == ["x[1].har"]
    assert matches("none*", tmp_path) == ["none*"]
    with pytest.raises(UsageError, match=r"none\* can't be read: No such file"), open_recording("none*", tmp_path):
        pass


def test_a_url_is_a_recording_like_any_other(storage, api):
    storage["log/a.jsonl"] = f"{line()}\n{line(LATE)}\n".encode()
    report = audit(["far://log/a.jsonl"], api)
    assert broken(report) == {"429.window.agree": ["far://log/a.jsonl, line 2"]}
    with open_recording("far://log/a.jsonl") as recording:
        assert (recording.size, recording.folder, recording.cuttable) == (len(storage["log/a.jsonl"]), None, True)


def test_a_pattern_of_urls_is_looked_up_where_they_lead(storage):
    storage.update({"b.jsonl": b"", "a.jsonl": b"", "c?.har": b""})
    assert matches("far://*.jsonl") == ["far://a.jsonl", "far://b.jsonl"]
    assert matches("far://c?.har") == ["far://c?.har"]


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (None, "far://x can't be read: No such file or directory."),
        (ImportError("Install s3fs to access S3"), "far://x can't be read: Install s3fs to access S3."),
    ],
)
def test_a_url_that_can_t_be_read_says_why(storage, trouble, told):
    storage["x"] = trouble
    with pytest.raises(UsageError, match=told), open_recording("far://x"):
        pass


def test_without_fsspec_it_is_told_what_brings_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(UsageError, match=r"pip install 'goatcheck\[dask\]'"), open_recording("s3://bucket/x"):
        pass
