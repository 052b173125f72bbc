"""The badge, as the endpoint badge of shields.io reads it."""

import json
from dataclasses import replace

import pytest

from goatcheck.report.as_badge import render_badge
from goatcheck.report.model import EXIT_CODES


def test_a_badge_says_the_verdict(samples):
    assert json.loads(render_badge(samples.good)) == {
        "schemaVersion": 1,
        "label": "error contract 2026-06",
        "message": "conformant",
        "color": "brightgreen",
        "isError": False,
    }


@pytest.mark.parametrize("verdict", sorted(EXIT_CODES.keys() - {"conformant"}))
def test_nothing_but_a_conformant_run_is_green(samples, verdict):
    badge = json.loads(render_badge(replace(samples.good, verdict=verdict, exit_code=EXIT_CODES[verdict])))
    assert "green" not in badge["color"]
    assert (badge["message"], badge["isError"]) == (verdict, True)


def test_a_badge_of_a_part_says_so(samples):
    report = replace(samples.good, run=replace(samples.good.run, selection=("402",)))
    assert json.loads(render_badge(report))["message"] == "conformant (in part)"


def test_a_badge_has_what_the_endpoint_requires(any_report):
    badge = json.loads(render_badge(any_report))
    assert badge["schemaVersion"] == 1
    assert all(isinstance(badge[name], str) and badge[name] for name in ("label", "message", "color"))
