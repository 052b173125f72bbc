"""TARGETS.toml: what is read from it, and how what is wrong with it is told."""

import re

import pytest

from goatcheck.errors import UsageError
from goatcheck.matrix import load_targets
from goatcheck.profile import load_profile

STAGING = '[target]\nname = "staging"\nbase_url = "https://staging.example/api/v1"\n'


@pytest.fixture
def load(tmp_path):
    """Loads a TARGETS.toml of that text; a profile staging.toml is beside it."""
    (tmp_path / "staging.toml").write_text(STAGING, encoding="utf-8")

    def loading(text):
        path = tmp_path / "targets.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_targets(path, lambda profile, base_url: load_profile(profile, {}, base_url))

    return loading


def table(**members):
    return "[[targets]]\n" + "".join(f'{name} = "{value}"\n' for name, value in members.items())


def test_profiles_are_found_beside_the_list_and_by_name(load, tmp_path):
    staging, prism = load(table(profile="staging.toml") + table(profile="prism", label="their mock"))
    assert (staging.name, staging.profile, staging.origin) == (
        "staging",
        str(tmp_path / "staging.toml"),
        "https://staging.example:443",
    )
    assert (prism.name, prism.profile, prism.label, prism.folder) == ("their mock", "prism", "their mock", "their-mock")


def test_a_file_of_the_working_folder_hides_no_profile_that_comes_along(load, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "prism").write_text("no profile")
    (prism,) = load(table(profile="prism"))
    assert prism.profile.endswith("profiles/prism.toml")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://API.example/api/v1", "https://api.example:443/v2"),
        ("http://127.0.0.1:4010/api/v1", "http://localhost:4010/api/v1"),
    ],
)
def test_one_origin_is_one_however_it_is_written(load, one, other):
    first, second = load(table(profile="staging.toml", base_url=one) + table(profile="staging.toml", base_url=other))
    assert first.origin == second.origin


def test_another_port_is_another_origin(load):
    urls = ["http://127.0.0.1:4010/api/v1", "http://127.0.0.1:4011/api/v1"]
    first, second = load("".join(table(profile="staging.toml", base_url=url) for url in urls))
    assert first.origin != second.origin


def test_every_target_has_a_folder_of_its_own_whatever_it_is_called(load):
    labels = ["Staging", "staging!", "../../etc", "山羊", "..", "x" * 300]
    folders = [target.folder for target in load("".join(table(profile="prism", label=label) for label in labels))]
    assert folders[:5] == ["staging", "staging-2", "etc", "target", "target-2"]
    assert all(re.fullmatch(r"[a-z0-9-]{1,70}", folder) for folder in folders)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"targets: expected a table \[\[targets\]\] for each target"),
        ('targets = ["staging.toml"]', r"targets: expected a table \[\[targets\]\]"),
        ("targets = ", "is no TOML"),
        (b"\xff\xfe", "is no TOML"),
        ('target = "x"', "target: expected nothing but"),
        (table(label="x"), r"targets\[0\]\.profile: expected a profile: .* got nothing"),
        ("[[targets]]\nprofile = 7\n", r"targets\[0\]\.profile: expected a profile: .*got no text"),
        (table(profile="prism", url="http://x.example"), r"targets\[0\]\.url: .*an unknown one"),
        (table(profile="prism", base_ulr="http://x.example"), r"targets\[0\]\.base_ulr: .*Did you mean base_url\?"),
        (table(profile="prism", label=" "), r"targets\[0\]\.label: expected a short text"),
        (table(profile="prisma"), r"targets\[0\]\.profile: there is no file .*Did you mean prism\?"),
        (table(profile="gone.toml"), r"targets\[0\]\.profile: The profile .*gone\.toml does not exist"),
        (table(profile="prism", base_url="staging"), r"targets\[0\]\.profile: --base-url: expected"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(load, text, told):
    with pytest.raises(UsageError, match=told):
        load(text)


def test_all_that_is_wrong_is_told_at_once(load):
    with pytest.raises(UsageError) as error:
        load(table(profile="gone.toml") + table(profile="prism") + table(label="x"))
    assert re.findall(r"targets\[(\d)\]", str(error.value)) == ["0", "2"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match=r"gone\.toml can't be read: No such file"):
        load_targets(tmp_path / "gone.toml", load_profile)
