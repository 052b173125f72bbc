"""A base URL with the wrong path is told at the start, with what answered and where the API is."""

import pytest

from goatcheck.doctor import examine
from goatcheck.errors import Unusable
from goatcheck.mock import serve
from goatcheck.model import profile_toml, reference_world
from goatcheck.session import Session, Wanted


@pytest.fixture
def wanted(tmp_path):
    world = reference_world()
    with serve(world) as served:

        def at(path):
            text = profile_toml(world, served.base_url, served.clock_url)
            file = tmp_path / "mock.toml"
            file.write_text(text.replace(served.base_url, served.base_url.removesuffix("/api/v1") + path))
            return Wanted.of(profile=file, out=tmp_path)

        yield at


@pytest.mark.parametrize("path", ["", "/api", "/v1", "/api/v2"])
def test_the_doctor_says_where_the_api_is(wanted, path):
    with pytest.raises(Unusable) as raised:
        examine(wanted(path))
    assert "was answered with 404" in str(raised.value)
    assert str(raised.value).endswith("/api/v1 answers as the API does.")


def test_at_the_usual_path_the_doctor_says_only_what_answered(wanted):
    asked = wanted("/api/v1/api/v1")
    with pytest.raises(Unusable, match=r"was answered with 404.*/api/v1/api/v1 right\?"):
        examine(asked)


def test_a_hint_is_only_given_where_something_answers(monkeypatch, wanted):
    monkeypatch.setattr("goatcheck.doctor._USUAL_PATH", "/elsewhere")
    with pytest.raises(Unusable) as raised:
        examine(wanted("/v1"))
    assert str(raised.value).endswith("right?")


def test_the_run_ends_before_anything_is_judged(wanted):
    asked = wanted("/v1")
    report = Session(asked, asked.selected).execute()
    assert (report.verdict, report.exit_code) == ("unusable", 5)
    assert "This is no trackagoat v1 API" in report.notes[0]
