"""How the benchmark of speed measures growth: sizes that are nested, works that grow in nothing else, exponents that tell."""

import importlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from goatcheck.contract import load
from goatcheck.exchange import Request
from goatcheck.model import reference_world
from goatcheck.prove.proof import Trial

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def modules(monkeypatch):
    """The scripts' modules by name, importable for one test as they are for the script itself."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module


@pytest.fixture
def a_growth(modules):
    """How something grows whose time and memory have these powers, beyond a start."""

    def make(time, memory):
        rows = tuple((size, 0.5 + 0.02 * size**time, 40 + 2 * size**memory) for size in (1, 8, 16, 64))
        return modules("figures").Growth("a work", "sizes", rows, (3, 10, 18, 66), (0.5, 40.0))

    return make


@pytest.mark.parametrize(("time", "memory"), [(1, 0.5), (1.3, 1), (0.8, 2), (0, 0)])
def test_an_exponent_tells_how_time_and_memory_grow_beyond_the_start(a_growth, time, memory):
    assert a_growth(time, memory).exponents == pytest.approx((time, memory))


def test_the_worse_exponent_is_held_against_linear_growth(modules, a_growth):
    figure = modules("figures").growth_figure
    assert figure("f", a_growth(1, 0.5)).met
    assert not figure("f", a_growth(1.2, 0.5)).met
    assert not figure("f", a_growth(0.5, 1.2)).met
    assert figure("f", a_growth(1, 0.5)).made_of == "from 16 to 64: time 1.00, memory 0.50"


@pytest.mark.parametrize(
    ("sizes", "span"), [((1, 2, 4, 8, 16), (4, 16)), ((10, 20, 40, 84), (20, 84)), ((1000, 3000), (1000, 3000))]
)
def test_growth_is_told_of_the_largest_sizes(modules, sizes, span):
    assert modules("figures").Growth("a work", "sizes", tuple((size, 1.0, 1.0) for size in sizes)).span == span


def test_what_grows_less_than_can_be_measured_has_the_exponent_0(modules):
    flat = modules("figures").Growth("a work", "sizes", ((1, 0.5, 40.0), (4, 0.499, 40.5)), start=(0.5, 40.2))
    assert flat.exponents == (0, 0)


def test_a_table_of_growth_has_time_and_memory_for_one(modules, a_growth):
    table = modules("figures").growth(a_growth(1, 1))
    assert table[0] == ["sizes", "requests", "seconds", "MiB", "milliseconds each", "KiB each"]
    assert table[1] == ["1", "3", "0.52", "42", "20", "2048.0"]
    assert table[4] == ["64", "66", "1.78", "168", "20", "2048.0"]
    bare = replace(a_growth(1, 1), requests=(), start=None)
    assert modules("figures").growth(bare)[0] == ["sizes", "seconds", "MiB", "milliseconds each"]


def test_what_was_measured_of_growth_is_read_back(modules, a_growth):
    figures = modules("figures")
    measured = figures.Measured((), (a_growth(1, 1), replace(a_growth(1, 1), requests=(), start=None)), {})
    assert figures.from_data(json.loads(json.dumps(figures.as_data(measured)))) == measured


def test_names_are_mixed_in_an_order_that_is_always_the_same(modules):
    names = sorted(load().by_id)
    mixed = modules("growing").mixed(names)
    assert sorted(mixed) == names
    assert mixed == modules("growing").mixed(reversed(names)) != names
    assert len({name.partition(".")[0] for name in mixed[:10]}) > 5


def test_a_grown_contract_has_every_operation_so_many_times(modules, tmp_path):
    home, plain = modules("growing").grown_contract(3, tmp_path), load()
    grown = load(home.name, home.parent)
    assert len(grown.operations) == 3 * len(plain.operations)
    assert len(grown.removed) == 3 * len(plain.removed)
    assert grown.operations[: len(plain.operations)] == plain.operations
    assert grown.operation("PATCH", "/creators-3/x").parameters == plain.operation("PATCH", "/creators/x").parameters
    assert grown.requirements == plain.requirements


def test_a_grown_world_serves_the_same_things_on_every_path(modules):
    world = modules("growing").grown_world(2)
    token = next(key.token for key in world.profile.keys if key.role == "full")
    default = world.profile.fixtures["default_payout_method"].id

    def ask(method, path):
        return world.answer(Request(method, path, "", (("Authorization", f"Bearer {token}"),)))

    plain, again = (ask("GET", f"/payout-methods{number}/{default}") for number in ("", "-2"))
    assert (plain.status, plain.document) == (200, again.document)
    assert ask("DELETE", f"/payout-methods-2/{default}").status == 409
    assert ask("GET", "/creators-2/x/stats").status == 410
    assert ask("GET", "/payout-methods-3").status == 404
    assert len(world.rules.routes) == 2 * len(reference_world().rules.routes)


def test_a_proof_tells_of_the_way_there(modules, monkeypatch):
    growing = modules("growing")

    def prove(names, *, told):
        for number, name in enumerate(names, 1):
            told(Trial(name, "", 1, (), (), {}, {}, 100, 0.1), number, len(names))

    monkeypatch.setattr(growing, "prove", prove)
    assert [(step[0], step[3]) for step in growing.faults(16, Path())] == [(2, 200), (4, 400), (8, 800), (16, 1600)]


def test_a_work_is_measured_by_processes_of_its_own(modules, tmp_path):
    table = modules("measure_growth").grown("requirements", "a run", (1,), tmp_path)
    ((count, seconds, memory),) = table.rows
    assert (count, table.of, table.what) == (1, "requirements", "a run")
    assert table.requests[0] > 0
    assert 0 < seconds < 60
    assert memory >= table.start[1] > 20


def test_a_work_that_fails_is_no_measurement(modules, tmp_path):
    with pytest.raises(AssertionError, match=r"growing\.py nothing 1 ended with 1"):
        modules("measure_growth").grown("nothing", "nothing", (1,), tmp_path)


@pytest.mark.whole
def test_a_run_by_a_grown_contract_asks_more_and_finds_nothing(modules, tmp_path):
    (plain,) = modules("growing").operations(1, tmp_path / "one")
    (grown,) = modules("growing").operations(2, tmp_path / "two")
    assert (plain[0], grown[0]) == (18, 36)
    assert 1.5 * plain[3] < grown[3] < 2 * plain[3]
