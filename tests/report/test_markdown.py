import re

import pytest
from markdown_it import MarkdownIt

from goatcheck.report.as_markdown import code, fenced, prose, render_markdown
from goatcheck.report.text import clean

GITHUB_LIMIT = 65_536
OUR_HTML = {"<details><summary>Request and response</summary>", "</details>"}


def tokens(text):
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def inline(text):
    return [child for token in tokens(text) for child in token.children or ()]


def test_the_only_html_is_ours(any_report):
    text = render_markdown(any_report)
    assert {token.content.strip() for token in tokens(text) if token.type == "html_block"} <= OUR_HTML
    assert [child.content for child in inline(text) if child.type == "html_inline"] == []


def test_nothing_becomes_a_link_or_an_image(any_report):
    kinds = {child.type for child in inline(render_markdown(any_report))}
    assert kinds <= {"text", "text_special", "code_inline", "strong_open", "strong_close"}


def test_every_request_and_response_stands_in_a_fence_of_its_own(samples):
    fences = [token for token in tokens(render_markdown(samples.hostile)) if token.type == "fence"]
    assert [token.info for token in fences] == ["http", "http", "sh", "toml"]
    assert fences[0].content.count("\n```\n") == 3
    assert fences[1].content.startswith(clean(samples.HOSTILE))
    assert fences[1].content.rstrip().endswith("more characters")


def test_every_table_row_has_as_many_cells_as_its_head(any_report):
    lines = [line for line in render_markdown(any_report).split("\n") if line.startswith("| ")]
    cells = [len(re.findall(r"(?<!\\)\|", line)) for line in lines]
    kinds = [token.type for token in tokens(render_markdown(any_report))]
    assert kinds.count("tr_open") == len(lines) - kinds.count("table_open")
    assert set(cells) <= {4, 5, 8}


def test_nobody_is_mentioned_and_no_issue_is_named(samples):
    texts = "".join(child.content for child in inline(render_markdown(samples.hostile)) if child.type == "text")
    assert "@\u200beveryone" in texts
    assert not re.search(r"@\w|#\d|://|www\.", texts)


def test_no_hidden_character_is_left(samples):
    assert clean(render_markdown(samples.hostile)).isprintable() or clean(render_markdown(samples.hostile))
    assert not {"\x1b", "\u202e", "\x00", "\ud800", "\u2028"} & set(render_markdown(samples.hostile))


def test_a_report_always_fits_into_one_comment(any_report):
    assert len(render_markdown(any_report)) < GITHUB_LIMIT


def test_what_has_no_room_in_full_is_still_named(samples):
    text = render_markdown(samples.huge)
    assert "### Broken too, in full in report.html" in text
    assert all(f"`{result.id}`" in text for result in samples.huge.requirements)


def test_the_verdict_comes_first(samples):
    lines = render_markdown(samples.bad).split("\n")
    assert lines[0] == "## goatcheck: ❌ nonconformant"
    assert lines[2].startswith("**1 MUST and 2 SHOULDs broken.** Start with 429.window.agree:")
    assert render_markdown(samples.good).startswith("## goatcheck: ✅ conformant\n\n**Every MUST holds.**")


def test_the_worst_comes_first(samples):
    headings = re.findall(r"^#### `(.*)` (\w+) (\w+)$", render_markdown(samples.bad), re.MULTILINE)
    assert headings == [
        ("429.window.agree", "MUST", "failed"),
        ("success.no-redirect", "SHOULD", "failed"),
        ("envelope.closed", "SHOULD", "warned"),
        ("401.challenge", "SHOULD", "waived"),
    ]


def test_a_finding_can_be_reproduced(samples):
    expected = "```sh\ngoatcheck run --profile profiles/staging.toml --replay reports/runs/exchanges.jsonl#17\n```"
    assert expected in render_markdown(samples.bad)


@pytest.mark.parametrize(
    "row",
    [
        "| **429** | rate limited | yes | 42 | 6 | first 40, other 2 | 1 failed, 1 not testable |",
        "| `402.limit.atomic` | MUST | no key of a capped org |",
        "| `404.absent` | MUST | something else got in the way: a 503 came three times in a row |",
        "| `403.banned` | MUST | staging has no bans |",
        "| worse | `429.window.agree` | MUST | passed, now failed: GET /creators |",
        "| no longer judged | `401.expired` | MUST | passed, now not exercised |",
        "| `500.forced` | MUST | the target can't be told what to answer |",
    ],
)
def test_the_tables_tell(samples, row):
    assert row in render_markdown(samples.bad).split("\n")


def test_further_findings_are_counted(samples):
    assert "4 more of it in report.html." in render_markdown(samples.bad)


def test_a_finding_with_little_to_tell_has_no_empty_parts(samples):
    bare = samples.finding(
        operation="", where="", expected="", got="", reproduce="", response=samples.message("HTTP/1.1 400", cut=9)
    )
    report = samples.report(samples.result("400.code", "fail", meaning="", findings=(bare,)), verdict="nonconformant")
    text = render_markdown(report)
    assert "Try it again" not in text
    assert "HTTP/1.1 400\nAuthorization: Bearer ‹key:reader›\n... 9 more characters\n```" in text


def test_a_failure_without_findings_is_told_by_its_reason(samples):
    broken = samples.result("400.code", "fail", findings=(), reason="seen once only")
    text = render_markdown(samples.report(broken, verdict="nonconformant"))
    assert "seen once only" in text


@pytest.mark.parametrize(
    "text",
    [
        "**b** _i_ ~~s~~ `c`",
        "<b>&amp;</b>",
        "[a](b) ![c](d)",
        "# h",
        "- x",
        "1. x",
        "1) x",
        "+ x",
        "\\`",
        "$x$",
        "> q",
        "===",
    ],
)
def test_prose_is_read_as_itself(text):
    found = [token.type for token in tokens(prose(text))]
    assert found == ["paragraph_open", "inline", "paragraph_close"]
    assert "".join(child.content for child in inline(prose(text))).replace("\u200b", "") == text


@pytest.mark.parametrize("text", ["a", "`", "a ``b`` c`", "<b>", "\\", "a|b", "\\|"])
def test_code_is_read_as_itself_in_text_and_in_a_table(text):
    [span] = inline(code(text))
    assert (span.type, span.content) == ("code_inline", text)


def test_code_of_nothing_is_nothing():
    assert code("") == code(" ") == ""


def test_a_fence_is_longer_than_any_in_its_text():
    [fence] = tokens(fenced("a\n`````\nb", "http"))
    assert (fence.content, fence.markup) == ("a\n`````\nb\n", "``````")
