"""`bulk-loader job`."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from bulk_loader.cli import options
from bulk_loader.cli.commands.job_schedule import schedule, unschedule
from bulk_loader.cli.crashes import crash_error
from bulk_loader.cli.sections import SectionedCommand
from bulk_loader.cli.usage import NamingGroup
from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    from bulk_loader.cli.context import App
    from bulk_loader.cli.progress import Progress
    from bulk_loader.errors import ExitCode
    from bulk_loader.jobs.checking import JobCheck
    from bulk_loader.jobs.listing import ListedJob
    from bulk_loader.jobs.night import Night
    from bulk_loader.settings import Job, Settings

    Watches: TypeAlias = Callable[[Settings], AbstractContextManager[Progress]]


@click.group(
    cls=NamingGroup,
    short_help="Load lists with nobody watching.",
    epilog="Example: bulk-loader job check night",
)
def job() -> None:
    """Load the lists of a folder, as a table [job.NAME] in bulk_loader.toml says it."""


@job.command(
    cls=SectionedCommand,
    short_help="Load what has come in.",
    example="bulk-loader job run night",
)
@click.argument("name")
@click.option("--watch", "is_watching", is_flag=True, help="Go on, and load files as they come.")
@click.option(
    "--scheduled",
    "is_scheduled",
    is_flag=True,
    help="A timer runs it: of machines that share a ledger, one does.",
)
@options.some("config")
@options.shown
@click.pass_obj
def run(  # noqa: PLR0913 - one for each option
    app: App,
    /,
    name: str,
    *,
    is_watching: bool,
    is_scheduled: bool,
    as_json: bool,
    is_quiet: bool,
    **flags: object,
) -> ExitCode:
    """Load the lists that have come in for job NAME, and put each where it belongs.

    A list goes through working/ to done/, failed/ or repeated/. What an earlier run left in
    working/ is gone on with first. --watch ends by SIGTERM or Ctrl-C, between two leads.
    """
    watches = partial(_watch_of_one, app, as_json=as_json, is_quiet=is_quiet)
    tell = partial(_tell, app, as_json=as_json)
    app.console.is_quiet = is_quiet
    work = _watch if is_watching else partial(_run, is_scheduled=is_scheduled)
    return app.call(work, name, options.given(flags), watches, tell, app.console.alert)


@contextmanager
def _watch_of_one(
    app: App, settings: Settings, *, as_json: bool, is_quiet: bool
) -> Iterator[Progress]:
    """What is shown of one list; its run's ledger is known, for what can't be shown."""
    with app.watch({}, as_json=as_json, is_quiet=is_quiet) as watch:
        watch.ledger = settings.ledger_place
        yield watch


def _tell(app: App, night: Night, *, as_json: bool) -> None:
    from bulk_loader.cli.nights import night_json
    from bulk_loader.jobs.words import night_text

    for report in night.files:
        if report.error is not None:
            app.console.fail(report.error)
        if report.fault is not None:
            app.console.fail(crash_error(report.fault, has_started=True))
    if night.error is not None:
        app.console.fail(night.error)
    if as_json:
        app.console.json(night_json(night))
    elif not app.console.is_quiet:
        app.console.data(night_text(night))


@job.command(
    cls=SectionedCommand,
    short_help="Say what is wrong with a job, and what it would do.",
    example="bulk-loader job check night",
)
@click.argument("name")
@click.option("--alert", "is_trial", is_flag=True, help="Send a test to all who get alerts of it.")
@options.some("config")
@options.shown
@click.pass_obj
def check(
    app: App, /, name: str, *, is_trial: bool, as_json: bool, is_quiet: bool, **flags: object
) -> ExitCode:
    """Say all that is wrong with job NAME at once, and what it would do now; nothing is sent.

    It ends with 0 where the job could run, whatever the lists of now are like.
    """
    from bulk_loader.cli.nights import check_code, check_json, check_lines

    found = app.call(_check, name, options.given(flags), is_trial=is_trial)
    if as_json:
        app.console.json(check_json(found))
    elif not is_quiet or found.faults:
        for line in check_lines(found):
            app.console.data(line)
    return check_code(found)


@job.command(
    "list",
    cls=SectionedCommand,
    short_help="See all jobs, and their last runs.",
    example="bulk-loader job list",
)
@options.some("config")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def list_all(app: App, /, *, as_json: bool, **flags: object) -> None:
    """List the jobs of bulk_loader.toml, and how the last run of each ended."""
    from bulk_loader.cli.nights import job_line, jobs_json

    jobs = app.call(_list, options.given(flags))
    if as_json:
        app.console.json(jobs_json(jobs))
    else:
        for listed in jobs:
            app.console.data(job_line(listed))
    app.console.require_said()
    if not jobs and not as_json:
        app.console.say("No jobs yet. Add a table [job.NAME] to bulk_loader.toml.")


job.add_command(schedule)
job.add_command(unschedule)


def _run(  # noqa: PLR0913 - each is of its own kind
    name: str,
    flags: Mapping[str, object],
    watches: Watches,
    tell: Callable[[Night], None],
    warn: Callable[[str], None],
    *,
    is_scheduled: bool,
) -> ExitCode:
    job = _loaded(name, flags, warn)
    from bulk_loader.jobs.running import Audience, run_job

    with watches(job.settings) as watch:
        watch.take(job.settings)  # once, since it opens the log
    audience = Audience(partial(watches, job.settings), warn)
    night = run_job(job, audience, is_scheduled=is_scheduled)
    tell(night)
    return night.exit_code


def _watch(
    name: str,
    flags: Mapping[str, object],
    watches: Watches,
    tell: Callable[[Night], None],
    warn: Callable[[str], None],
) -> ExitCode:
    job = _loaded(name, flags, warn)
    from bulk_loader.jobs.running import Audience, watch_job

    with watches(job.settings) as watch:
        watch.take(job.settings)  # once, since it opens the log
    return watch_job(job, tell, Audience(partial(watches, job.settings), warn))


def _loaded(name: str, flags: Mapping[str, object], warn: Callable[[str], None]) -> Job:
    """The job; at night, others are told of a slip, too."""
    from bulk_loader.settings import read_job

    reading = read_job(name, flags)
    try:
        return reading.require_job()  # a slip is told before pandas is imported
    except LoaderError as error:
        if reading.settings is not None:
            from bulk_loader.jobs.running import Audience, tell_unread

            tell_unread(name, reading.config, reading.settings, error, Audience(warn=warn))
        raise


def _check(name: str, flags: Mapping[str, object], *, is_trial: bool) -> JobCheck:
    from datetime import UTC, datetime

    from bulk_loader.settings import read_job

    reading = read_job(name, flags)
    from bulk_loader.jobs.checking import check_job

    return check_job(name, reading, datetime.now(UTC), sends_trial=is_trial)


def _list(flags: Mapping[str, object]) -> list[ListedJob]:
    from bulk_loader.settings import load_job_file

    file = load_job_file(flags)
    from bulk_loader.jobs.listing import list_jobs

    return list_jobs(file, flags)
