"""`bulk-loader check`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.report import problem_text
from bulk_loader.cli.sections import SectionedCommand, SectionOption
from bulk_loader.settings.statements import HelpSection, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulk_loader.cli.console import Console
    from bulk_loader.cli.context import App
    from bulk_loader.cli.progress import Progress
    from bulk_loader.errors import ExitCode
    from bulk_loader.model import Problem
    from bulk_loader.workflows.check_report import CheckReport


@click.command(
    cls=SectionedCommand,
    short_help="Find what is wrong with a file, without sending.",
    example="bulk-loader check sample_files/damaged.xlsx",
)
@click.argument("file", metavar="FILE", type=options.FILE_TYPE, required=False)
@options.takes(Scope.LEADS)
@click.option(
    "--results",
    "marked",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    cls=SectionOption,
    section=HelpSection.OUTPUT,
    help="Write the list with what is wrong marked in it, to correct and upload: "
    "NAME.checked.EXT beside it, or this file.",
)
@click.option(
    "--all",
    "lists_all",
    is_flag=True,
    cls=SectionOption,
    section=HelpSection.OUTPUT,
    help="Every row with a problem, not only the first of each kind.",
)
@options.shown
@click.pass_context
def check(  # noqa: PLR0913 - one for each option
    context: click.Context,
    /,
    file: Path | None,
    *,
    marked: str | None,
    lists_all: bool,
    as_json: bool,
    is_quiet: bool,
    **flags: object,
) -> ExitCode:
    """Do all of an upload of FILE but the sending: its columns, every bad row, the first tasks.

    FILE may be - for standard input. Needs no network and no credentials, unless --online asks for
    a look at the dialer.
    """
    app: App = context.obj
    if file is None and marked:  # of one path alone it is clear what it is
        file, marked = Path(marked), ""
    if file is None:
        raise click.MissingParameter(ctx=context, param_hint="'FILE'", param_type="argument")
    if lists_all and as_json:
        raise click.UsageError("--json is bounded, and --all is not: give one of them.")
    listed = _Listed(app.console, is_wanted=lists_all and not is_quiet)
    app.file = file
    with app.watch(flags, as_json=as_json, is_quiet=is_quiet) as watch:
        given = options.given(flags)
        report = app.call(_check, file, given, watch, marked, listed)
    return app.show_check(report, given, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Shows each problem as soon as it is found, however many there are."""

    console: Console
    is_wanted: bool

    def __call__(self, problem: Problem) -> None:
        if self.is_wanted:
            self.console.data(problem_text(problem))


def _check(
    file: Path,
    flags: Mapping[str, object],
    watch: Progress,
    results: str | None,
    found: Callable[[Problem], object],
) -> CheckReport:
    from bulk_loader.settings import load_settings

    # First, so that a slip is told before pandas is imported.
    settings = load_settings(flags, beside=file)
    from bulk_loader.workflows.check import check

    watch.take(settings)
    return check(file, settings, watch, found, results)
