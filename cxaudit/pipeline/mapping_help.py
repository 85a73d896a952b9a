"""`cxaudit map`: what is proposed about files, printed, and added to an engagement."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import available_timezones

import click

from cxaudit.engagement import FILE_NAME
from cxaudit.errors import EngagementError, Problem, UnreadableData, nearest
from cxaudit.pipeline.new import write_engagement
from cxaudit.proposal import entries, listing, proposed
from cxaudit.proposal.output import appended, write

USUAL_WIDTH = 100


def propose(files: Sequence[Path], output: Path | None, time_zone: str) -> None:
    """Nothing; prints the proposal, and writes the entries to the output or prints them too.

    Raises EngagementError for a zone that is none and an output that cannot be added to,
    UnreadableData, when the rest is done, for files that could not be looked at.
    """
    if time_zone and time_zone not in available_timezones():
        do = nearest(time_zone, available_timezones())
        raise EngagementError(Problem("--time-zone", "is no IANA time zone", time_zone, do))
    found, problems = proposed(files)
    if found:
        click.echo(listing(found, shutil.get_terminal_size((USUAL_WIDTH, 24)).columns))
        click.echo()
        if output is None:
            click.echo(entries(found, Path(), time_zone), nl=False)
        else:
            path = output / FILE_NAME if output.is_dir() or not output.suffix else output
            text = entries(found, path.parent, time_zone)
            if not tomllib.loads(text).get("source"):
                click.echo(f"No entry could be proposed: nothing was added to {path}.")
                click.echo("Lines above the header, as a title? Take them out, and try again.")
            else:
                _add(text, path)
                hint = "look at the lines with LOOK, SET and ASSUMED"
                click.echo(f"Entries added to {path}: {hint}.")
    if problems:
        raise UnreadableData(problems)


def _add(text: str, path: Path) -> None:
    """Nothing; adds the entries to the file, or writes a new engagement with them."""
    if path.name == FILE_NAME and not path.exists():
        write_engagement(path.parent, text)
    else:
        write(appended(text, path), path)
