"""The commands of cxaudit; each imports what it needs when it is called."""

from __future__ import annotations

import os
import shlex
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cxaudit.errors import AuditStopped, CxauditError, EngagementError, Fault, Problem
from cxaudit.pipeline.contract_commands import contracts

if TYPE_CHECKING:
    from cxaudit.pipeline.auditing import Audit

INTERRUPTED = 130

folder_argument = click.argument("folder", default=".")
period_option = click.option(
    "--period",
    default="",
    help="2026Q3, 2026-07, 2026, 2023..2024 or 2026-07-01..2026-09-30. "
    "Without it the period in the engagement.",
)
reports_option = click.option(
    "--reports",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("reports"),
    show_default=True,
    help="Where the run folder CLIENT/PERIOD goes.",
)
as_of_option = click.option(
    "--as-of",
    default="",
    help="The instant the data are looked at from, as 2026-10-03T06:00:00Z. "
    "Without it the one in the engagement.",
)
fresh_option = click.option("--fresh", is_flag=True, help="Run every stage, reuse nothing.")


def _print_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        from cxaudit.pipeline.surroundings import program_version

        click.echo(f"cxaudit {program_version()}")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
def commands() -> None:
    """Audit how well an organisation serves its customers.

    Exit codes: 0 done, gates passed; 1 contract stop or gate failed; 2 call or engagement wrong;
    3 data unreadable; 4 our fault.
    """


@commands.command()
@folder_argument
@period_option
@as_of_option
@reports_option
@fresh_option
def run(folder: str, period: str, as_of: str, reports: Path, fresh: bool) -> None:
    """Audit the engagement in FOLDER and write its report."""
    _conclude(_audit(folder, period, reports, fresh, as_of))


@commands.command()
@click.option("--fresh", is_flag=True, help="Write the records anew and run every stage.")
@reports_option
def demo(reports: Path, fresh: bool) -> None:
    """Write the records of the demo service, then audit it."""
    from cxaudit.pipeline.demo import prepare_demo

    engagement = os.path.relpath(prepare_demo(fresh).parent)
    _conclude(_audit(engagement, "", reports, fresh))


@commands.command()
@folder_argument
@period_option
@as_of_option
@reports_option
@fresh_option
@click.option("--all", "is_full", is_flag=True, help="List every check, those that passed too.")
def check(folder: str, period: str, as_of: str, reports: Path, fresh: bool, is_full: bool) -> None:
    """Check the data of FOLDER against its contracts."""
    from cxaudit.pipeline.assembly import open_json
    from cxaudit.pipeline.checks import checks_text, outcome_text
    from cxaudit.pipeline.gates import failed_contract_gate

    audit = _audit(folder, period, reports, fresh, as_of)
    loaded = audit.run.workspace / "1_load" / "load.json"
    try:
        result = audit.check()
    except AuditStopped:
        if stopped := audit.validation():
            click.echo(checks_text(stopped, open_json(loaded), is_full))
        raise
    click.echo(checks_text(result, open_json(loaded), is_full))
    _refuse(failed_contract_gate(audit.run.engagement.gates, result))
    where = "" if reports == Path("reports") else str(reports)
    given = {"--period": period, "--as-of": as_of, "--reports": where}
    options = [word for pair in given.items() if pair[1] for word in pair]
    command = shlex.join(["cxaudit", "run", folder, *options])
    click.echo(f"\n{outcome_text(result)} Next: {command}")


@commands.command()
@folder_argument
@period_option
@as_of_option
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder for reconciliation.csv and .json; the current one by default.",
)
@reports_option
def reconcile(folder: str, period: str, as_of: str, output: Path, reports: Path) -> None:
    """Hold the figures of the client's own tool beside ours, ticket by ticket.

    Runs the definitions of the help desk's tool on the data of FOLDER and says of every ticket
    that differs why. Today: Zendesk.
    """
    from cxaudit.pipeline.reconciling import reconcile as reconciled

    click.echo(reconciled(_audit(folder, period, reports, False, as_of), output))


