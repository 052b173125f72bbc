"""What a user installs: the wheel has the package and its data, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """The names of the files in a wheel that is built now."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("goatcheck-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def tree(folder, pattern="*"):
    """The files in a folder of the checkout, relative to it."""
    return {
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("room", ["contracts", "suites", "profiles", "reports/templates"])
def test_every_file_of_a_room_is_in_the_wheel(names, room):
    packed = {
        name.removeprefix(f"goatcheck/_data/{room}/") for name in names if name.startswith(f"goatcheck/_data/{room}/")
    }
    assert packed == tree(room)
    assert packed


def test_every_module_and_the_mark_that_it_is_typed_are_in_the_wheel(names):
    assert {f"goatcheck/{name}" for name in tree("goatcheck", "*.py")} <= set(names)
    assert "goatcheck/py.typed" in names


def test_nothing_else_is_in_the_wheel(names):
    info = next(name.split("/")[0] for name in names if ".dist-info/" in name)
    assert {name.split("/")[0] for name in names} == {"goatcheck", info}
    assert [name for name in names if "tests/" in name or "__pycache__" in name or "reports/runs" in name] == []
    assert f"{info}/licenses/LICENSE" in names


def test_no_module_of_the_package_is_a_stray_one(names):
    packed = {name for name in names if name.startswith("goatcheck/") and not name.startswith("goatcheck/_data/")}
    assert packed == {f"goatcheck/{name}" for name in tree("goatcheck")}
