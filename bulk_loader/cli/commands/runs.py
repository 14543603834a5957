"""`bulk-loader runs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli.history import run_json, run_line, run_text, runs_json
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.cli.usage import NamingGroup

if TYPE_CHECKING:
    from bulk_loader.cli.context import App

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
    past = app.verbs.runs()
    if as_json:
        app.console.data(runs_json(past))
        return
    for run in past:
        app.console.data(run_line(run))
    if not past:
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
    run = app.verbs.run(run_id)
    app.console.data(run_json(run) if as_json else run_text(run))


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
    written = app.verbs.results(run_id)
    for note in written.notes:
        app.console.say(note)
    app.console.data(str(written.path))


@runs.command(
    cls=SectionedCommand,
    short_help="Forget old runs.",
    example="bulk-loader runs prune --older-than 90d",
)
@click.option("--older-than", metavar="TIME", required=True, help="Such as 90d.")
@click.pass_obj
def prune(app: App, /, older_than: str) -> None:
    """Forget runs that ended longer ago than that.

    Their files can be uploaded again without --again, and their leads are not recognised any more.
    """
    count = app.verbs.prune(older_than)
    app.console.say("1 run was forgotten." if count == 1 else f"{count:,} runs were forgotten.")
