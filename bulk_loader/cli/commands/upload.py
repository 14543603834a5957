"""`bulk-loader upload`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.settings.statements import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.cli.progress import Progress
    from bulk_loader.errors import ExitCode
    from bulk_loader.model import Summary


@click.command(
    cls=SectionedCommand,
    short_help="Send the leads of a file.",
    example="bulk-loader upload sample_files/leads.csv --sandbox",
)
@click.argument("file", type=options.FILE_TYPE)
@options.takes(Scope.FIRST_DELIVERY)
@options.shown
@click.pass_obj
def upload(app: App, /, file: Path, *, as_json: bool, is_quiet: bool, **flags: object) -> ExitCode:
    """Send every lead of FILE to a dialer, and write what became of each beside it.

    FILE may be - for standard input. The same command given again goes on with a run that was stopped.
    """
    app.file = file
    with app.watch(flags, as_json=as_json, is_quiet=is_quiet) as watch:
        summary = app.call(_upload, file, options.given(flags), watch)
    return app.show(summary, options.given(flags), as_json=as_json)


def _upload(file: Path, flags: Mapping[str, object], watch: Progress) -> Summary:
    from bulk_loader.settings import load_settings

    # First, so that a slip is told before pandas is imported.
    settings = load_settings(flags, beside=file)
    from bulk_loader.workflows.upload import upload

    watch.take(settings)
    return upload(file, settings, watch)
