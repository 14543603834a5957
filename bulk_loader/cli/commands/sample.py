"""`bulk-loader sample`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from bulk_loader.cli.context import App


@click.command(
    cls=SectionedCommand,
    short_help="Write the sample spreadsheets.",
    example="bulk-loader sample",
)
@click.argument("directory", metavar="[DIR]", type=options.FILE_TYPE, default=Path("sample_files"))
@click.pass_obj
def sample(app: App, /, directory: Path) -> None:
    """Write the spreadsheets that the examples use into DIR, or sample_files.

    Nothing in them is real. What stands in the directory already is never written over.
    """
    paths = app.call(_samples, directory)
    for path in paths:
        app.console.data(str(path))
    damaged = next(path for path in paths if path.stem == "damaged")
    shown = damaged if directory.is_absolute() else directory / damaged.name
    app.console.say(f"Next: {typed('bulk-loader', 'check', str(shown))}")


def _samples(directory: Path) -> list[Path]:
    from bulk_loader.workflows.samples import write_samples

    return write_samples(directory)
