"""`bulk-loader runs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli.ages import age
from bulk_loader.cli.commands.pruning import prune
from bulk_loader.cli.history import run_json, run_line, run_text, runs_json
from bulk_loader.cli.options import FILE_TYPE
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.cli.usage import NamingGroup
from bulk_loader.errors import SettingsError
from bulk_loader.exit_codes import run_code
from bulk_loader.model import Status, leads_text
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.reports.places import Written
    from bulk_loader.results import ResultsReport
    from bulk_loader.workflows.past_runs import PastRun

_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group(
    cls=NamingGroup,
    invoke_without_command=True,
    short_help="See what was sent before.",
    epilog="Example: bulk-loader runs",
)
@click.option("--since", metavar="TIME", help="Only those of so lately, such as 7d.")
@click.option(
    "--failed", "is_failed", is_flag=True, help="Only those that left something to be done."
)
@_JSON
@click.pass_context
def runs(ctx: click.Context, *, since: str | None, is_failed: bool, as_json: bool) -> None:
    """List the runs of this machine, newest first, or look at one with a command below.

    Each line tells what the run itself sent. Times are those of this machine's clock.
    """
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.obj
    past = app.call(_runs, since)
    if is_failed:
        past = [run for run in past if run_code(run.ending, run.counts)]
    if as_json:
        app.console.json(runs_json(past))
    else:
        for run in past:
            app.console.data(run_line(run))
    app.console.require_said()
    if not past and not as_json:
        is_narrowed = is_failed or since is not None
        begin = "No runs yet. Begin with: bulk-loader upload FILE"
        app.console.say(
            "There is no such run; see all with: bulk-loader runs" if is_narrowed else begin
        )


@runs.command(
    cls=SectionedCommand, short_help="See one run.", example="bulk-loader runs show 20260102"
)
@click.argument("run_id", metavar="ID")
@_JSON
@click.pass_obj
def show(app: App, /, run_id: str, *, as_json: bool) -> None:
    """Show one run: its date, file, dialer, counts, how it ended, and its results file.

    The beginning of ID is enough where it is unique.
    """
    run = app.call(_one_run, run_id)
    if as_json:
        app.console.json(run_json(run))
    else:
        app.console.data(run_text(run))
    app.console.require_said()


@runs.command(
    cls=SectionedCommand,
    short_help="Write a results file anew.",
    example="bulk-loader runs results 20260102",
)
@click.argument("run_id", metavar="ID")
@click.pass_obj
def results(app: App, /, run_id: str) -> None:
    """Write the results file of a run anew, from its source file and the ledger.

    For a run that was cut short before it could write one, or where the file was lost.
    """
    written = app.call(_results, run_id)
    for note in written.notes:
        app.console.say(note)
    app.console.data(str(written.path))


@runs.command(
    cls=SectionedCommand,
    short_help="Write a page that tells of a run.",
    example="bulk-loader runs report 20260102",
)
@click.argument("run_id", metavar="ID")
@click.option(
    "--output",
    metavar="FILE",
    type=FILE_TYPE,
    help="The page; default NAME.report.html beside the results.",
)
@click.pass_obj
def report(app: App, /, run_id: str, output: Path | None) -> None:
    """Write a page to open in a browser: what a run did, its course, its problems, what is next.

    It is written from the ledger, so the list need not be there any more.
    """
    written = app.call(_report, run_id, output)
    for note in written.notes:
        app.console.say(note)
    app.console.data(str(written.path))


@runs.command(
    cls=SectionedCommand,
    short_help="Decide what is in doubt.",
    example="bulk-loader runs settle 20260102 --row 17 --as accepted",
)
@click.argument("run_id", metavar="ID")
@click.option("--row", "rows", metavar="N", type=int, multiple=True, help="A row; repeatable.")
@click.option("--all", "is_all", is_flag=True, help="All rows of the run that are in doubt.")
@click.option(
    "--as",
    "status",
    type=click.Choice([Status.ACCEPTED.value, Status.UNSENT.value]),
    required=True,
    help="accepted where the dialer has it, unsent where it has not.",
)
@click.pass_obj
def settle(app: App, /, run_id: str, rows: tuple[int, ...], status: str, *, is_all: bool) -> None:
    """Say what you found in the dialer about leads of the status unknown.

    A number in doubt is kept out of all lists to this dialer until it is decided, or the time of
    --hold-doubts is over.
    """
    if bool(rows) == is_all:
        raise SettingsError(
            "Nothing was decided.",
            "Give the rows with --row, or --all, and not both."
            if rows
            else "It was not said which rows are meant.",
            f"Run, for example: bulk-loader runs settle {run_id} --row 17 --as {status}",
        )
    count = app.call(_settle, run_id, None if is_all else rows, Status(status))
    app.console.say(f"{leads_text(count)} of run {run_id} count as {status} from now on.")
    if status == Status.UNSENT.value:
        results_file = str(app.call(_one_run, run_id).results)
        app.console.say(f"Next: to send them: {typed('bulk-loader', 'retry', results_file)}")
    else:
        app.console.say(f"Next: to see it in the results: bulk-loader runs results {run_id}")


def _runs(since: str | None) -> list[PastRun]:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import past_runs

    length = None if since is None else age("--since", since, "Nothing was listed.")
    settings = load_settings({})
    return past_runs(settings.ledger_place, since=length)


def _one_run(run_id: str) -> PastRun:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import past_run

    settings = load_settings({})
    return past_run(settings.ledger_place, run_id)


def _results(run_id: str) -> ResultsReport:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import rewrite_results

    settings = load_settings({})
    return rewrite_results(settings.ledger_place, run_id)


def _report(run_id: str, output: Path | None) -> Written:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.run_page import write_run_page

    settings = load_settings({})
    return write_run_page(settings.ledger_place, run_id, output)


def _settle(run_id: str, rows: Sequence[int] | None, status: Status) -> int:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import settle_doubts

    settings = load_settings({})
    return settle_doubts(settings.ledger_place, run_id, rows, status)


runs.add_command(prune)
