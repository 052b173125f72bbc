"""How soon the command line answers, against the library that it is made with."""

from __future__ import annotations

import json
from pathlib import Path

from figures import ABSOLUTE, RATIO, Figure
from timing import ROOT, goatcheck, pair_of, process

STARTS = {"help": ("--help",), "explain": ("explain",), "explain_one": ("explain", "402.limit.atomic")}
PROOF = ROOT / "reports" / "proof.json"


def start_figures(folder: Path, rounds: int) -> list[Figure]:
    """Processor time from the start of the interpreter to its end."""

    def click() -> float:
        return process("-c", "import click", folder=folder).seconds

    figures = []
    for name, words in STARTS.items():
        goatcheck(*words, folder=folder), click()
        times = pair_of([(goatcheck(*words, folder=folder).seconds, click()) for _ in range(rounds)])
        figures.append(
            Figure(
                *(f"start_{name}", f"`goatcheck {' '.join(words)}`", '`python -c "import click"`'),
                *(times.ratio, "times", RATIO, 3),
                made_of=f"{times.work * 1000:.0f} ms against {times.against * 1000:.0f} ms",
            )
        )
    return figures


def prove_figures() -> list[Figure]:
    """What the proof of the suite's power took where it was last written down; it is not run here."""
    told = json.loads(PROOF.read_text("utf-8"))
    made_of = f"{told['faults']} faults, {told['jobs']} processes, as reports/proof.json has it"
    seconds = told["seconds"]
    return [Figure("prove", "`goatcheck prove`, all faults", "nothing", seconds, "s", ABSOLUTE, 120, made_of=made_of)]
