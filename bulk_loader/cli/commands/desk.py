"""`bulk-loader desk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.ages import age
from bulk_loader.cli.crashes import crash_error
from bulk_loader.cli.sections import SectionedCommand

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.cli.context import App
    from bulk_loader.desk import DeskOptions


@click.command(
    cls=SectionedCommand,
    short_help="Send lists from a page in the browser.",
    example="bulk-loader desk",
)
@click.option("--port", type=int, default=8090, show_default=True, help="0 takes a free one.")
@click.option(
    "--keep",
    default="7d",
    show_default=True,
    metavar="TIME",
    help="Remove a list when nothing was done with it for so long.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@options.some("config")
@click.pass_obj
def desk(app: App, /, port: int, keep: str, *, no_browser: bool, **flags: object) -> None:
    """Open a page in the browser that does what upload, check and retry do, until Ctrl-C.

    It is on 127.0.0.1, for whoever has the address that is printed, which opens it once.
    """
    from bulk_loader.desk import DeskOptions

    kept_for = age("--keep", keep, "The desk can't start.")
    told = DeskOptions(port, options.given(flags), kept_for, crash_error)
    app.call(_desk, told, app.console.say, has_browser=not no_browser)


def _desk(options: DeskOptions, announce: Callable[[str], None], *, has_browser: bool) -> None:
    import webbrowser

    from bulk_loader.desk import serve

    serve(options, announce, webbrowser.open if has_browser else lambda _url: None)