@commands.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def new(folder: Path) -> None:
    """Write a commented engagement.toml into FOLDER."""
    from cxaudit.pipeline.new import write_engagement

    path = write_engagement(folder)
    click.echo(f"{path}: fill it in, then: cxaudit run {shlex.quote(str(folder))}")


@commands.command()
@click.argument("name")
@folder_argument
@period_option
@click.option("-p", "--parameter", "given", multiple=True, help="NAME=VALUE; repeatable.")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder for the executed notebook; the current one by default.",
)
def notebook(name: str, folder: str, period: str, given: tuple[str, ...], output: Path) -> None:
    """Run the notebook NAME on the last results.

    For instance: cxaudit notebook principle acme -p principle=speed
    """
    from cxaudit.pipeline.on_demand import run_notebook

    pairs = dict(_pair(text) for text in given)
    click.echo(run_notebook(name, folder, period, pairs, output))


@commands.command("map")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The engagement the entries are added to: its folder, which gets one if it has none, "
    "or a file. Without it they are printed.",
)
@click.option(
    "--time-zone",
    default="",
    help="The zone of times that carry no offset, as Europe/Paris. Without it: left to set.",
)
def map_files(files: tuple[Path, ...], output: Path | None, time_zone: str) -> None:
    """Propose how FILES, or those of a folder, are to be read.

    Looks at headers and at the head of the rows, and shows of a cell no more than its shape.
    """
    from cxaudit.pipeline.mapping_help import propose

    propose(files, output, time_zone)


@commands.command("list")
def list_indicators() -> None:
    """List the indicators: id, principle, state, name."""
    from cxaudit.pipeline.definitions import HEADINGS, indicator_rows
    from cxaudit.pipeline.verdict import as_columns

    click.echo(as_columns(HEADINGS, indicator_rows()))


@commands.command()
@click.argument("indicator")
def define(indicator: str) -> None:
    """Print the definition of INDICATOR."""
    from cxaudit.pipeline.definitions import definition_text

    click.echo(definition_text(indicator), nl=False)


@commands.command()
@reports_option
def doctor(reports: Path) -> None:
    """Look whether this machine can run an audit."""
    from cxaudit.pipeline.doctor import examine

    failed = []
    for finding in examine(reports):
        click.echo(str(finding))
        if finding.is_needed and not finding.is_fine:
            failed.append(finding.what)
    if failed:
        raise Fault(f"This machine cannot run an audit yet: {', '.join(failed)}.")


commands.add_command(contracts)


def _audit(folder: str, period: str, reports: Path, fresh: bool, as_of: str = "") -> Audit:
    from cxaudit.pipeline.auditing import prepare_audit

    return prepare_audit(folder, period, reports, fresh, as_of)


def _conclude(audit: Audit) -> None:
    """Nothing; makes the audit, prints the answer, raises `AuditStopped` for a gate that fails."""
    from cxaudit.pipeline.verdict import answer_text

    outcome = audit.make()
    click.echo(answer_text(outcome.audit, audit.validation() or {"checks": []}))
    click.echo(f"\nReport: {audit.target.folder / 'report.html'}")
    _refuse(outcome.failed_gates)


def _refuse(failed: dict[str, str]) -> None:
    """Nothing; raises `AuditStopped` with the reason of every gate that does not hold."""
    if failed:
        raise AuditStopped([f"Gate {name}: {reason}." for name, reason in failed.items()])


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise EngagementError(
            Problem("--parameter", "is not NAME=VALUE", f"'{text}'", "Write it like -p week=3.")
        )
    return name.strip(), value


def main() -> None:
    """Run the command line and end the process with the exit code of what happened."""
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        # Outside click's own handling, so that an interruption is not taken for a failed gate.
        return commands(prog_name="cxaudit", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\ncxaudit: interrupted; the previous report is untouched", err=True)
        return INTERRUPTED
    except CxauditError as error:
        for problem in error.problems:
            click.echo(f"cxaudit: {problem}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # Who reads the output has read enough; nothing must be written when Python ends either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # whatever is left is our fault: code 4, not the 1 of a failed gate
        traceback.print_exc()
        click.echo("cxaudit: this is a fault of cxaudit itself; please report it", err=True)
        return Fault.exit_code


if __name__ == "__main__":
    main()
