"""What a reader does with the report, done in a browser."""

import pytest

DARK, LIGHT = 60, 200
"""Bounds of how bright a dark and a light page are, of 255."""
NARROW = 400
"""Pixels that a phone is narrower than."""
SMALL = 200_000
"""Bytes that a picture of the documents has at the most."""


def shown(page):
    return page.locator(".requirement:visible")


def is_open(page, id_):
    return page.evaluate("id => document.getElementById(id).open", id_)


def test_it_opens_from_disk_and_says_the_verdict_and_what_to_do_first(opened):
    page = opened("faulty")
    assert page.title() == "nonconformant: staging - goatcheck"
    assert page.locator("h1").inner_text() == "nonconformant\n2 MUSTs and 1 SHOULD broken"
    assert page.locator(".first").is_visible()
    assert page.locator("header").bounding_box()["height"] < 450
    assert page.said == []


def test_what_is_broken_is_open_and_the_rest_is_a_line_each(opened):
    page = opened("faulty")
    assert is_open(page, "401.expired")
    assert is_open(page, "finding-401.expired-1")
    assert not is_open(page, "finding-401.challenge-2")
    assert not is_open(page, "404.absent")
    assert page.locator(".requirement.pass > summary").first.bounding_box()["height"] < 45


def test_the_differing_member_is_marked(opened):
    page = opened("bad")
    assert page.locator("#finding-429\\.window\\.agree-1 mark").all_inner_texts() == ['"retryAfter": 10']


def test_requirements_are_filtered_by_status_level_outcome_and_text(opened):
    page = opened("bad")
    page.select_option("#filter-status", "402")
    assert shown(page).count() == 2
    page.select_option("#filter-level", "SHOULD")
    assert [it.get_attribute("id") for it in shown(page).all()] == ["402.limit.key-known"]
    assert page.locator("#filter-count").inner_text() == "1 of 14"
    assert page.locator("#outcome-pass").is_hidden()
    page.click("#filter-reset")
    assert shown(page).count() == 14
    page.select_option("#filter-outcome", "error")
    assert shown(page).count() == 2
    page.click("#filter-reset")
    page.fill("#filter-text", "CAPPED org")
    assert shown(page).count() == 2
    page.fill("#filter-text", "window RETRY-after")
    assert [it.get_attribute("id") for it in shown(page).all()] == ["429.window.agree"]


def test_a_figure_of_the_status_table_leads_to_its_requirements(opened):
    page = opened("bad")
    page.click(".statuses a[data-status='429'][data-outcome='fail']")
    assert [it.get_attribute("id") for it in shown(page).all()] == ["429.window.agree"]
    page.click(".statuses a[data-status='404']:not([data-outcome])")
    assert shown(page).count() == 2


def test_a_link_opens_its_requirement(opened):
    page = opened("bad", fragment="402.limit.atomic")
    assert is_open(page, "402.limit.atomic")
    assert page.locator("[id='402.limit.atomic']").bounding_box()["y"] < 300
    assert page.evaluate("document.activeElement.parentElement.id") == "402.limit.atomic"


def test_a_link_on_the_page_opens_what_is_closed_or_filtered_out(opened):
    page = opened("bad")
    page.fill("#filter-text", "nothing is called so")
    assert shown(page).count() == 0
    page.click(".worst a[href='#401.challenge']")
    assert is_open(page, "401.challenge")
    assert shown(page).count() == 14


@pytest.mark.parametrize("fragment", ["%E0%A4%A", "no.such.id", "%3Cscript%3E", "filter-text"])
def test_a_link_to_nothing_does_nothing(opened, fragment):
    page = opened("bad", fragment=fragment)
    assert page.said == []
    assert shown(page).count() == 14


