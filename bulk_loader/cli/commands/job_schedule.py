"""`bulk-loader job schedule` and `unschedule`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.choices import Scheduler
from bulk_loader.cli import options
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.settings.job_groups import JOB_SETTINGS
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.cli.context import App
    from bulk_loader.jobs.schedules.scheduling import Proposal
    from bulk_loader.jobs.schedules.wanted import Wanted

_SCHEDULERS = click.Choice([each.value for each in Scheduler])


@click.command(
    cls=SectionedCommand,
    short_help="Have this machine run a job at its time.",
    example="bulk-loader job schedule night --at 02:00 --days mon-fri --with cron",
)
@click.argument("name")
@click.option("--at", multiple=True, metavar="HH:MM", help=JOB_SETTINGS["at"].help)
@click.option("--days", metavar="DAYS", help=JOB_SETTINGS["days"].help)
@click.option("--with", "scheduler", required=True, type=_SCHEDULERS, help="What runs it.")
@click.option("--print", "is_print", is_flag=True, help="Show it, and install nothing.")
@options.some("config")
@click.pass_obj
def schedule(
    app: App, /, name: str, *, scheduler: str, is_print: bool, days: str | None, **others: object
) -> None:
    """Show what is to be installed so that job NAME runs at its time, and install it.

    What was installed for it before is replaced. At night there is nothing of this shell: the job
    must stand wholly in bulk_loader.toml, with its credentials in a file.
    """
    from bulk_loader.jobs.schedules.wanted import Wanted

    times = others.pop("at")
    at = tuple(map(str, times)) if isinstance(times, tuple) else ()
    wanted = Wanted(name, Scheduler(scheduler), at, days, options.given(others))
    proposal = app.call(_propose, wanted)
    _show(app, proposal)
    if is_print:
        app.console.require_said()
        return
    for other in app.call(_install, proposal):
        app.console.say(f"What {other.value} had for this job is taken away.")
    config = str(proposal.entry.job.config)
    again = typed("bulk-loader", "job", "unschedule", name, "--config", config)
    app.console.say(f"Installed. To take it away: {again}")


def _show(app: App, proposal: Proposal) -> None:
    """What is installed goes where data go, so that it can be kept in a file."""
    for piece in proposal.pieces:
        app.console.say(f"In {piece.place}:")
        app.console.data(piece.text.rstrip("\n"))
    entry = proposal.entry
    app.console.say(
        f"Job {entry.job.name} runs {entry.timetable}, by the clock of this machine "
        f"({entry.zone.name}); next {proposal.next_run:%Y-%m-%d %H:%M %z}."
    )
    for note in proposal.notes:
        app.console.say(note)


@click.command(
    cls=SectionedCommand,
    short_help="Have this machine run a job no more.",
    example="bulk-loader job unschedule night",
)
@click.argument("name")
@click.option("--with", "scheduler", type=_SCHEDULERS, help="Only there; default wherever it is.")
@options.some("config")
@click.pass_obj
def unschedule(app: App, /, name: str, *, scheduler: str | None, **flags: object) -> None:
    """Take away what was installed for job NAME, and nothing else.

    The job need not stand in its file any more, nor the file be there: then name it by --config.
    """
    only = Scheduler(scheduler) if scheduler else None
    taken = app.call(_remove, name, options.given(flags), only)
    if taken:
        app.console.say(f"Job {name} is taken away from {' and '.join(taken)}.")
    else:
        app.console.say(f"Nothing is installed for job {name}.")


def _propose(wanted: Wanted) -> Proposal:
    import os
    from datetime import UTC, datetime

    from bulk_loader.jobs.schedules.scheduling import propose

    return propose(wanted, os.environ, datetime.now(UTC))


def _install(proposal: Proposal) -> tuple[Scheduler, ...]:
    from bulk_loader.jobs.schedules.scheduling import install

    return install(proposal)


def _remove(
    name: str, flags: Mapping[str, object], scheduler: Scheduler | None
) -> tuple[Scheduler, ...]:
    from bulk_loader.jobs.schedules.scheduling import remove

    return remove(name, flags, scheduler)
