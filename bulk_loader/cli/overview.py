"""The help of the whole command: how a command may end, where things are, how to begin."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulk_loader.cli.usage import NamingGroup
from bulk_loader.errors import SettingsError
from bulk_loader.exit_codes import MEANINGS
from bulk_loader.settings.home import FILE_NAME, configuration, default_home

if TYPE_CHECKING:
    import click

_BEGINNING = ("bulk-loader sample", "bulk-loader upload sample_files/leads.csv --sandbox")


class MainGroup(NamingGroup):
    """The command itself."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The exit codes, where this machine keeps what a person may look for, how to begin."""
        del ctx
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), meaning) for code, meaning in MEANINGS.items()])
        with formatter.section("Places"):
            formatter.write_dl(places())
        with formatter.section("Begin with"):
            for line in _BEGINNING:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def places() -> list[tuple[str, str]]:
    """Where settings are searched and the ledger stands, on this machine and for this user."""
    own = configuration()
    searched = ["the working directory", "that of the list", *([] if own is None else [str(own)])]
    try:
        ledger = os.environ.get("BULK_LOADER_HOME") or str(default_home())
    except SettingsError as error:
        ledger = f"nowhere, since HOME is missing. {error.remedy}"
    return [
        ("Settings", f"The first {FILE_NAME} in {', '.join(searched[:-1])}, or {searched[-1]}."),
        ("Ledger", f"{ledger} (BULK_LOADER_HOME moves it)"),
    ]
