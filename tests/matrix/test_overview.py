"""Reports side by side: the exit code of all, where they differ, and how that is shown, whatever a target wrote."""

import io
import json
import re
from html.parser import HTMLParser

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from goatcheck.matrix import overview_of
from goatcheck.matrix.overview import VERDICTS, WORST_FIRST
from goatcheck.matrix.rendering import RENDERERS, render_terminal, verdict_line, write_overview
from goatcheck.report.model import EXIT_CODES
from goatcheck.rooms import room

HOSTILE = "</style></td><script>alert(1)</script><img src=x onerror=alert(1)> | [x](https://evil.example) @all \x1b[31m \u202e \ud800 '\""


@pytest.fixture
def overview():
    return lambda *ended: overview_of(ended, contract="2026-06", seed=7, started="2026-06-15T09:00:00Z")


@pytest.fixture
def three(make, overview):
    good = make["report"](a_split="pass", b_same="pass", c_other="pass", d_broken="not_exercised")
    bad = make["report"](1, a_split="fail", b_same="pass", c_other="not_exercised", d_broken="fail", message=HOSTILE)
    return overview(
        make["end"]("good", 0, good),
        make["end"](HOSTILE, 1, bad, folder="bad", label=HOSTILE),
        make["end"]("gone", 5, None, said=HOSTILE),
    )


def printed(overview):
    console = Console(width=160, file=io.StringIO())
    console.print(render_terminal(overview))
    return console.file.getvalue()


def test_rows_are_sorted_by_how_the_targets_differ(three):
    assert {row.id: row.kind for row in three.rows} == {
        "a.split": "split",
        "b.same": "same",
        "c.other": "other",
        "d.broken": "broken",
    }
    assert [cell.outcome for cell in three.rows[0].cells] == ["pass", "fail", ""]
    assert three.rows[0].cells[1].why == f"{HOSTILE} (GET /creators)"


@pytest.mark.parametrize("better", range(1, len(WORST_FIRST)))
def test_the_worst_target_decides_the_exit_code(make, overview, better):
    ends = [make["end"](f"t{code}", code) for code in reversed(WORST_FIRST[better - 1 : better + 1])]
    assert overview(*ends).exit_code == WORST_FIRST[better - 1]


def test_the_order_of_exit_codes_is_that_of_the_readme():
    rows = re.findall(
        r"^\| (\d+) \| (?:\w+ )?\|", (room("contracts").parent / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert tuple(map(int, rows)) == WORST_FIRST
    assert set(VERDICTS) == {2, 70, *EXIT_CODES.values()}


def test_the_json_is_as_its_schema_says(three):
    schema = json.loads((room("contracts") / "matrix.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    text = RENDERERS["matrix.json"](three)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(json.loads(text))
    assert text.isascii()


class Page(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def test_the_page_runs_nothing_and_loads_nothing_whatever_a_target_wrote(three):
    text = RENDERERS["matrix.html"](three)
    page = Page(text)
    assert [page.all(tag) for tag in ("script", "img", "link", "iframe")] == [[], [], [], []]
    assert not [attrs for _, attrs in page.found if any(name.startswith("on") or name == "src" for name in attrs)]
    policy = page.all("meta")[1]["content"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not set(text) & set("\x1b\u202e\ud800")
    assert "&lt;script&gt;alert(1)" in text


def test_the_page_leads_to_each_targets_own_report(three):
    links = [attrs["href"] for attrs in Page(RENDERERS["matrix.html"](three)).all("a")]
    assert {"good/report.html", "bad/report.html", "good/report.html#a.split", "bad/report.html#a.split"} <= set(links)
    assert not [link for link in links if not re.fullmatch(r"(#\w+|(good|bad)/report\.html(#[\w.]+)?)", link)]


def test_the_markdown_holds_no_markup_of_a_target(three):
    text = RENDERERS["matrix.md"](three)
    assert "<script" not in re.sub(r"\\<", "", text)
    assert "[x](" not in text
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| ")}) == 2
    assert "### Broken on some targets, kept on others" in text
    assert "The same everywhere: 1 requirement." in text


def test_targets_that_agree_have_no_section_of_differences(make, overview):
    text = RENDERERS["matrix.md"](overview(make["end"]("a", 0, make["report"](a="pass"))))
    assert "###" not in text
    assert "1 of 1 target conformant" in text


def test_the_terminal_shows_a_target_a_line_and_where_they_differ(three):
    text = printed(three)
    assert re.search(r"^good +conformant +0 +7 +1\.2 +3 passed, 1 not exercised", text, re.MULTILINE)
    assert re.search(r"a\.split +passed +failed +no report", text)
    assert "Broken nowhere, but not the same everywhere: 1 requirement\n" in text
    assert not set(text) & set("\x1b\u202e\ud800")
    assert verdict_line(three) in text


def test_the_terminal_counts_what_it_has_no_room_for(make, overview):
    many = make["report"](1, **{f"r{number}": "fail" for number in range(15)})
    assert "and 3 more in matrix.html" in printed(overview(make["end"]("a", 1, many)))


def test_where_nothing_differs_the_terminal_shows_the_targets_alone(make, overview):
    assert "requirement " not in printed(overview(make["end"]("a", 0, make["report"](a="pass"))))


def test_a_selection_is_told(make):
    ended = [make["end"]("a", 0, make["report"](a="pass"))]
    made = overview_of(ended, contract="2026-06", seed=7, started="2026-06-15T09:00:00Z", selection=["401"])
    assert verdict_line(made) == "CONFORMANT: 1 of 1 target conformant (only 401), exit code 0"


def test_the_three_files_are_written(three, tmp_path):
    written = write_overview(three, tmp_path / "out")
    assert [path.name for path in written] == ["matrix.json", "matrix.html", "matrix.md"]
    assert all(path.stat().st_size for path in written)
