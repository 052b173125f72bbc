"""Where data is found: in the checkout, else in the package."""

from pathlib import Path

import goatcheck
from goatcheck import rooms


def test_in_a_checkout_its_own_folders_are_used():
    assert rooms.room("contracts") == Path(goatcheck.__file__).resolve().parent.parent / "contracts"


def test_elsewhere_the_packaged_copy_is_used(tmp_path, monkeypatch):
    monkeypatch.setattr(rooms, "_PACKAGE", tmp_path / "site-packages" / "goatcheck")
    assert rooms.room("contracts") == tmp_path / "site-packages" / "goatcheck" / "_data" / "contracts"
    (tmp_path / "site-packages" / "contracts").mkdir(parents=True)
    assert rooms.room("contracts").parent.name == "_data"
