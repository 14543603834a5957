"""`bulk-loader ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.commands.doctor import findings_text
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.cli.usage import NamingGroup
from bulk_loader.errors import ExitCode
from bulk_loader.model import leads_text
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.cli.context import App
    from bulk_loader.ledger import Moved
    from bulk_loader.workflows.doctor import Finding


@click.group(
    cls=NamingGroup,
    short_help="Look at what remembers who was called, or move it.",
    epilog="Example: bulk-loader ledger check",
)
def ledger() -> None:
    """The record of all that was sent: in this user's state directory, or where machines share it.

    BULK_LOADER_LEDGER, or ledger in bulk_loader.toml, names a PostgreSQL database that several
    machines share.
    """


@ledger.command(
    cls=SectionedCommand,
    short_help="Say whether it is whole.",
    example="bulk-loader ledger check",
)
@options.some("profile", "config", "key_file")
@click.pass_obj
def check(app: App, /, **flags: object) -> ExitCode:
    """Look whether the ledger is whole, and whether what it stands on keeps what it promises.

    The exit code is 2 where something is wrong.
    """
    findings = app.call(_check, options.given(flags))
    for line in findings_text(findings):
        app.console.data(line)
    app.console.require_said()
    return ExitCode.USAGE if any(each.remedy for each in findings) else ExitCode.OK


@ledger.command(
    cls=SectionedCommand,
    short_help="Take it along to where machines share it.",
    example="BULK_LOADER_LEDGER=postgresql://loader@db.example/leads bulk-loader ledger move",
)
@options.some("profile", "config", "key_file")
@click.pass_obj
def move(app: App, /, **flags: object) -> None:
    """Copy all that the ledger of this machine knows into the database that the settings name.

    All of it or nothing. Its key stays here; copy it to the machines that share the ledger.
    """
    moved, key_file = app.call(_move, options.given(flags))
    runs = "1 run" if moved.runs == 1 else f"{moved.runs:,} runs"
    app.console.say(f"{runs} with {leads_text(moved.leads)} were taken along.")
    app.console.say(f"Other machines need its key, {key_file}: copy it where nobody else reads it.")
    app.console.say(f"See what is there with: {typed('bulk-loader', 'ledger', 'check')}")


def _check(flags: Mapping[str, object]) -> list[Finding]:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.ledgers import check_ledger

    return check_ledger(load_settings(flags))


def _move(flags: Mapping[str, object]) -> tuple[Moved, str]:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.ledgers import take_along

    settings = load_settings(flags)
    return take_along(settings), str(settings.key_file or settings.home / "ledger.key")
