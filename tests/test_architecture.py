"""Who may import whom, and how long a module may grow."""

import ast
from pathlib import Path

import pytest

import goatcheck

PACKAGE = Path(goatcheck.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400

# A room may import from its own layer and from those above it in this list, never from one below.
LAYERS = (
    {"errors", "rooms", "exchange", "contract", "profile", "__init__"},
    {"checks", "drawing", "model", "report.model", "contract_diff"},
    {"conduct", "mock", "faults", "recorded"},
    {
        "plugin",
        "session",
        "plan",
        "replay",
        "rebuild",
        "resume",
        "doctor",
        "clean",
        "report",
        "prove",
        "audit",
        "export",
        "matrix",
    }
    | {"conformance", "httpx", "schemathesis", "fixtures"},
    {"cli", "__main__"},
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}


def imports_of(module, package=PACKAGE):
    """The dotted names inside goatcheck that a module imports, relative to the package."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.relative_to(package)} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.removeprefix("goatcheck.") for name in names if name.startswith("goatcheck."))


def room_of(dotted):
    """The room that a dotted name belongs to, longest name first."""
    parts = dotted.split(".")
    return next(
        (name for name in (".".join(parts[:size]) for size in range(len(parts), 0, -1)) if name in LEVEL), "__init__"
    )


def dotted_of(module):
    parts = module.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "__init__"


@pytest.mark.parametrize("module", MODULES, ids=dotted_of)
def test_a_module_imports_only_its_own_layer_and_those_it_stands_on(module):
    here = room_of(dotted_of(module))
    too_high = {name for name in imports_of(module) if LEVEL[room_of(name)] > LEVEL[here]}
    assert too_high == set()


def test_every_module_stands_in_a_room_that_has_a_layer():
    assert {dotted_of(module).split(".")[0] for module in MODULES} <= {room.split(".")[0] for room in LEVEL}


def test_nothing_imports_the_command_line():
    guilty = [
        dotted_of(module)
        for module in MODULES
        if room_of(dotted_of(module)) not in {"cli", "__main__"}
        and any(room_of(name) == "cli" for name in imports_of(module))
    ]
    assert guilty == []


def test_the_layers_are_the_ones_in_the_architecture_page():
    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "`" in line.split("|")[1]]
    told = [{name.strip(" `") for name in row.split("|")[1].split(",")} for row in rows[: len(LAYERS)]]
    assert told == [layer - {"__init__", "__main__"} for layer in LAYERS]


def test_no_module_is_longer_than_a_person_reads_in_one_go():
    long = {
        dotted_of(module): lines
        for module in MODULES
        if (lines := len(module.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import goatcheck.cli.run", ["cli.run"]),
        ("from goatcheck import errors", ["errors"]),
        ("from goatcheck.report.model import Report", ["report.model.Report"]),
        ("def f():\n    from goatcheck.cli import main", ["cli.main"]),
        ("import json", []),
    ],
)
def test_every_kind_of_import_is_seen(tmp_path, source, found):
    (tmp_path / "m.py").write_text(source)
    assert list(imports_of(tmp_path / "m.py", tmp_path)) == found


def test_the_data_model_of_reports_is_lower_than_their_renderers():
    assert room_of("report.model.Report") == "report.model"
    assert room_of("report.as_html.render") == "report"
