"""`bulk-loader retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.sections import SectionedCommand, SectionOption
from bulk_loader.model import Status
from bulk_loader.settings.statements import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.cli.progress import Progress
    from bulk_loader.errors import ExitCode
    from bulk_loader.model import Summary
    from bulk_loader.settings import Settings
    from bulk_loader.workflows.check_report import CheckReport

# The others are sent again anyway, or never: an accepted lead would be a second call.
INCLUDABLE = (Status.UNKNOWN, Status.DUPLICATE, Status.SUPPRESSED)


@click.command(
    cls=SectionedCommand,
    short_help="Send what is to be sent again.",
    example="bulk-loader retry sample_files/leads.results.csv --sandbox",
)
@click.argument("results", metavar="RESULTS", type=options.FILE_TYPE)
@click.option(
    "--include",
    type=click.Choice([status.value for status in INCLUDABLE]),
    multiple=True,
    cls=SectionOption,
    section="Which leads are sent",
    help="Send the leads of this status, too; repeatable.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    cls=SectionOption,
    section="Which leads are sent",
    help="Send nothing; say what would be sent, as check does.",
)
@options.takes(Scope.DELIVERY)
@options.shown
@click.pass_obj
def retry(  # noqa: PLR0913 - one for each option
    app: App,
    /,
    results: Path,
    include: tuple[str, ...],
    *,
    dry_run: bool,
    as_json: bool,
    is_quiet: bool,
    **flags: object,
) -> ExitCode:
    """Send the leads of RESULTS that are to be sent again, as they stand in it now.

    RESULTS is the file that an upload wrote; cells may have been corrected in it. The settings of
    that upload are remembered; what is given here wins.
    """
    app.file = results
    given, included = options.given(flags), frozenset(map(Status, include))
    with app.watch(flags, as_json=as_json, is_quiet=is_quiet) as watch:
        if dry_run:
            report = app.call(_foresee, results, given, watch, included)
            return app.show_check(report, given, as_json=as_json)
        summary = app.call(_retry, results, given, watch, included)
    return app.show(summary, given, as_json=as_json)


def _settings(results: Path, flags: Mapping[str, object], watch: Progress) -> Settings:
    from bulk_loader.settings import load_settings

    given = load_settings(flags, beside=results)
    from bulk_loader.workflows.retry import remembered_settings

    settings = load_settings(
        flags,
        beside=results,
        remembered=remembered_settings(results, given.ledger_place),
    )
    watch.take(settings)
    return settings


def _foresee(
    results: Path, flags: Mapping[str, object], watch: Progress, include: frozenset[Status]
) -> CheckReport:
    settings = _settings(results, flags, watch)
    # A page of the upload may have been wanted; of a look at its retry one is only where it is said.
    settings = settings.model_copy(update={"report": bool(flags.get("report"))})
    from bulk_loader.workflows.check import foresee_retry

    return foresee_retry(results, settings, watch, include=include)


def _retry(
    results: Path, flags: Mapping[str, object], watch: Progress, include: frozenset[Status]
) -> Summary:
    settings = _settings(results, flags, watch)
    from bulk_loader.workflows.retry import retry

    return retry(results, settings, watch, include)
