"""How a run grows with the requirements and with the operations of a contract, and the proof with the faults: time, memory, requests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from figures import Figure, Growth, growth_figure
from growing import TOLD
from timing import ROOT, process

from goatcheck.contract import load

REQUIREMENTS, TIMES, FAULTS = (10, 20, 40), (1, 2, 4, 8, 16), 64
"""The last selection of requirements is all of them."""

_GROWING = ROOT / "benchmarks" / "growing.py"


def growth_figures(folder: Path) -> tuple[list[Figure], list[Growth]]:
    """Each work in sizes that double, every size but those of the proof in a process of its own."""
    tables = {
        "growth_requirements": grown(
            *(
                "requirements",
                "a run by requirements, the mock in it",
                (*REQUIREMENTS, len(load().requirements)),
                folder,
            )
        ),
        "growth_operations": grown(
            *("operations", "a run by operations of the contract, the mock in it, without sockets", TIMES, folder)
        ),
        "growth_faults": grown("faults", "a proof by faults, one process", (FAULTS,), folder),
    }
    return [growth_figure(name, table) for name, table in tables.items()], list(tables.values())


def grown(of: str, what: str, sizes: Iterable[int], folder: Path) -> Growth:
    """What a work takes in each of these sizes, as its processes tell."""
    starts, steps = [], []
    for size in sizes:
        here = folder / f"{of}-{size}"
        here.mkdir()
        code = process(str(_GROWING), of, str(size), str(here), folder=here).code
        if code:
            raise AssertionError(f"growing.py {of} {size} ended with {code}")
        told = json.loads((here / TOLD).read_text("utf-8"))
        starts.append(told["start"])
        steps += told["steps"]
    rows = tuple((count, seconds, memory) for count, seconds, memory, _ in steps)
    return Growth(what, of, rows, tuple(step[-1] for step in steps), (0.0, min(starts)))
