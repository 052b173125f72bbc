"""report.html: the report for people, one page that loads nothing and runs nothing but its own script.

The page is made by jinja2 from reports/templates: every value is first cleaned of what can't be seen, then escaped. A strict
Content-Security-Policy stands behind that: no network, and only the style sheet and the script whose hashes it names.
Without the script, as where a CI server forbids it, nothing is missing but filter and copy buttons.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from goatcheck.report import changes, comparing, reading
from goatcheck.report.marking import view_of_request, view_of_response
from goatcheck.report.matrix import matrix_of
from goatcheck.report.model import Report
from goatcheck.report.text import clean, one_line, spans
from goatcheck.report.timeline import timeline_of
from goatcheck.rooms import room

_MOST_NAMED = 12
"""Broken requirements that are named at the top."""


def render_html(report: Report) -> str:
    """The report as one HTML page."""
    return page(
        "report.html.j2",
        report=report,
        matrix=matrix_of(report),
        timelines=[timeline_of(burst) for burst in report.bursts],
        most_named=_MOST_NAMED,
    )


def page(template: str, **values: Any) -> str:
    """A page of ours: a template of reports/templates with these values, the style sheet, the script, and the hashes of both."""
    style, script = _file("report.css"), _file("report.js")
    return _template(template).render(
        **values,
        style=Markup(style),  # noqa: S704 - our own file, and a style element's text is not escaped
        style_hash=_hash(style),
        script=Markup(script),  # noqa: S704 - the same for a script
        script_hash=_hash(script),
    )


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_templates()),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "reading": reading,
        "KINDS": comparing.KINDS,
        "became": changes.became,
        "spans": spans,
        "one_line": one_line,
        "view_of_request": view_of_request,
        "view_of_response": view_of_response,
    }
    return environment.get_template(name)


def _file(name: str) -> str:
    return (_templates() / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _templates() -> Path:
    return room("reports") / "templates"


def _visible(value: Any) -> Any:
    """What jinja2 escapes next: strings cleaned, all else as it is."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
