"""`bulk-loader check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.exit_codes import check_code
from bulk_loader.cli.report import check_json, check_text
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.settings.statements import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.cli.progress import Progress
    from bulk_loader.errors import ExitCode
    from bulk_loader.workflows.check import CheckReport


@click.command(
    cls=SectionedCommand,
    short_help="Find what is wrong with a file, without sending.",
    example="bulk-loader check sample_files/damaged.xlsx",
)
@click.argument("file", type=options.FILE_TYPE)
@options.takes(Scope.LEADS)
@options.shown
@click.pass_obj
def check(app: App, /, file: Path, *, as_json: bool, is_quiet: bool, **flags: object) -> ExitCode:
    """Do all of an upload of FILE but the sending: its columns, every bad row, the first tasks.

    Needs no network and no credentials, unless --online asks for a look at the dialer.
    """
    with app.watch(as_json=as_json, is_quiet=is_quiet) as watch:
        report = app.call(_check, file, options.given(flags), watch)
    if as_json:
        app.console.json(check_json(report))
    elif not is_quiet:
        for line in check_text(report):
            app.console.data(line)
    return check_code(report.counts)


def _check(file: Path, flags: Mapping[str, object], watch: Progress) -> CheckReport:
    from bulk_loader.settings import load_settings

    settings = load_settings(
        flags, beside=file
    )  # first, so that a slip is told before pandas is imported
    from bulk_loader.workflows.check import check

    for note in settings.notes:
        watch.noted(note)
    return check(file, settings, watch)
