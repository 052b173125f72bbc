"""A whole run against the embedded mock: drawing and the rest, requests, memory; and the requests of a live run."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from figures import ABSOLUTE, COUNT, RATIO, Figure, Growth
from live_pace import LIVE
from rich.console import Console
from timing import goatcheck, pair_of, seconds_of

from goatcheck.conduct.clock import RemoteClock
from goatcheck.conduct.journal import read_journal
from goatcheck.conduct.run import Options, Run, selected
from goatcheck.conduct.secrets import Secrets
from goatcheck.conduct.suites import all_checks
from goatcheck.contract import load
from goatcheck.drawing import Draw
from goatcheck.exchange import Exchange
from goatcheck.mock import WorldTransport, serve
from goatcheck.mock.transport import CLOCK_URL
from goatcheck.model import reference_world
from goatcheck.session import JOURNAL, Session, Wanted

BOUNDS = (200, 400, 800)
"""The most requests of the runs that show how a run grows; after them comes one without a bound, which sends the extras too."""

WARM_UP = ("400.body", "404.absent")


@dataclass(frozen=True)
class TimedDraw(Draw):
    """A source of values that knows how long it took: `spent` are processor seconds by thread."""

    spent: dict[int, float] = field(default_factory=dict, compare=False)
    _inside: threading.local = field(default_factory=threading.local, repr=False, compare=False)

    def examples(self, label: str, strategy: Any, count: int) -> tuple[Any, ...]:
        """As Draw has it."""
        with self._timing():
            return super().examples(label, strategy, count)

    def once(self, of: Hashable, make: Callable[[], Any]) -> Any:
        """As Draw has it."""
        with self._timing():
            return super().once(of, make)

    @contextmanager
    def _timing(self) -> Iterator[None]:
        if getattr(self._inside, "now", False):  # what is drawn while drawing counts once
            yield
            return
        self._inside.now, began = True, time.thread_time()
        try:
            yield
        finally:
            self._inside.now = False
            me = threading.get_ident()
            self.spent[me] = self.spent.get(me, 0.0) + time.thread_time() - began


@dataclass(frozen=True)
class Made:
    """A run that is over: the folder with its reports and journal, its session, the seconds that it took in all and for drawing."""

    folder: Path
    session: Session
    seconds: float
    drawing: float

    @property
    def exchanges(self) -> list[Exchange]:
        """All exchanges of its journal, read anew."""
        return list(read_journal(self.folder / JOURNAL).exchanges.values())


def run_once(folder: Path, *only: str) -> Made:
    """Run goatcheck in this process, as `goatcheck run` does, but for pytest around it."""
    wanted = Wanted.of(out=folder, only=only)
    draw = TimedDraw(wanted.options.seed, wanted.options.max_examples)
    session = Session(wanted, wanted.selected, wanted.selection, Console(file=io.StringIO()), draw)
    seconds = seconds_of(session.execute)
    return Made(folder, session, seconds, sum(draw.spent.values()))


def run_figures(folder: Path, rounds: int) -> tuple[Made, list[Figure]]:
    """Several runs, each with drawing of its own, in turn with a replay of the same requests."""
    run_once(folder / "warm-up", *WARM_UP)
    rest, drawing = [], []
    for number in range(rounds):
        made = run_once(folder / f"run-{number}")
        rest.append((made.seconds - made.drawing, seconds_of(replay_of(made))))
        drawing.append((made.drawing, made.seconds - made.drawing))
    against_bare, against_rest = pair_of(rest), pair_of(drawing)
    requests = made.session.report.run.requests
    return made, [
        Figure(
            *("embedded_run", "embedded run, all requirements, drawing apart"),
            *("a bare httpx client with the same requests on the same mock", against_bare.ratio, "times", RATIO, 2),
            made_of=f"{against_bare.work:.1f} s against {against_bare.against:.1f} s",
        ),
        Figure(
            *("drawing", "drawing of all values", "the rest of the run", against_rest.ratio, "times", RATIO, 1),
            made_of=f"{against_rest.work:.2f} s against {against_rest.against:.1f} s",
        ),
        Figure("embedded_requests", "requests of an embedded run", "nothing", requests, "requests", COUNT),
    ]


def replay_of(made: Made) -> Callable[[], None]:
    """The same requests, one after another through a plain httpx client, on a mock that is served in the same way.

    The clock moves a second with each, so that they are answered and not refused as too many.
    """
    world = reference_world()
    secrets = Secrets({key.name: key.token for key in world.profile.keys})
    requests = [
        (
            exchange.request.method,
            exchange.request.target,
            [(name.encode(), secrets.expand(value).encode("latin-1")) for name, value in exchange.request.headers],
            exchange.request.body,
        )
        for exchange in made.exchanges
    ]

    def replay() -> None:
        with serve(world) as served, httpx.Client() as client:
            for method, target, headers, body in requests:
                world.clock.advance(1)
                try:
                    client.request(method, served.base_url + target, headers=headers, content=body).read()
                except (httpx.InvalidURL, httpx.LocalProtocolError):  # what plain httpx refuses to send
                    continue

    return replay


def live_figures() -> list[Figure]:
    """The requests of a run at live settings that judges every MUST, against what must be touched for that; rehearsed."""
    contract, world = load(), reference_world()
    transport = WorldTransport(world)
    run = Run(
        contract,
        replace(world.profile, base_url="http://localhost/api/v1", **LIVE),
        all_checks(),
        selected(contract, []),
        Options(),
        transport=transport,
        target_clock=RemoteClock(CLOCK_URL, transport),
    )
    run.execute()
    exchanges = run.ledger.exchanges
    # a window is seen only when it is full, so each request of the burst is one that must be sent
    touched = {
        (e.intent.requirement, e.intent.operation, e.intent.cause, e.intent.key, e.number if e.intent.burst else 0)
        for e in exchanges
    }
    musts = [r.id for r in contract.requirements if r.level == "MUST"]
    unjudged = [name for name in musts if not run.ledger.record(name).judged]
    requests = run.budget.requests
    return [
        Figure(
            *("live_requests", "requests of a run at live settings", "nothing", requests, "requests", COUNT),
            made_of=f"{len(musts) - len(unjudged)} of {len(musts)} MUSTs judged",
        ),
        Figure(
            *(
                "live_redundancy",
                "requests of a run at live settings",
                "requirements, operations, causes and keys that must be touched, and the burst",
            ),
            *(requests / len(touched), "times", RATIO, 1.2),
            made_of=f"{requests} requests for {len(touched)} of them",
        ),
    ]


def whole_run_figures(folder: Path) -> tuple[list[Figure], Growth]:
    """What `goatcheck run` takes as a process, with fewer requests and with all."""
    goatcheck("run", "--quiet", "--only", WARM_UP[0], "--out", str(folder / "warm-up-whole"), folder=folder)
    rows = []
    for words in (*(("--max-requests", str(bound)) for bound in BOUNDS), ()):
        out = folder / "-".join(("whole", *words))
        ended = goatcheck("run", "--quiet", "--out", str(out), *words, folder=folder)
        report = json.loads((out / "report.json").read_text("utf-8"))
        if report["verdict"] not in {"conformant", "partial"}:
            raise AssertionError(f"a run against the embedded mock ended as {report['verdict']}")
        rows.append((report["run"]["requests"], ended.seconds, ended.memory))
    _, seconds, memory = rows[-1]
    made_of = f"{seconds:.1f} s of processor time in all"
    figure = Figure("run_memory", "memory of a run", "nothing", memory, "MiB", ABSOLUTE, 150, made_of=made_of)
    return [figure], Growth("goatcheck run by requests, the mock in it", "requests", tuple(rows))
