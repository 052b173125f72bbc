"""`goatcheck explain`: what a requirement means, where it comes from, what it needs, how it is tried."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable

import click

from goatcheck.cli.tried import ADDING, Trying, tryings
from goatcheck.contract import Contract, Requirement
from goatcheck.contract.loading import CURRENT, load, requirements_of, versions
from goatcheck.errors import UsageError
from goatcheck.profile import Profile, merged, missing
from goatcheck.report.reading import SOURCES

_WIDTH = 80
_LACKS_ALL = Profile("https://target.example", kind="mock")


@click.command("explain", short_help="Tell what a requirement means and how it is tried.")
@click.argument("id", required=False, metavar="[ID]")
@click.option(
    "--contract", metavar="VERSION", default=CURRENT, show_default=True, help="The edition that is explained."
)
def command(id: str | None, contract: str) -> None:  # noqa: A002 - the argument's name in the help
    """Tell what the requirement ID means, where it comes from, what it needs and how it is tried.

    The beginning of ids, such as 402 or 402.limit, lists those; nothing lists all of them.
    """
    known = requirements_of(contract)
    rows = [requirement for requirement in known if requirement.id.startswith(id or "")]
    if not rows:
        raise UsageError(f"The contract {contract} has no requirement {id}. {_guess(str(id), known)}")
    one = next((requirement for requirement in rows if requirement.id == id), None)
    if one:
        click.echo(explained(one, load(contract)))
        return
    click.echo(f"Contract {contract}. seen: judged on every exchange; sent: the suite provokes it.\n")
    click.echo(_trimmed(_table(rows)))


def _guess(name: str, known: Iterable[Requirement]) -> str:
    """Where somebody who asked for a requirement in vain may find it."""
    for other in versions():
        if name in {requirement.id for requirement in requirements_of(other)}:
            return f"The contract {other} has it: goatcheck explain --contract {other} {name}"
    near = difflib.get_close_matches(name.lower(), [requirement.id for requirement in known], n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else "goatcheck explain lists them all."


def explained(requirement: Requirement, contract: Contract) -> str:
    """Everything that is known of one requirement, as text of 80 columns; TOML and JSON in it may be wider."""
    page = click.HelpFormatter(width=_WIDTH)
    page.write(f"{requirement.id} ({requirement.level}, contract {contract.version})\n\n")
    page.write_text(requirement.meaning)
    page.write("\n")
    rows = [
        ("Source", SOURCES[requirement.source]),
        ("Tried", _tried(requirement, tryings(only=requirement.id).get(requirement.id))),
    ]
    if adding := tryings(ADDING, only=requirement.id).get(requirement.id):
        rows.append(("Also", f"in sequences of requests: {adding.text} ({adding.file})"))
    if requirement.provided_by:
        rows.append(("Seen in", f"every exchange; sure to come up in those of {', '.join(requirement.provided_by)}"))
    if requirement.schema:
        rows.append(("Schema", f"contracts/{contract.version}/{requirement.schema}"))
    if requirement.not_testable:
        rows.append(("Untestable", requirement.not_testable))
    if breaking := _breaking(requirement):
        rows.append(("Broken", f"by a back end where {breaking}"))
    page.write_dl(rows)
    if requirement.needs:
        lacks = [lack for need in requirement.needs if (lack := missing(need, _LACKS_ALL))]
        page.write("\n")
        page.write_text(f"What the profile must offer ({', '.join(requirement.needs)}):")
        page.write("\n")
        page.write(_indented(merged(lack.add for lack in lacks)))
    variant = contract.variant_by_id.get(requirement.variant)
    if variant:
        page.write(f"\nA body as documented ({variant.id}, status {variant.status}):\n\n")
        page.write(_indented(json.dumps(variant.example, ensure_ascii=False, indent=2)))
    return _trimmed(page.getvalue())


def _tried(requirement: Requirement, trying: Trying | None) -> str:
    if trying:
        return f"{trying.text} ({trying.file})"
    return f"by the schema alone, on every answer that is {requirement.variant}"


def _breaking(requirement: Requirement) -> str:
    """What a back end does that breaks the requirement and little else: one of the faults by which the suite is proven."""
    from goatcheck.faults import catalogue  # noqa: PLC0415 - the register is listed without it

    faults = [fault for fault in catalogue().values() if requirement.id in fault.breaks]
    return min(faults, key=lambda fault: len(fault.breaks) + len(fault.may)).summary if faults else ""


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in text.splitlines())


def _table(requirements: Iterable[Requirement]) -> str:
    rows = [(r.id, r.level, r.how, r.meaning) for r in requirements]
    wide = max(len(name) for name, *_ in rows)
    page = click.HelpFormatter(width=_WIDTH)
    lines = [("id", "level", "how", "meaning"), *rows]
    page.write_dl(
        [(f"{name:<{wide}}  {level:<6}  {how}", meaning) for name, level, how, meaning in lines], col_max=_WIDTH
    )
    return page.getvalue()


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip("\n").splitlines())
