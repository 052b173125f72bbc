"""How each requirement is tried, in the words of the function that does it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import goatcheck
from goatcheck.rooms import room

TRYING = frozenset({"requirement", "observed"})
"""The marks of the functions that try a requirement."""

ADDING = frozenset({"rule"})
"""The mark of those that hold sequences of requests to one."""


@dataclass(frozen=True)
class Trying:
    """The file that tries a requirement (such as ``suites/test_401.py``), and what its function says that it does."""

    file: str
    text: str


def tryings(marks: frozenset[str] = TRYING, only: str = "") -> dict[str, Trying]:
    """For each requirement that a function with such a mark is written for: how it is tried. The files are read, none is run.

    With `only` an id, files that do not name it are passed over.
    """
    suites, checks = room("suites"), Path(goatcheck.__file__).parent / "checks"
    files = [(path, f"suites/{path.name}") for path in sorted(suites.glob("*.py"))]
    files += [(path, f"goatcheck/checks/{path.name}") for path in sorted(checks.glob("*.py"))]
    return {identity: trying for path, name in files for identity, trying in _in_file(path, name, marks, only)}


def _in_file(path: Path, name: str, marks: frozenset[str], only: str) -> Iterator[tuple[str, Trying]]:
    text = path.read_text("utf-8")
    for node in ast.parse(text).body if only in text else ():
        if not isinstance(node, ast.FunctionDef):
            continue
        told = inspect.cleandoc(ast.get_docstring(node) or node.name.replace("_", " "))
        for identity in _identities(node, marks):
            yield identity, Trying(name, told)


def _identities(function: ast.FunctionDef, marks: frozenset[str]) -> Iterator[str]:
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in marks:
            yield from (
                argument.value
                for argument in call.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )
