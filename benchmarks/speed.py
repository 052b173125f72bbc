"""How fast goatcheck is and how much memory it takes, as ratios: against the least that anyone must do for the same work, and
against the tools of others on the same work.

Each ratio is the median over rounds of processor time, both sides measured in turn in the same go after a round that does not count,
so that what else the machine does falls on both. How time and memory grow, with exchanges, requirements, operations and faults, is
told by tables and by exponents. `benchmarks/NOTES.md` tells what was tried to make it faster, and what came of it.

    python benchmarks/speed.py                   all tables
    python benchmarks/speed.py --readme          the same with a million exchanges for the audit, some minutes long; writes README.md
                                                 and benchmarks/speed.json and .md anew
    python benchmarks/speed.py --gate            holds what is quickly measured against benchmarks/limits.toml; exit code 1 where
                                                 a ratio or a count is worse. No absolute time counts there
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from comparison import as_text
from figures import (
    ABSOLUTE,
    Figure,
    Measured,
    as_data,
    broken,
    goals,
    limits_from,
    page_markdown,
    summary_markdown,
    tables,
)

from goatcheck import __version__

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
LIMITS = HERE / "limits.toml"
MARK = "speed and scale"
LINES, WRITTEN_LINES, GATE_LINES = 100_000, 1_000_000, 3000
ROUNDS, GATE_ROUNDS, GATE_RUNS = 5, 3, 2


def main() -> int:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description="How fast goatcheck is, as ratios.")
    parser.add_argument("--gate", action="store_true", help="hold what is quickly measured against limits.toml")
    parser.add_argument(
        "--lines",
        type=int,
        metavar="N",
        help=f"exchanges of the longest audit (default: {LINES:,}; with --readme {WRITTEN_LINES:,})",
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="rounds of each measurement")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all that was measured to this file")
    parser.add_argument("--readme", action="store_true", help="write README.md and benchmarks/speed.* anew")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        if wanted.gate:
            return gate(quick_figures(Path(name), GATE_ROUNDS, GATE_LINES))
        lines = wanted.lines or (WRITTEN_LINES if wanted.readme else LINES)
        measured = everything(Path(name), wanted.rounds, lines)
    for title, rows in tables(measured):
        _say(f"{title}\n\n{as_text(rows)}\n")
    if wanted.json:
        wanted.json.write_text(as_json(measured), encoding="utf-8")
    if wanted.readme:
        write_documents(measured)
    return 0


def gate(figures: Sequence[Figure]) -> int:
    """Print the figures and what is worse than its limit; 1 where anything is."""
    _say(as_text(goals(Measured(tuple(figures), (), {}))))
    told = broken(figures, limits_from(LIMITS.read_text("utf-8")))
    _say("\n" + ("\n".join(["Worse than benchmarks/limits.toml allows:", *told]) if told else "No limit is broken."))
    return 1 if told else 0


def quick_figures(folder: Path, rounds: int, lines: int) -> list[Figure]:
    """The ratios and counts of the gate."""
    from measure_audit import quick_audit_figures  # noqa: PLC0415 - each measurement brings what it measures
    from measure_judging import judging_figures  # noqa: PLC0415
    from measure_run import live_figures, run_figures  # noqa: PLC0415
    from measure_start import start_figures  # noqa: PLC0415

    made, figures = run_figures(folder, GATE_RUNS)
    figures += live_figures()
    figures += judging_figures(made.exchanges, rounds)
    figures += quick_audit_figures(made.folder, folder, lines, rounds)
    return [each for each in figures + start_figures(folder, rounds) if each.kind != ABSOLUTE]


def everything(folder: Path, rounds: int, lines: int) -> Measured:
    """Every figure and every table."""
    from measure_audit import audit_figures  # noqa: PLC0415 - as above
    from measure_growth import growth_figures  # noqa: PLC0415
    from measure_judging import judging_figures, peer_figures  # noqa: PLC0415
    from measure_report import report_figures  # noqa: PLC0415
    from measure_run import live_figures, run_figures, whole_run_figures  # noqa: PLC0415
    from measure_start import prove_figures, start_figures  # noqa: PLC0415

    load = round(os.getloadavg()[0], 1)
    made, figures = run_figures(folder, rounds)
    whole, by_requests = whole_run_figures(folder)
    figures += live_figures() + whole
    _say("measured: runs", error=True)
    figures += judging_figures(made.exchanges, rounds) + peer_figures(made.exchanges, rounds)
    _say("measured: judging", error=True)
    audited, by_exchanges = audit_figures(made.folder, folder, lines)
    _say("measured: audits", error=True)
    grown, by_size = growth_figures(folder)
    _say("measured: growth", error=True)
    figures += audited + grown + report_figures(rounds) + start_figures(folder, rounds * 2) + prove_figures()
    return Measured(tuple(figures), (by_requests, by_exchanges, *by_size), about_here(load))


def about_here(load: float) -> dict[str, str | int | float]:
    """Date, versions and machine; the load is that before anything was measured."""
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "goatcheck": __version__,
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "load": load,
    }


def as_json(measured: Measured) -> str:
    """What was measured as the text of speed.json."""
    return json.dumps(as_data(measured), indent=1) + "\n"


def write_documents(measured: Measured) -> None:
    """Put the result into README.md, between its marks, and beside this file as speed.json and speed.md."""
    (HERE / "speed.json").write_text(as_json(measured), encoding="utf-8")
    (HERE / "speed.md").write_text(page_markdown(measured), encoding="utf-8")
    part = f"<!-- generated: {MARK} -->\n{summary_markdown(measured)}<!-- end -->"
    pattern = rf"<!-- generated: {MARK} -->\n.*?<!-- end -->"
    text = README.read_text("utf-8")
    README.write_text(re.sub(pattern, lambda _found: part, text, flags=re.DOTALL), encoding="utf-8")


def _processor() -> str:
    """What the machine calls its processor."""
    known = Path("/proc/cpuinfo")
    told = re.search(r"^model name\s*:\s*(.+)$", known.read_text("utf-8"), re.MULTILINE) if known.is_file() else None
    return told[1].strip() if told else platform.processor() or platform.machine()


def _say(text: str, *, error: bool = False) -> None:
    print(text, file=sys.stderr if error else None, flush=True)


if __name__ == "__main__":
    sys.exit(main())
