"""`bulk-loader desk`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from bulk_loader.cli import options
from bulk_loader.cli.ages import age
from bulk_loader.cli.crashes import crash_error
from bulk_loader.cli.options import FILE_TYPE
from bulk_loader.cli.secrets import read_secret
from bulk_loader.cli.sections import SectionedCommand, SectionOption
from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.desk import DeskOptions

_REFUSAL = "The desk can't start."


def _for_others(*flags: str, **attributes: Any) -> Callable[[Any], Any]:
    """An option about who else can reach it."""
    return click.option(*flags, cls=SectionOption, section="For a team", **attributes)


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
@_for_others(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Listen on this address; any but this machine's own needs a password.",
)
@_for_others(
    "--password-file",
    type=FILE_TYPE,
    help="Let in who knows the password whose hash is in this file.",
)
@_for_others(
    "--set-password", is_flag=True, help="Ask for a password, write that file, and do no more."
)
@_for_others(
    "--idle",
    default="2h",
    show_default=True,
    metavar="TIME",
    help="Ask for the password again when a browser was quiet for so long.",
)
@_for_others("--tls-cert", type=FILE_TYPE, help="The certificate for HTTPS, as PEM.")
@_for_others("--tls-key", type=FILE_TYPE, help="Its key, where it stands in a file of its own.")
@_for_others(
    "--host-name",
    "host_names",
    multiple=True,
    metavar="NAME",
    help="A name by which browsers ask for it; repeatable.",
)
@_for_others(
    "--root-path",
    default="",
    metavar="PATH",
    help="Where it stands below such a name: /desk, unless told.",
)
@_for_others(
    "--trust-proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Believe what a reverse proxy there says of whom it asks for; repeatable.",
)
@options.some("config")
@click.pass_obj
def desk(app: App, /, *, no_browser: bool, set_password: bool, **asked: Any) -> None:
    """Open a page in the browser that does what upload, check and retry do, until Ctrl-C.

    It is on 127.0.0.1, for whoever has the address that is printed, which opens it once; or for a
    team that shares a password.
    """
    if set_password:
        _set(app, asked["password_file"])
        return
    app.call(_desk, _options(**asked), app.console.say, has_browser=not no_browser)


def _options(
    *, keep: str, idle: str, config: str | None, password_file: Path | None, port: int, **reach: Any
) -> DeskOptions:
    from bulk_loader.cli.logbooks import logbook
    from bulk_loader.desk import DeskOptions, Reach

    return DeskOptions(
        port,
        options.given({"config": config}),
        age("--keep", keep, _REFUSAL),
        crash_error,
        Reach(**reach),
        password_file,
        age("--idle", idle, _REFUSAL),
        logbook,
    )


def _set(app: App, file: Path | None) -> None:
    if file is None:
        raise SettingsError(
            "The password was not set.",
            "It needs a file for its hash.",
            "Name one: bulk-loader desk --set-password --password-file desk.password",
        )
    app.call(_set_password, file, partial(read_secret, is_new=True))
    app.console.say(
        f"The hash of the password stands in {file}. A desk that is open takes the one before until "
        "it is started anew."
    )


def _set_password(file: Path, ask: Callable[[str], str]) -> None:
    from bulk_loader.desk.password_file import set_password

    set_password(file, ask)


def _desk(options: DeskOptions, announce: Callable[[str], None], *, has_browser: bool) -> None:
    import webbrowser

    from bulk_loader.cli.hangups import survive_rotation
    from bulk_loader.desk import serve

    survive_rotation()
    serve(options, announce, webbrowser.open if has_browser else None)
