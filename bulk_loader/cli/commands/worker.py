"""`bulk-loader worker`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.ages import age
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.errors import ExitCode, SourceError
from bulk_loader.model import Ending, leads_text
from bulk_loader.settings.statements import Scope
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.cli.progress import Progress
    from bulk_loader.runs.helping import Help
    from bulk_loader.workflows.work import SharedList


@click.command(
    cls=SectionedCommand,
    short_help="Help another machine with its list.",
    example="bulk-loader worker --wait 10m",
)
@click.argument("file", type=options.FILE_TYPE, required=False)
@click.option("--run", "run_name", default="", metavar="ID", help="Of this run, and no other.")
@click.option("--wait", metavar="TIME", help="Wait so long until there is a list to help with.")
@options.takes(Scope.DELIVERY)
@click.pass_obj
def worker(
    app: App, /, file: Path | None, *, run_name: str, wait: str | None, **flags: object
) -> ExitCode:
    """Send parts of a list that `upload --spread` shares out on another machine, until it is done.

    FILE is that list, where it is not at the path that it has there. Both machines share a ledger,
    and this one keeps to what that one was told. The results file is written there.
    """
    app.file, given = file, options.given(flags)
    wait_s = 0.0 if wait is None else age("--wait", wait, "Nothing was sent.").total_seconds()
    with app.watch(given, as_json=False, is_quiet=False) as watch:
        shared, helped = app.call(_work, file, given, watch, run_name, wait_s)
    for line in _told(shared, helped):
        app.console.data(line)
    app.console.require_said()
    return _code(helped)


def _work(
    file: Path | None, flags: Mapping[str, object], watch: Progress, run: str, wait_s: float
) -> tuple[SharedList, Help]:
    from bulk_loader.settings import load_settings

    settings = load_settings(flags, beside=file)
    from bulk_loader.workflows.work import find_list, work

    shared = find_list(settings, run, wait_s)
    settings = load_settings(flags, beside=file, remembered=shared.remembered.settings)
    watch.take(settings)
    return shared, work(shared, settings, watch, file)


def _told(shared: SharedList, helped: Help) -> Iterator[str]:
    name, report = shared.record.name, helped.report
    if report.stopped_why:
        yield f"Stopped: {report.stopped_why}"
    counts = ", ".join(f"{count:,} {status}" for status, count in helped.counts.items() if count)
    sent = f"{leads_text(sum(helped.counts.values()))} of run {name} sent from here"
    yield f"{sent}: {counts}." if counts else f"{sent}."
    if helped.is_leaderless:
        yield f"{shared.record.machine}, which began it, is not heard of any more."
        again = typed("bulk-loader", "upload", shared.record.plan.path, "--spread")
        yield f"What became of the list is told by the same command there or elsewhere: {again}"
    else:
        yield f"What became of the whole list is told on {shared.record.machine}."


def _code(helped: Help) -> ExitCode:
    if helped.report.ending is Ending.INTERRUPTED:
        return ExitCode.INTERRUPTED
    if isinstance(helped.report.failure, SourceError):
        return ExitCode.BAD_FILE
    is_done = helped.report.ending is Ending.FINISHED and not helped.is_leaderless
    return ExitCode.OK if is_done else ExitCode.STOPPED
