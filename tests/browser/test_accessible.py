"""axe-core finds nothing to complain about, whatever is open, light or dark, wide or narrow."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def axe():
    """The text of axe-core, which `tox -e browser` installs from npm and names by AXE."""
    name = os.environ.get("AXE")
    if not name:
        pytest.skip("axe-core is not installed here: tox -e browser brings it from npm")
    assert Path(name).is_file(), f"AXE is {name}, which is no file: did npm install it?"
    return Path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["clean", "bad", "hostile"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_axe_finds_nothing(opened, axe, name, scheme, width):
    page = opened(name, scheme=scheme, width=width, bypass_csp=True)
    page.evaluate(
        "document.querySelectorAll('.error, .fail, .not_exercised, .finding').forEach(it => { it.open = true; })"
    )
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    assert [(it["id"], it["impact"], it["nodes"][0]["html"]) for it in found] == []
