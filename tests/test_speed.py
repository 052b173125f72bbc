"""The benchmark of speed: its tables say what was measured, and its gate fails where something became worse."""

import importlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from goatcheck.checks import observe

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture
def modules(monkeypatch):
    """The scripts' modules by name, importable for one test as they are for the script itself."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


@pytest.fixture
def measured(modules):
    """What speed.json holds."""
    return modules("figures").from_data(json.loads((BENCHMARKS / "speed.json").read_text("utf-8")))


@pytest.fixture
def limits(modules):
    return modules("figures").limits_from((BENCHMARKS / "limits.toml").read_text("utf-8"))


def a_figure(modules, **changes):
    figures = modules("figures")
    return replace(figures.Figure("f", "work", "least work", 7.5, "times", figures.RATIO, 8.0), **changes)


def test_the_gate_fails_where_judging_takes_longer(modules, stage, limits, monkeypatch):
    figures, judging = modules("figures"), modules("measure_judging")
    exchanges = stage.play("401.missing", "404.absent", "402.retention").run.ledger.exchanges
    # the limits are of all exchanges of a whole run; of these few they are what this machine does now
    now = {each.name: each.value for each in judging.judging_figures(exchanges, 3)}
    ours = {name: replace(limits[name], value=value) for name, value in now.items()}

    def four_times(exchange, contract):
        for _ in range(4):
            observe(replace(exchange, response=replace(exchange.response)), contract)

    monkeypatch.setattr(judging, "observe", four_times)
    told = figures.broken(judging.judging_figures(exchanges, 3), ours)
    assert [line.split(":")[0] for line in told] == list(ours)


def test_the_gate_fails_where_more_is_sent(modules, measured, limits):
    figures = modules("figures")
    ours = {name: limits[name] for name in ("embedded_requests", "live_requests")}
    now = [each for each in measured.figures if each.name in ours]
    assert figures.broken(now, ours) == []
    more = [replace(each, value=each.value * 1.2) for each in now]
    assert len(figures.broken(more, ours)) == 2


def test_the_gate_tells_what_is_worse_and_ends_with_1(modules, monkeypatch, tmp_path, capsys):
    speed = modules("speed")
    monkeypatch.setattr(speed, "LIMITS", tmp_path / "limits.toml")
    (tmp_path / "limits.toml").write_text("[f]\nvalue = 5\ntolerance = 0.2\n")
    assert speed.gate([a_figure(modules, value=5.9)]) == 0
    assert "No limit is broken." in capsys.readouterr().out
    assert speed.gate([a_figure(modules, value=6.1)]) == 1
    told = "f: 6.10, and it was 5 when its limit was set; 6 would pass. work, against least work."
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "at_least", "holds"),
    [(11, False, True), (13, False, False), (9, True, True), (8, True, False)],
)
def test_a_limit_has_room_on_the_side_that_is_worse(modules, value, at_least, holds):
    figures = modules("figures")
    limits = {"f": figures.Limit(10, 0.2, at_least)}
    assert (figures.broken([a_figure(modules, value=value)], limits) == []) is holds


def test_a_limit_of_something_that_was_not_measured_fails(modules):
    figures = modules("figures")
    assert figures.broken([], {"f": figures.Limit(10, 0.2)}) != []


def test_no_absolute_time_has_a_limit(measured, limits, modules):
    kinds = {each.name: each.kind for each in measured.figures}
    assert {kinds[name] for name in limits} <= {modules("figures").COUNT, modules("figures").RATIO}
    assert modules("figures").broken([a_figure(modules, kind="absolute")], {"f": modules("figures").Limit(1, 0.2)})


def test_readme_and_page_show_what_was_measured(modules, measured):
    speed, figures = modules("speed"), modules("figures")
    part = re.search(
        rf"<!-- generated: {speed.MARK} -->\n(.*?)<!-- end -->", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    assert part[1] == figures.summary_markdown(measured)
    assert (BENCHMARKS / "speed.md").read_text("utf-8") == figures.page_markdown(measured)
    assert figures.from_data(json.loads(speed.as_json(measured))) == measured


def test_writing_down_what_was_measured_changes_nothing_but_its_own_parts(modules, measured, monkeypatch, tmp_path):
    speed = modules("speed")
    (tmp_path / "README.md").write_text((ROOT / "README.md").read_text("utf-8"), encoding="utf-8")
    monkeypatch.setattr(speed, "README", tmp_path / "README.md")
    monkeypatch.setattr(speed, "HERE", tmp_path)
    speed.write_documents(measured)
    for name, original in (("README.md", ROOT), ("speed.md", BENCHMARKS), ("speed.json", BENCHMARKS)):
        assert (tmp_path / name).read_text("utf-8") == (original / name).read_text("utf-8")


def test_a_missed_goal_is_told(modules):
    figures = modules("figures")
    missed = figures.Measured((a_figure(modules, value=9.0), a_figure(modules, goal=None)), (), {})
    assert figures.goals(missed)[1][3] == "9 times (missed)"
    assert figures.goals(missed)[2][2] == ""


def test_every_goal_that_is_missed_has_its_reason_in_the_notes(measured):
    notes = (BENCHMARKS / "NOTES.md").read_text("utf-8")
    assert [each.name for each in measured.figures if not each.met and f"`{each.name}`" not in notes] == []


def test_a_process_is_measured_by_itself(modules):
    timing = modules("timing")
    small = timing.process("-S", "-c", "pass")
    large = timing.process("-S", "-c", "x = bytes(range(256)) * 400_000; sum(x); raise SystemExit(3)")
    assert (small.code, large.code) == (0, 3)
    assert small.memory < 40 < large.memory  # the process that runs this has far more
    assert 0 < small.seconds < large.seconds


def test_ratios_are_medians_of_rounds(modules):
    pair = modules("timing").pair_of([(2, 1), (90, 3), (4, 1)])
    assert (pair.work, pair.against, pair.ratio) == (4, 1, 4)


def test_drawing_is_timed_once_however_deep_it_goes(modules):
    draw = modules("measure_run").TimedDraw(1)
    draw.once("outer", lambda: draw.once("inner", lambda: sum(range(200_000))))
    assert 0 < sum(draw.spent.values()) < 1


def test_a_journal_for_an_audit_has_as_many_lines_as_were_asked_for(modules, tmp_path):
    audit = modules("measure_audit")
    path = audit.journal_of([b"a\n", b"b\n", b"c\n"], 7, tmp_path / "j")
    assert path.read_bytes() == b"a\nb\nc\na\nb\nc\na\n"
