import base64
import hashlib
import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from goatcheck.report.as_html import render_html
from goatcheck.report.text import clean
from goatcheck.rooms import room

VOID = {"meta", "input"}
OURS = {
    *("html", "head", "meta", "title", "style", "script", "body", "header", "nav", "main", "footer", "section"),
    *("details", "summary", "label", "input", "select", "option", "button", "output", "div", "p", "h1", "h2", "h3"),
    *("ul", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "pre", "code"),
    *("a", "b", "i", "small", "span", "strong", "mark", "svg", "g", "line", "rect", "text"),
}


class Page(HTMLParser):
    """A page as a browser tells its parts: elements with their attributes, text, and whether all that opens is closed."""

    def __init__(self, report):
        super().__init__()
        self.elements, self.texts, self.open, self.comments = [], [], [], []
        self.feed(render_html(report))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def handle_comment(self, data):
        self.comments.append(data)

    def attributes(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def text_of(self, tag):
        return "".join(data for inside, data in self.texts if inside == tag)

    @property
    def text(self):
        return "".join(data for _, data in self.texts)


def test_only_our_own_elements_are_there_and_all_are_closed(any_report):
    page = Page(any_report)
    assert {tag for tag, _ in page.elements} <= OURS
    assert page.open == []
    assert page.comments == []


def test_hostile_text_adds_no_element(samples):
    """The same report with harmless text has the same elements and attributes."""
    harmless = Page(_with_plain_text(samples))
    assert Page(samples.hostile).elements[3:] == harmless.elements[3:]


def _with_plain_text(samples):
    def plain(value):
        if isinstance(value, str):
            return value.replace(samples.HOSTILE, "plain")
        if isinstance(value, tuple):
            return tuple(plain(item) for item in value)
        if isinstance(value, dict):
            return {plain(name): plain(item) for name, item in value.items()}
        if hasattr(value, "__dataclass_fields__"):
            return replace(value, **{name: plain(getattr(value, name)) for name in value.__dataclass_fields__})
        return value

    return plain(samples.hostile)


def test_nothing_is_loaded_and_nothing_runs_but_our_script(any_report):
    page = Page(any_report)
    assert all(href.startswith("#") for href in page.attributes("href"))
    names = {name for _, attributes in page.elements for name in attributes}
    assert not names & {"src", "srcset", "action", "style", "data", "background"}
    assert not [name for name in names if name.startswith("on")]
    assert page.text_of("script") == (room("reports") / "templates" / "report.js").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import", page.text_of("style"))
    assert not re.search(r"fetch|XMLHttp|import|src|innerHTML|eval", page.text_of("script"))


def test_the_policy_allows_the_one_style_sheet_and_the_one_script_and_nothing_else(any_report):
    page = Page(any_report)
    script, style = (
        base64.b64encode(hashlib.sha256(page.text_of(name).encode()).digest()).decode() for name in ("script", "style")
    )
    [policy] = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_every_link_leads_to_a_place_on_the_page_and_ids_are_unique(samples):
    page = Page(samples.bad)
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert {href.removeprefix("#") for href in page.attributes("href")} <= set(ids)


def test_every_requirement_can_be_linked_to_by_its_id(samples):
    assert {result.id for result in samples.bad.requirements} <= set(Page(samples.bad).attributes("id"))


def test_hostile_text_is_shown_as_text(samples):
    text = Page(samples.hostile).text
    assert clean(samples.HOSTILE) in text
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    "words",
    [
        "nonconformant",
        "1 MUST and 2 SHOULDs broken",
        "Start with 429.window.agree: Retry-After and meta.retryAfter are 3 s apart",
        "exit code1",
        "What to do first: Start with",
        "What 400.code demands of the target.",
        "7, as in Retry-After",
        "Retry-After: 7",
        "goatcheck run --profile profiles/staging.toml --replay reports/runs/exchanges.jsonl#17",
        "curl -i 'http://127.0.0.1:8123/api/v1/creators' -H \"Authorization: Bearer $GOAT_READER\"",
        "3 more like these were left out.",
        "Judged on 41 exchanges.",
        "no key of a capped org",
        "something else got in the way",
        "a 503 came three times in a row",
        "The waiver of 401.challenge ends in 4 days.",
        "Add [keys.expired]",
        "429.first 40",
        "worse 429.window.agree MUSTpassed, now failed: GET /creators",
        "no longer judged 401.expired MUSTpassed, now not exercised",
    ],
)
def test_the_page_tells(samples, words):
    assert words in Page(samples.bad).text.replace("\n", " ").replace("  ", " ")


def test_an_interrupted_run_is_told_as_such(samples):
    stopped = replace(samples.good.run, complete=False)
    report = replace(samples.good, run=stopped, verdict="interrupted", exit_code=130)
    assert "the run was stopped before its end" in Page(report).text


def test_a_long_body_is_cut_and_says_so(samples):
    assert "96000 more characters left out" in Page(samples.huge).text


def test_a_finding_without_an_exchange_shows_what_there_is(samples):
    bare = samples.finding(operation="", purpose="", where="", number=0, curl="", reproduce="")
    page = Page(
        samples.report(samples.result("400.code", "fail", findings=(bare,), meaning=""), verdict="nonconformant")
    )
    assert "Send and judge it again" not in page.text
    assert "Sent to try" not in page.text


def test_the_page_is_small_and_quickly_made_however_much_is_broken(samples):
    many = replace(samples.huge, bursts=tuple(samples.burst() for _ in range(3)))
    render_html(samples.good)  # the template is read once
    before = time.process_time()
    page = render_html(many)
    assert time.process_time() - before < 1
    assert len(page.encode()) < 3_000_000


def test_what_to_add_is_told_unless_nothing_was_there_to_add_it_to(samples):
    assert "#advice" in Page(samples.bad).attributes("href")
    unusable = replace(samples.bad, verdict="unusable", exit_code=5)
    assert "#advice" not in Page(unusable).attributes("href")
    assert "advice" not in Page(unusable).attributes("id")
