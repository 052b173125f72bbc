import json
import re

import pytest

from goatcheck.errors import UsageError
from goatcheck.report.as_json import report_data
from goatcheck.report.files import RENDERERS, write_reports


def test_every_report_file_is_written_as_utf8(samples, tmp_path):
    folder = tmp_path / "new" / "out"
    paths = write_reports(samples.hostile, folder)
    assert [path.name for path in paths] == ["report.json", "report.html", "report.md", "junit.xml", "badge.json"]
    assert sorted(folder.iterdir()) == sorted(paths)
    for path in paths:
        assert path.read_bytes().decode("utf-8") == RENDERERS[path.name](samples.hostile)


def test_a_report_that_was_there_is_replaced(samples, tmp_path):
    write_reports(samples.bad, tmp_path)
    write_reports(samples.good, tmp_path)
    assert json.loads((tmp_path / "report.json").read_text()) == json.loads(json.dumps(report_data(samples.good)))


def test_a_folder_that_cannot_be_written_is_named(samples, tmp_path):
    place = tmp_path / "file"
    place.write_text("in the way")
    with pytest.raises(UsageError, match=rf"{re.escape(str(place))}.*--out"):
        write_reports(samples.good, place)


def test_a_file_that_cannot_be_replaced_leaves_nothing_half_written(samples, tmp_path):
    (tmp_path / "report.md").mkdir()
    with pytest.raises(UsageError):
        write_reports(samples.good, tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
