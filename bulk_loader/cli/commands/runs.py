"""`bulk-loader runs`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bulk_loader.cli.history import forgetting_lines, run_json, run_line, run_text, runs_json
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.cli.shell import typed
from bulk_loader.cli.usage import NamingGroup
from bulk_loader.errors import SettingsError
from bulk_loader.model import Status, leads_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from bulk_loader.cli.context import App
    from bulk_loader.results import ResultsReport
    from bulk_loader.workflows.past_runs import Forgetting, PastRun

_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group(
    cls=NamingGroup,
    invoke_without_command=True,
    short_help="See what was sent before.",
    epilog="Example: bulk-loader runs",
)
@_JSON
@click.pass_context
def runs(ctx: click.Context, *, as_json: bool) -> None:
    """List all runs of this machine, newest first, or look at one with a command below."""
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.obj
    past = app.call(_runs)
    if as_json:
        app.console.json(runs_json(past))
    else:
        for run in past:
            app.console.data(run_line(run))
    app.console.require_said()
    if not past and not as_json:
        app.console.say("No runs yet. Begin with: bulk-loader upload FILE")


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


@runs.command(
    cls=SectionedCommand,
    short_help="Forget old runs.",
    example="bulk-loader runs prune --older-than 90d",
)
@click.option("--older-than", metavar="TIME", required=True, help="Such as 90d.")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@click.pass_obj
def prune(app: App, /, older_than: str, *, is_agreed: bool) -> None:
    """Forget runs that ended longer ago than that.

    Their files can be uploaded again without --again, and their leads are not recognised any more.
    A run that is unfinished stays, and one of which a lead is in doubt since lately.
    """
    planned = app.call(_plan_prune, older_than)
    for line in forgetting_lines(planned):
        app.console.say(line)
    if not planned.runs:
        return
    if not is_agreed and not _agrees():
        app.console.say("Nothing was forgotten.")
        return
    count = app.call(_prune, older_than)
    app.console.say("1 run was forgotten." if count == 1 else f"{count:,} runs were forgotten.")


def _agrees() -> bool:
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise SettingsError(
            "Nothing was forgotten.",
            "There is no terminal to ask on.",
            "Where that is what you want, add: --yes",
        )
    return click.confirm("Forget them?", err=True)


def _runs() -> list[PastRun]:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import past_runs

    settings = load_settings({})
    return past_runs(settings.home, settings.key_file)


def _one_run(run_id: str) -> PastRun:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import past_run

    settings = load_settings({})
    return past_run(settings.home, run_id, settings.key_file)


def _results(run_id: str) -> ResultsReport:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import rewrite_results

    settings = load_settings({})
    return rewrite_results(settings.home, run_id, settings.key_file)


def _settle(run_id: str, rows: Sequence[int] | None, status: Status) -> int:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import settle_doubts

    settings = load_settings({})
    return settle_doubts(settings.home, run_id, rows, status, settings.key_file)


def _plan_prune(older_than: str) -> Forgetting:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import plan_forgetting

    settings = load_settings({})
    return plan_forgetting(settings.home, _age(older_than), settings.hold_doubts, settings.key_file)


def _prune(older_than: str) -> int:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.past_runs import forget_runs

    settings = load_settings({})
    return forget_runs(settings.home, _age(older_than), settings.hold_doubts, settings.key_file)


def _age(older_than: str) -> timedelta:
    from bulk_loader.settings import parse_duration

    if older_than.strip().replace(".", "").isdigit():
        # Seconds everywhere else; a d that was left away must not forget every run.
        raise SettingsError(
            "Nothing was forgotten.",
            f"--older-than: {older_than} has no unit.",
            f"For days, run: bulk-loader runs prune --older-than {older_than}d",
        )
    try:
        return parse_duration(older_than)
    except ValueError as error:
        raise SettingsError(
            "Nothing was forgotten.",
            f"--older-than: {older_than} {error}.",
            "Run, for example: bulk-loader runs prune --older-than 90d",
        ) from error
