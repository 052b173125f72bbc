"""Finding the checks: every function of the suites that is marked with the requirement it tries."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from goatcheck.conduct.trial import Check
from goatcheck.rooms import room


@cache
def all_checks(folder: Path | None = None) -> Mapping[str, Check]:
    """Every check of the suites in a folder (default: goatcheck's own), by requirement, in the order of the files."""
    found: dict[str, Check] = {}
    for path in sorted((folder or room("suites")).glob("test_*.py")):
        for check in checks_in(_load(path)):
            if check.requirement in found:
                raise ValueError(f"{path.name}: {check.requirement} has two checks")
            found[check.requirement] = check
    return found


def checks_in(module: ModuleType) -> tuple[Check, ...]:
    """The checks of one suite module, in their order in the file."""
    return tuple(c for value in vars(module).values() if isinstance(c := getattr(value, "goatcheck", None), Check))


def _load(path: Path) -> ModuleType:
    """A suite module, loaded by path: the suites are no package."""
    name = f"goatcheck_suites.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AssertionError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
