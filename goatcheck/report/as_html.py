"""report.html: the report for people, one page that loads nothing and runs nothing.

The page is made by jinja2 from reports/templates: every value is first cleaned of what can't be seen, then escaped. A strict
Content-Security-Policy stands behind that: no script, no network, and only the one style sheet whose hash it names.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from goatcheck.report import reading
from goatcheck.report.model import Message, Report
from goatcheck.report.text import clean, excerpt
from goatcheck.rooms import room

_BODY_CHARACTERS = 4000
_BODY_LINES = 200


def render_html(report: Report) -> str:
    """The report as one HTML page."""
    style = _style()
    return _template().render(
        report=report,
        reading=reading,
        excerpt=_body,
        style=Markup(style),  # noqa: S704 - our own file, and a style element's text is not escaped
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


@cache
def _template() -> Template:
    return Environment(
        loader=FileSystemLoader(_templates()),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    ).get_template("report.html.j2")


def _style() -> str:
    return (_templates() / "report.css").read_text(encoding="utf-8")


def _templates() -> Path:
    return room("reports") / "templates"


def _visible(value: Any) -> Any:
    """What jinja2 escapes next: strings cleaned, all else as it is."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _body(message: Message) -> tuple[str, int]:
    """The body to show, and how many characters of it are missing."""
    shown, left = excerpt(message.body, _BODY_CHARACTERS, _BODY_LINES)
    return shown, left + message.cut
