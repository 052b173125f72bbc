import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from goatcheck.contract import CURRENT, Contract, load
from goatcheck.rooms import room


@pytest.fixture(scope="session")
def contract():
    return load()


@dataclass(frozen=True)
class Copy:
    """A copy of the current contract, in a folder of versions of its own, to be changed."""

    folder: Path

    def change(self, file, old, new):
        path = self.folder / CURRENT / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def write(self, file, text):
        (self.folder / CURRENT / file).write_text(text, encoding="utf-8")

    def append(self, file, text):
        with (self.folder / CURRENT / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    def load(self) -> Contract:
        return load(CURRENT, self.folder)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(room("contracts") / CURRENT, tmp_path / CURRENT)
    return Copy(tmp_path)
