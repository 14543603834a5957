"""`bulk-loader rehearse`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bulk_loader.cli import options
from bulk_loader.cli.sections import SectionedCommand, SectionOption
from bulk_loader.settings.statements import HelpSection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bulk_loader.cli.context import App
    from bulk_loader.cli.progress import Progress
    from bulk_loader.workflows.rehearsed import Rehearsal


def _assumed(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*names, cls=SectionOption, section=HelpSection.ASSUMED, **attributes)


@click.command(
    cls=SectionedCommand,
    short_help="Play a list through a simulated dialer.",
    example='bulk-loader rehearse sample_files/leads.csv --agents 5 --campaign "POWER<-"',
)
@click.argument("file", metavar="FILE", type=options.FILE_TYPE)
@_assumed("--agents", required=True, metavar="N|LIST", help="How many, or their extensions.")
@_assumed("--talk", default="180s", metavar="TIME", help="Mean of a talk; default 180s.")
@_assumed("--wrap-up", default="20s", metavar="TIME", help="After a talk; default 20s.")
@_assumed("--reached", default="35%", metavar="N%", help="Calls that are answered; default 35%.")
@_assumed("--busy", default="10%", metavar="N%", help="Calls to a busy line; default 10%.")
@_assumed("--invalid", default="4%", metavar="N%", help="Numbers nobody has; default 4%.")
@_assumed("--from", "starts_at", metavar="MOMENT", help="When it begins; default now.")
@_assumed("--shift", metavar="HOURS", help="When agents work, as 09:00-18:00; default always.")
@_assumed(
    "--seeds", default=1, metavar="N", help="Days with other answers, for a range; default 1."
)
@options.about(HelpSection.FIELDS, HelpSection.READING, HelpSection.SCREENING)
@options.some("profile", "config", "log_file", "log_format", "report")
@options.shown
@click.pass_obj
def rehearse(app: App, /, file: Path, *, as_json: bool, is_quiet: bool, **flags: Any) -> None:
    """Play the leads of FILE through a simulated dialer, in seconds; nobody is called.

    It says how long a list will take, how busy the agents are, and what one agent more would change.
    How people answer is assumed, and printed with the result.
    """
    from bulk_loader.cli.rehearsals import rehearsal_json, rehearsal_lines

    assumed = {name: flags.pop(name) for name in _ASSUMED}
    app.file = file
    with app.watch(flags, as_json=as_json, is_quiet=is_quiet) as watch:
        found = app.call(_rehearse, file, options.given(flags), assumed, watch)
    if as_json:
        app.console.json(rehearsal_json(found))
    elif not is_quiet:
        for line in rehearsal_lines(found):
            app.console.data(line)
    app.console.require_said()


_ASSUMED = (
    *("agents", "talk", "wrap_up", "reached", "busy", "invalid", "starts_at", "shift", "seeds"),
)


def _rehearse(
    file: Path, flags: Mapping[str, object], assumed: Mapping[str, object], watch: Progress
) -> Rehearsal:
    from bulk_loader.settings import load_settings

    settings = load_settings(flags, beside=file)
    from bulk_loader.workflows.rehearsal_plan import read_plan

    plan = read_plan(assumed)
    from bulk_loader.workflows.rehearse import rehearse

    watch.take(settings)
    return rehearse(file, settings, plan, watch)
