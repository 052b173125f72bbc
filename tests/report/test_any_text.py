"""Whatever text a target sends, no format breaks."""

import io
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from rich.cells import cell_len
from rich.console import Console

from goatcheck.report.as_html import render_html
from goatcheck.report.as_junit import render_junit
from goatcheck.report.as_markdown import code, fenced, prose, render_markdown
from goatcheck.report.model import Report, Result, Run, StatusRow, TargetInfo
from goatcheck.report.terminal import print_report
from goatcheck.report.text import clean, one_line, shell_lines

PIECES = [
    "`",
    "``",
    "|",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "<b>",
    "-->",
    "]]>",
    "@a",
    "#1",
    "](x)",
    "*",
    "_",
    "~~",
    "&amp;",
    "1. ",
]
ODD = [
    "\x1b[31m",
    "\x00",
    "\u202e",
    "\ud800",
    "\u2028",
    "\ufffe",
    "e\u0301",
    "山",
    "🐐",
    "[red]",
    "'",
    '"',
    " ",
    "http://a.b",
]
texts = st.lists(st.sampled_from(PIECES + ODD) | st.text(max_size=5), max_size=12).map("".join)
quick = settings(database=None, deadline=None, max_examples=60)
markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def inline(text):
    return [child for token in markdown.parse(text) for child in token.children or ()]


@quick
@given(texts)
def test_cleaned_text_can_be_seen(text):
    assert re.sub(r"[\n\t]", "", clean(text)).isprintable()
    assert one_line(text).isprintable()


@quick
@given(texts)
def test_prose_stays_one_paragraph_of_text(text):
    shown = prose(f"a{text}a")
    assert [token.type for token in markdown.parse(shown)] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in inline(shown)} <= {"text", "text_special"}
    assert "".join(child.content for child in inline(shown)).replace("\u200b", "") == one_line(f"a{text}a")


@quick
@given(texts)
def test_tables_keep_their_rows_and_cells(text):
    results = tuple(
        Result(f"400.row-{outcome}", "MUST", "400", outcome, reason=f"a{text}a", cause="suite")
        for outcome in ("error", "not_exercised", "not_applicable", "not_testable")
    )
    rows = {
        "400": StatusRow(provoked=True, exchanges=1, operations=1, variants={f"400.{text}": 1}, outcomes={"error": 1})
    }
    run = Run(1, "2026-06-15T09:00:00Z", 1.0, 1, {})
    report = Report("2026-06", TargetInfo(text, "live", text), run, "partial", 3, rows, results)
    kinds = [token.type for token in markdown.parse(render_markdown(report))]
    assert kinds.count("table_open") == 5
    assert kinds.count("tr_open") == 10
    assert kinds.count("th_open") == kinds.count("td_open") == 7 + 4 * 3


@quick
@given(texts)
def test_a_code_span_holds_the_text_and_nothing_else(text):
    [span] = inline(code(f"a{text}a"))
    assert (span.type, span.content) == ("code_inline", one_line(f"a{text}a", 200))


@quick
@given(texts)
def test_a_fence_holds_the_text_and_nothing_else(text):
    [fence] = markdown.parse(fenced(clean(text), "http"))
    assert (fence.type, fence.content) == ("fence", f"{clean(text)}\n")


@quick
@given(texts, st.integers(20, 100))
def test_a_command_over_several_lines_keeps_every_character(text, width):
    assert re.sub(r"\s+", "", shell_lines(text, width).replace(" \\\n  ", "")) == re.sub(
        r"\s+", "", one_line(text, 4000)
    )


def _report(samples, text):
    found = samples.finding(text, got=text, reproduce=text, response=samples.message(text, body=text))
    return samples.report(samples.result("400.code", "fail", reason=text, findings=(found,)), verdict="nonconformant")


def test_every_format_holds_the_text(samples):
    tags = render_html(_report(samples, "x")).count("<")

    @settings(quick, max_examples=20)
    @given(texts.map("x{}x".format))
    def holds(text):
        report = _report(samples, text)
        [[case]] = JUnitXml.fromstring(render_junit(report).encode("utf-8"))
        [failure] = case.result
        assert failure.message == one_line(text)
        assert clean(text) in failure.text
        assert render_html(report).count("<") == tags
        file = io.StringIO()
        print_report(report, Console(file=file, width=80))
        assert max(cell_len(line) for line in file.getvalue().split("\n")) <= 80

    holds()
