"""The operations whose drafts are tried, and what is needed to tell right from wrong."""

import datetime as dt
import uuid

import jsonschema
import pytest

from goatcheck.contract.loading import load
from goatcheck.drawing import Draw, Endpoint

TODAY = dt.date(2026, 3, 2)
MARKER = "gc-1a2b3c-"
CONTRACT = load()
OPERATIONS = {operation.id: operation for operation in CONTRACT.operations}
KINDS = ("project", "creator", "campaign", "payout_method", "video")
IDS = {kind: str(uuid.uuid5(uuid.NAMESPACE_DNS, kind)) for kind in KINDS}
SAMPLES = {
    "tiktok_handle": "goat",
    "tracking_mode": "auto",
    "tracking_start_date": "2026-01-01",
    "creators": [{"tiktok_handle": "goat"}],
    "creators[1]": {"tiktok_handle": "goat"},
    "name": "goat",
    "readme": "goat",
    "target_views": 1,
    "target_at": "2026-01-01T00:00:00Z",
    "item_type": "creator",
    "item_id": IDS["creator"],
}
DRAW = Draw(7)


def endpoint(name, draw=DRAW):
    return Endpoint(OPERATIONS[name], draw, TODAY)


def broken(one):
    return (
        *one.broken_queries(IDS),
        *one.limits_out_of_range(IDS),
        *one.broken_bodies(IDS, marker=MARKER),
        *one.broken_paths(),
        *one.malformed(IDS, marker=MARKER),
    )


def everything(one):
    return (one.valid(IDS, marker=MARKER), *one.valids(99, IDS, marker=MARKER), *broken(one))


def is_valid(schema, value):
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(value)


def reads(reader, text):
    """Whether a lenient reader takes the text."""
    try:
        reader(text)
    except ValueError:
        return False
    return True


def query_value(parameter, text):
    return int(text) if parameter.schema.get("type") == "integer" else text


def handles(draft):
    value = draft.request().document.value
    return [one["tiktok_handle"].lower() for one in value.get("creators", [value]) if "tiktok_handle" in one]


each_operation = pytest.mark.parametrize("name", OPERATIONS)
each_with_body = pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if one.body])
each_with_path = pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if one.path_parameters])
each_with_query = pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if one.query_parameters])
