"""`bulk-loader template`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.settings.statements import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.cli.context import App


@click.command(
    cls=SectionedCommand,
    short_help="Write a spreadsheet to fill in.",
    example="bulk-loader template new-leads.xlsx",
)
@click.argument("file", type=options.FILE_TYPE, default=Path("leads.xlsx"))
@click.option("--campaign", metavar="TEXT", multiple=True, help="To choose from; repeatable.")
@options.takes(Scope.SETTINGS)
@click.pass_obj
def template(app: App, /, file: Path, campaign: tuple[str, ...], **flags: object) -> None:
    """Write a workbook to fill in: FILE, or leads.xlsx.

    It has the columns that the profile maps, else the nine fields under their own names. Its
    columns are text, so that no phone number loses a digit. The two rows of examples are left out
    by every other command.
    """
    path = app.call(_template, file, options.given(flags), campaign)
    app.console.data(str(path))
    app.console.say("Next: fill it in and save it, then run: bulk-loader check with its name")


def _template(file: Path, flags: Mapping[str, object], campaigns: Sequence[str]) -> Path:
    from bulk_loader.settings import load_settings

    settings = load_settings(flags)
    from bulk_loader.workflows.template import template

    return template(file, settings, campaigns)
