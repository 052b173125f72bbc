"""The report in a real browser: Debian's Chromium, driven by Playwright; `tox -e browser` installs what it needs.

CHROMIUM names another Chromium than the one on the path, AXE the file axe.min.js of axe-core. With --screenshots the pictures
in docs/screenshots are written anew.
"""

import importlib.util
import io
import os
import shutil
from pathlib import Path

import pytest

from goatcheck.report.as_html import render_html
from goatcheck.rooms import room

FLAGS = [
    "--no-sandbox",  # in a container it has none to use
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SHOTS = room("reports").parent / "docs" / "screenshots"


def pytest_addoption(parser):
    parser.addoption("--screenshots", action="store_true", help="write docs/screenshots anew")


@pytest.fixture(scope="session")
def chromium():
    """The browser; without Playwright its tests are skipped, without Chromium they fail."""
    playwright = pytest.importorskip("playwright.sync_api", reason="tox -e browser brings Playwright")
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program or not Path(program).is_file():
        pytest.fail(
            f"There is no Chromium ({program or 'nothing on the path'}): install Debian's package chromium, "
            "or let the environment variable CHROMIUM name one."
        )
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def reports():
    """Reports by name: those made by hand for the renderers, `clean` and `faulty` from whole runs against the mock."""
    sample = _loaded(room("reports") / "sample.py")
    made = _loaded(Path(__file__).parent.parent / "report" / "conftest.py")
    return made.ALL | {"clean": sample.sample(()), "faulty": sample.sample()}


@pytest.fixture
def opened(chromium, reports, tmp_path):
    """A function: a report opened from disk. The page has the lists `requests`, `said` (console, errors, dialogs) too."""
    contexts = []

    def open_report(name, *, fragment="", width=1280, height=900, scheme="light", setup="", **options):
        path = tmp_path / f"{name}.html"
        path.write_text(render_html(reports[name]), encoding="utf-8", errors="replace")
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        if setup:
            context.add_init_script(setup)
        page = context.new_page()
        page.requests, page.said = [], []
        context.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri() + (f"#{fragment}" if fragment else ""))
        return page

    yield open_report
    for context in contexts:
        context.close()


@pytest.fixture
def picture(request):
    """A function that takes a screenshot of what a page shows now, as a small PNG; with --screenshots it is kept under that name."""

    def take(page, name):
        image = pytest.importorskip("PIL.Image", reason="tox -e browser brings Pillow")
        try:
            taken = page.screenshot()
        except (
            Exception
        ) as error:  # Chromium that has much to do has no picture now and then; the page is not asked about that
            if "Unable to capture screenshot" not in str(error):
                raise
            taken = page.screenshot()
        shot = image.open(io.BytesIO(taken))
        small = io.BytesIO()
        shot.convert("RGB").quantize(128).save(small, "PNG", optimize=True)
        if request.config.getoption("--screenshots"):
            SHOTS.mkdir(parents=True, exist_ok=True)
            (SHOTS / f"{name}.png").write_bytes(small.getvalue())
        return shot, small.getvalue()

    return take


def _loaded(path):
    spec = importlib.util.spec_from_file_location(f"browser_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
