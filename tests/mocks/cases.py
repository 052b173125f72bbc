"""What is judged in `tox -e mocks`: right mocks as goatcheck exports them, and tools as they come out of their box."""

import json
from dataclasses import dataclass

from goatcheck.contract import load
from goatcheck.export import FORMATS
from goatcheck.profile import load_profile

CONTRACT = load()


@dataclass(frozen=True)
class Case:
    """A tool, what it serves (a function of a folder to write it to), and the name of the profile to judge it by."""

    tool: str
    served: object
    profile: str


def exported(name, folder):
    """Write an export to a folder, which is returned."""
    form = FORMATS[name]
    for path, text in form.files(CONTRACT, load_profile(form.profile, {})).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def openapi(folder):
    return exported("openapi", folder) / "openapi.yaml"


def mockoon(folder):
    return exported("mockoon", folder) / "mockoon.json"


def wiremock(folder):
    return exported("wiremock", folder)


def answers_by_json_server(folder):
    exported("json", folder)
    return [folder / "db.json", "--middlewares", folder / "answers.js"]


def successes_alone(folder):
    """Stubs of a team that thought of no error: each operation has its success, for whoever asks for whatever."""
    exported("wiremock", folder)
    for path in (folder / "mappings").iterdir():
        stubs = [stub for stub in json.loads(path.read_text("utf-8"))["mappings"] if stub["name"].endswith(": right")]
        for stub in stubs:
            stub["request"] = {name: stub["request"][name] for name in ("method", "urlPathTemplate")}
        path.write_text(json.dumps({"mappings": stubs}), "utf-8")
    return folder


def lists(folder):
    """The lists of the API's things, which json-server reads and writes."""
    things = {
        "projects": [{"id": "6f1a2c34-0b5d-4e6f-8a71-92b3c4d5e6f7", "name": "Spring launch"}],
        "creators": [{"id": "0d9e8f7a-6b5c-4d3e-a2f1-0a1b2c3d4e5f", "tiktok_handle": "goat.farmer"}],
        "campaigns": [{"id": "3c2b1a09-8f7e-4d6c-b5a4-938271605f4e", "name": "Cheese week"}],
        "payout-methods": [{"id": "7e6d5c4b-3a29-4180-9f8e-7d6c5b4a3928", "name": "Bank transfer"}],
        "videos": [],
    }
    (folder / "db.json").write_text(json.dumps(things), "utf-8")
    return [folder / "db.json"]


CASES = {
    "prism": Case("prism", openapi, "prism"),
    "mockoon": Case("mockoon", mockoon, "mockoon"),
    "wiremock": Case("wiremock", wiremock, "wiremock"),
    "urls": Case("json-server", answers_by_json_server, "urls"),
    "mockoon-from-openapi": Case("mockoon", openapi, "mockoon"),
    "wiremock-without-errors": Case("wiremock", successes_alone, "wiremock"),
    "json-server": Case("json-server", lists, "json-server"),
}
"""Every case by the name of its file in expected/."""
