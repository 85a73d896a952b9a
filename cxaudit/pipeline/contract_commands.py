"""The commands that look at contracts alone: `cxaudit contracts lint` and `export`."""

from __future__ import annotations

from pathlib import Path

import click

folder_argument = click.argument(
    "folder", required=False, type=click.Path(file_okay=False, path_type=Path)
)


@click.group()
def contracts() -> None:
    """Check a client's contracts, or write contracts for others."""


@contracts.command()
@folder_argument
def lint(folder: Path | None) -> None:
    """Look for faults in the contracts of FOLDER, held against those of the workbook.

    Without a folder: in those of the workbook.
    """
    from cxaudit.contracts.tightening import effective_rules

    rules = effective_rules(folder, None)
    workbook = sum("/" not in rule.contract for rule in rules)
    click.echo(f"{workbook:,} rules of the workbook, {len(rules) - workbook:,} of the client.")


@contracts.command()
@folder_argument
@click.option("--version", default="3.1", show_default=True, help="3.1 or 3.2.")
@click.option(
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the contracts written.",
)
def export(folder: Path | None, version: str, output: Path) -> None:
    """Write the contracts of FOLDER in a version of the standard, for a catalogue to read.

    Without a folder: those of the workbook.
    """
    from cxaudit.contracts.document import open_contracts
    from cxaudit.contracts.export import export as write
    from cxaudit.contracts.export import full_version

    beside = open_contracts() if folder else ()
    paths = write(open_contracts(folder, beside), full_version(version), output)
    click.echo(f"{len(paths)} contracts in {output}")
