"""`bulk-loader init`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bulk_loader.cli import options
from bulk_loader.cli.sections import SectionedCommand, SectionOption
from bulk_loader.settings.statements import HelpSection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.settings.starter import Start


def _of_job(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*names, cls=SectionOption, section=HelpSection.JOB, **attributes)


@click.command(
    cls=SectionedCommand,
    short_help="Write a first bulk_loader.toml.",
    example='bulk-loader init --instance mycompany --campaign "POWER<-"',
)
@options.some("url", "instance", "user", "token_file", "campaign", "data", "map")
@click.option(
    "--profile",
    metavar="NAME",
    help="What to call these settings; default production.",
    cls=SectionOption,
    section=HelpSection.DIALER,
)
@_of_job("--job", metavar="NAME", help="Also write a job, of this name.")
@_of_job("--file", metavar="PATTERN", help="Its lists, such as inbox/leads-*.xlsx.")
@_of_job("--at", metavar="HH:MM", multiple=True, help="When it is to run; repeatable.")
@_of_job("--days", metavar="DAYS", help="On which days, such as mon-fri; default all.")
@click.pass_obj
def init(app: App, /, **flags: object) -> None:
    """Write a first bulk_loader.toml into this directory: what you say is in force, the rest an example.

    At a terminal, and with no options, it asks. A file that is there already is left as it is.
    """
    given = options.given(flags)
    if not given and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        given = _asked()
    path, start = app.call(_init, given)
    app.console.data(str(path))
    app.console.say(f"Next: {_next(start)}")


def _asked() -> dict[str, object]:
    """What a person answers; nothing for what is to be filled in later."""

    def answer(question: str) -> str:
        return str(click.prompt(question, default="", show_default=False, err=True)).strip()

    click.echo("Each answer may be empty, and be filled in later.", err=True)
    dialer = answer("Instance (mycompany, for https://mycompany.ucontactcloud.com) or address")
    told: dict[str, object] = {
        "url" if "://" in dialer else "instance": dialer,
        "campaign": answer("Campaign of leads that name none, such as POWER<-"),
        "data": answer("What the agent sees, from columns, such as idcustomer={ID}:name={Name}"),
        "token_file": answer("File with the token (without one: bulk-loader login, later)"),
        "file": answer("Lists to load with nobody watching, such as inbox/leads-*.xlsx"),
    }
    if told["file"]:
        told["at"] = answer("At what time, such as 02:00").split()
    return {key: value for key, value in told.items() if value}


def _init(given: Mapping[str, object]) -> tuple[Path, Start]:
    from bulk_loader.settings.loading import working_directory
    from bulk_loader.settings.starter import start_of, write_starter

    directory = working_directory()
    start = start_of(given, directory)
    return write_starter(directory, start), start


def _next(start: Start) -> str:
    from bulk_loader.shell import typed

    if not start.settings:
        return f"fill it in, then: bulk-loader check FILE --profile {typed(start.profile)}"
    steps = []
    if "token_file" not in start.settings:
        steps.append(typed("bulk-loader", "login", "--profile", start.profile))
    if start.job is None:
        steps.append(f"bulk-loader check FILE --profile {typed(start.profile)}")
    else:
        steps.append(typed("bulk-loader", "job", "check", start.job))
    return ", then: ".join(steps)