@pytest.mark.parametrize("setup", ["", "Object.defineProperty(navigator, 'clipboard', {value: undefined})"])
def test_a_command_is_copied_as_it_stands(opened, reports, setup):
    page = opened("faulty", setup=setup, permissions=["clipboard-read", "clipboard-write"] if not setup else [])
    expected = reports["faulty"].requirements
    command = next(r.findings[0].reproduce for r in expected if r.id == "401.expired")
    button = page.locator("#finding-401\\.expired-1 .copy").first
    button.click()
    page.wait_for_function("document.querySelector('.finding .copy').textContent === 'Copied'")
    page.focus("#filter-text")
    page.keyboard.press("Control+V")
    assert page.input_value("#filter-text") == command


def test_where_nothing_can_be_copied_the_text_is_selected(opened):
    setup = "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false"
    page = opened("bad", setup=setup)
    button = page.locator("#finding-429\\.window\\.agree-1 .copy").first
    button.click()
    assert button.inner_text() == "Selected: press Ctrl+C"
    assert page.evaluate("getSelection().toString()").startswith("goatcheck run --profile")


def test_everything_can_be_opened_and_closed_at_once(opened):
    page = opened("bad")
    page.click("#open-all")
    assert page.locator(".requirement:not([open])").count() == 0
    page.click("#open-all")
    assert page.locator(".requirement[open]").count() == 0


def test_the_keyboard_reaches_everything(opened):
    page = opened("bad")
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "filter-text"
    page.keyboard.type("400.code")
    assert shown(page).count() == 1
    for _ in range(6):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.parentElement.id") == "400.code"
    page.keyboard.press("Enter")
    assert is_open(page, "400.code")
    page.focus("#filter-text")
    page.keyboard.press("Escape")
    assert shown(page).count() == 14


@pytest.mark.parametrize("name", ["bad", "hostile", "clean"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_it_never_scrolls_sideways(opened, name, width):
    page = opened(name, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_every_failure_is_open_and_nothing_is_cut_off(opened):
    page = opened("bad", scheme="dark")
    assert not is_open(page, "finding-429.window.agree-2")
    page.evaluate("""addEventListener("beforeprint", () => {
        window.printed = document.querySelectorAll("details:is(.fail, .warn):not([open]), :is(.fail, .warn) details:not([open])").length;
    })""")
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    assert page.evaluate("window.printed") == 0
    assert not is_open(page, "finding-429.window.agree-2")
    page.emulate_media(media="print")
    assert page.locator(".filter").is_hidden()
    assert page.locator(".copy:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('pre')).maxHeight") == "none"


def test_without_its_script_nothing_is_missing_but_the_tools(opened):
    page = opened("bad", java_script_enabled=False)
    assert page.locator(".filter").is_hidden()
    assert page.locator(".copy:visible").count() == 0
    assert shown(page).count() == 14
    assert page.locator("#finding-429\\.window\\.agree-1 pre").first.is_visible()


PICTURES = {
    "good-light": ("clean", "", 1280, "light"),
    "good-dark": ("clean", "", 1280, "dark"),
    "good-phone": ("clean", "", 390, "dark"),
    "good-coverage": ("clean", "coverage", 1280, "light"),
    "bad-light": ("faulty", "", 1280, "light"),
    "bad-finding": ("faulty", "402.limit.enforced", 1280, "light"),
    "bad-dark": ("faulty", "402.limit.enforced", 1280, "dark"),
    "bad-phone": ("faulty", "", 390, "light"),
    "hostile-light": ("hostile", "", 1280, "light"),
    "hostile-dark": ("hostile", "400.code", 1280, "dark"),
    "hostile-phone": ("hostile", "400.code", 390, "dark"),
}
"""Each picture of docs/screenshots: the report, the place that is looked at, the width and the colours."""


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_light_or_dark_as_the_reader_wants(opened, picture, name):
    report, fragment, width, scheme = PICTURES[name]
    page = opened(report, fragment=fragment, width=width, height=844 if width < NARROW else 960, scheme=scheme)
    shot, png = picture(page, name)
    brightness = shot.convert("L").resize((1, 1)).getpixel((0, 0))
    assert brightness < DARK if scheme == "dark" else brightness > LIGHT
    assert len(png) < SMALL
