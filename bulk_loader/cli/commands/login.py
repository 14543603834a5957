"""`bulk-loader login`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.secrets import read_secret
from bulk_loader.cli.sections import SectionedCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulk_loader.cli.context import App
    from bulk_loader.workflows.login import Login, LoginStatus

DIALER = ("url", "instance", "allow_http", "ca_file", "profile", "config")


@click.command(
    cls=SectionedCommand,
    short_help="Keep a token or a password in the system's keyring.",
    example="bulk-loader login --instance mycompany --user ana",
)
@click.option(
    "--status", "is_asked", is_flag=True, help="Say what a run would use, and from where."
)
@options.some(*DIALER, "auth_scheme", "user", "login")
@click.pass_obj
def login(app: App, /, *, is_asked: bool, **flags: object) -> None:
    """Keep a token, or with --user a password, in the system's keyring for one dialer.

    It is asked for without showing it, or read from standard input where that is no terminal. The
    dialer is asked first whether it takes it; nobody is called.
    """
    if is_asked:
        app.console.data(status_text(app.call(_status, options.given(flags))))
        app.console.require_said()
        return
    kept = app.call(_login, options.given(flags), read_secret)
    app.console.say(
        f"Kept in the keyring ({kept.keyring}): {kept.what} for {kept.dialer}. {_verdict(kept)}"
    )
    if kept.hidden_by:
        app.console.say(
            f"A run takes what {kept.hidden_by} gives instead, as long as that is there."
        )


def status_text(status: LoginStatus) -> str:
    """One line, without any secret."""
    what = f"the user {status.user} with a password" if status.user else "a token"
    kept = f", kept on {status.kept_at:%Y-%m-%d}" if status.kept_at else ""
    verified = {None: "", True: ", verified then", False: ", not verified"}[status.is_verified]
    return f"{status.dialer}: {what} from {status.origin}{kept}{verified}."


def _verdict(kept: Login) -> str:
    return f"Not verified: {kept.doubt}." if kept.doubt else "The dialer takes it."


def _login(flags: Mapping[str, object], ask: Callable[[str], str]) -> Login:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.login import log_in

    return log_in(load_settings(flags), ask)


def _status(flags: Mapping[str, object]) -> LoginStatus:
    from bulk_loader.settings import load_settings
    from bulk_loader.workflows.login import login_status

    return login_status(load_settings(flags))
