"""`bulk-loader logout`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.commands.login import DIALER
from bulk_loader.cli.sections import SectionedCommand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.cli.context import App


@click.command(
    cls=SectionedCommand,
    short_help="Take credentials out of the system's keyring.",
    example="bulk-loader logout --instance mycompany",
)
@options.some(*DIALER)
@click.pass_obj
def logout(app: App, /, **flags: object) -> None:
    """Forget what login has kept for a dialer, or for a profile of it.

    The dialer itself is not told: a token stays good for whoever else has it.
    """
    was_there = app.call(_logout, options.given(flags))
    app.console.say(
        "It was taken out of the keyring." if was_there else "The keyring had nothing to forget."
    )


def _logout(flags: Mapping[str, object]) -> bool:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.login import log_out

    return log_out(load_settings(flags))
