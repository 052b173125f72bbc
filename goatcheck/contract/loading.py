"""Reading a contract from its data. Nothing of any version is told here: what a version promises stands in its files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from goatcheck.contract.contract import Contract
from goatcheck.contract.openapi import Description
from goatcheck.contract.parts import Requirement, Schema, Variant
from goatcheck.contract.references import OPENAPI, References
from goatcheck.errors import UsageError
from goatcheck.rooms import room

CURRENT = "2026-06"
"""The version that is judged by unless another one is asked for."""

REGISTER = "requirements.toml"
"""The file of a contract's requirements. A folder that has it is a contract."""

_LISTS = ("needs", "provided_by")


def versions(folder: Path | None = None) -> tuple[str, ...]:
    """The contract versions in a folder (None: goatcheck's own), the oldest first."""
    return tuple(sorted(path.parent.name for path in (folder or room("contracts")).glob(f"*/{REGISTER}")))


def found(name: str) -> Contract:
    """The contract of a version, or in a folder that is named by its path. Raises UsageError as `load` does."""
    folder = Path(name)
    if name not in versions() and (folder / REGISTER).is_file():
        return load(folder.resolve().name, folder.resolve().parent)
    return load(name)


def load(version: str = CURRENT, folder: Path | None = None) -> Contract:
    """The contract of that version in a folder of versions (None: goatcheck's own).

    Raises UsageError for a version that is not there, and for data that is unreadable or contradicts itself; the text
    names the file, what was expected and what to do.
    """
    home = _home(version, folder)
    register = _read(home / REGISTER, tomllib.loads)
    document = _read(home / OPENAPI, _yaml)
    schemas = {path.relative_to(home).as_posix(): _read(path, json.loads) for path in sorted(home.rglob("*.json"))}
    _validate(home, register, schemas)
    description = Description(document, References.among({**schemas, OPENAPI: document}))
    operations = tuple(description.operations())
    contract = Contract(
        version=version,
        requirements=tuple(_requirement(entry) for entry in register["requirement"]),
        variants=tuple(sorted(_variants(schemas, description), key=lambda v: (v.status, v.select is None, v.id))),
        operations=tuple(operation for operation in operations if not operation.removed),
        removed=tuple(operation for operation in operations if operation.removed),
        schemas=schemas,
        document=document,
        limit_keys=tuple(register["limit_keys"]),
    )
    for trouble in _contradictions(contract, description.references):
        raise UsageError(f"{home / REGISTER}: {trouble}")
    return contract


def requirements_of(version: str = CURRENT) -> tuple[Requirement, ...]:
    """The requirements of one of goatcheck's own versions and nothing else, soon. Raises UsageError for one that is not there."""
    register = _read(_home(version, None) / REGISTER, tomllib.loads)
    return tuple(_requirement(entry) for entry in register["requirement"])


def _home(version: str, folder: Path | None) -> Path:
    known = versions(folder)
    if version not in known:
        raise UsageError(f"There is no contract version {version!r}; there are: {', '.join(known) or 'none'}.")
    return (folder or room("contracts")) / version


def _yaml(text: str) -> Any:
    """What YAML says. Raises ValueError where it is none."""
    import yaml  # noqa: PLC0415 - slow to import; the register is read without it

    try:
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader, in C if it is there
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _read(path: Path, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} can't be read: {error}. A contract needs it; restore or correct the file.") from error


def _validate(home: Path, register: Any, schemas: Mapping[str, Any]) -> None:
    """Hold the files against contract.schema.json, and every schema against JSON Schema itself."""
    import jsonschema_rs  # noqa: PLC0415 - as in _yaml

    rules = _read(room("contracts") / "contract.schema.json", json.loads)
    extensions = {name: schema["x-variant"] for name, schema in schemas.items() if "x-variant" in schema}
    for error in jsonschema_rs.Draft202012Validator(rules).iter_errors({REGISTER: register, **extensions}):
        file, *place = (str(step) for step in error.instance_path)
        raise UsageError(
            f"{home / file}, at {'/'.join(place) or 'its top'}: {error.message}. README.md of the contracts tells the form."
        )
    for name, schema in schemas.items():
        try:
            jsonschema_rs.meta.validate(schema)
        except jsonschema_rs.ValidationError as error:
            raise UsageError(f"{home / name} is no JSON Schema: {error.message}.") from error


def _requirement(entry: Mapping[str, Any]) -> Requirement:
    return Requirement(**{**entry, **{name: tuple(entry.get(name, ())) for name in _LISTS}})


def _variants(schemas: Mapping[str, Schema], description: Description) -> Iterator[Variant]:
    for name, schema in schemas.items():
        if "x-variant" not in schema:
            continue
        told = schema["x-variant"]
        identity = PurePosixPath(name).name.removesuffix(".json")
        example = description.example(told["status"], identity)
        if example is None:
            raise UsageError(
                f"{OPENAPI} has no example of the variant that {name} describes: "
                f"expected one named {identity!r} at a response {told['status']} of any operation; add it."
            )
        yield Variant(
            id=identity,
            status=told["status"],
            title=schema.get("title", identity),
            code=told["code"],
            schema_name=name,
            schema=schema,
            select=told.get("select"),
            own_burst=told.get("own_burst", False),
            example=example[0],
            example_headers=example[1],
        )


def _contradictions(contract: Contract, references: References) -> Iterator[str]:
    """What does not fit together between requirements, variants and schemas, one sentence each."""
    if len(contract.by_id) < len(contract.requirements):
        yield "an id stands there twice; ids are final and belong to one requirement each."
    variants = {*contract.variant_by_id, *(f"{status}.*" for status in contract.statuses)}
    for requirement in contract.requirements:
        for provider in requirement.provided_by:
            if provider not in contract.by_id or contract.by_id[provider].how != "sent":
                yield f"{requirement.id} is provided by {provider}, which is no requirement that the suite sends for."
        if requirement.variant and requirement.variant not in variants:
            yield f"{requirement.id} is judged on {requirement.variant}, which meta/ does not describe."
        if requirement.schema:
            references.found(requirement.schema, REGISTER)
