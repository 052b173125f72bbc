"""The table of requirements in the README of the contracts, made from the data: ``python -m goatcheck.contract.table``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from goatcheck.contract.contract import Contract
from goatcheck.contract.loading import load
from goatcheck.contract.parts import Requirement
from goatcheck.errors import UsageError
from goatcheck.rooms import room

BEGIN = "<!-- requirements: made by python -m goatcheck.contract.table -->"
END = "<!-- end of requirements -->"
_HEAD = "| id | level | how | source | meaning | needs |\n|---|---|---|---|---|---|"


def table(contract: Contract) -> str:
    """The requirements of a contract as a Markdown table, one row each, in the contract's order."""
    return "\n".join((_HEAD, *map(_row, contract.requirements)))


def renewed(text: str, contract: Contract) -> str:
    """A Markdown text with the table between its two marks made new. Raises UsageError for a text without the marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"The text has no place for the table: expected the lines {BEGIN!r} and {END!r}; add them.")
    return f"{before}{BEGIN}\n{table(contract)}\n{END}{after}"


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if the table is stale.")
@click.argument("readme", type=click.Path(path_type=Path), required=False)
def main(readme: Path | None, *, check: bool) -> None:
    """Make the table of requirements in README new (default: the README of the contracts)."""
    readme = readme or room("contracts") / "README.md"
    text = readme.read_text(encoding="utf-8")
    fresh = renewed(text, load())
    if check and fresh != text:
        click.echo(
            f"The table in {readme} is stale: run python -m goatcheck.contract.table and commit the result.", err=True
        )
        sys.exit(1)
    if not check:
        readme.write_text(fresh, encoding="utf-8")


def _row(requirement: Requirement) -> str:
    needs = ", ".join(f"`{need}`" for need in requirement.needs)
    meaning = requirement.meaning.replace("|", "\\|")
    return (
        f"| {requirement.id} | {requirement.level} | {requirement.how} | {requirement.source} | {meaning} | {needs} |"
    )


if __name__ == "__main__":
    main()
