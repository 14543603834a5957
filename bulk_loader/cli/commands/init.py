"""`bulk-loader init`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli.sections import SectionedCommand

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.cli.context import App


@click.command(
    cls=SectionedCommand, short_help="Write a first bulk_loader.toml.", example="bulk-loader init"
)
@click.pass_obj
def init(app: App, /) -> None:
    """Write a first bulk_loader.toml into this directory, to be filled in.

    A file that is there already is left as it is.
    """
    app.console.data(str(app.call(_init)))
    app.console.say("Next: fill it in, then: bulk-loader check FILE --profile production")


def _init() -> Path:
    from bulk_loader.settings.loading import working_directory
    from bulk_loader.settings.starter import write_starter

    return write_starter(working_directory())
