"""Writing the reports of a run to a folder."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from goatcheck.errors import UsageError
from goatcheck.report.as_badge import render_badge
from goatcheck.report.as_html import render_html
from goatcheck.report.as_json import render_json
from goatcheck.report.as_junit import render_junit
from goatcheck.report.as_markdown import render_markdown
from goatcheck.report.model import Report
from goatcheck.rooms import room

RENDERERS: Mapping[str, Callable[[Report], str]] = {
    "report.json": render_json,
    "report.html": render_html,
    "report.md": render_markdown,
    "junit.xml": render_junit,
    "badge.json": render_badge,
}
"""Each report file with the function that renders it."""


def default_folder() -> Path:
    """A folder of its own for each run: in the checkout's reports/runs, else in reports/runs of the working folder."""
    reports = room("reports")
    base = reports if (reports.parent / "pyproject.toml").is_file() else Path("reports")
    return base / "runs" / dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H-%M-%S-%f")[:-3]


def write_reports(report: Report, folder: Path) -> tuple[Path, ...]:
    """Write every report file into the folder (made if need be) and return their paths.

    UTF-8 throughout. A file appears whole or not at all: each is written beside its place and then moved there.
    Raises UsageError where the folder can't be written.
    """
    return write_texts({name: render(report) for name, render in RENDERERS.items()}, folder)


def write_texts(texts: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Write texts by file name into the folder, and return their paths; as `write_reports` does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_written(folder / name, text) for name, text in texts.items())
    except OSError as error:
        raise UsageError(
            f"The reports can't be written to {folder}: {error.strerror}. Name a folder that can be written with --out."
        ) from error


def _written(path: Path, text: str) -> Path:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        return part.replace(path)
    finally:
        part.unlink(missing_ok=True)
