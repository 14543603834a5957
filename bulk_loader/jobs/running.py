"""A run of a job: once, for all that there is now, or until somebody ends it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode, LoaderError
from bulk_loader.jobs.clock import SystemClock
from bulk_loader.jobs.hold import OwnNight
from bulk_loader.jobs.loading import silent
from bulk_loader.jobs.night import Night, NightOutcome, outcome_of_error
from bulk_loader.jobs.one_night import ElsewhereError, night_of
from bulk_loader.jobs.records import earlier_runs
from bulk_loader.jobs.resting import POLL_S
from bulk_loader.jobs.shift import Shift
from bulk_loader.jobs.telling.telling import telling_of
from bulk_loader.runs.locks import held, is_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.jobs.clock import Clock
    from bulk_loader.jobs.loading import Watches
    from bulk_loader.jobs.telling.telling import Telling
    from bulk_loader.settings import Job, Settings


def warn_nobody(_: str) -> None:
    """Nobody is told whom nothing could be told."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who follows the runs of a job.

    Attributes:
        watches: gives a watch for each file.
        warn: is told of others who could not be told how a run ended, one sentence each.
    """

    watches: Watches = silent
    warn: Callable[[str], None] = warn_nobody


def run_job(
    job: Job,
    audience: Audience | None = None,
    clock: Clock | None = None,
    *,
    is_scheduled: bool = False,
) -> Night:
    """Load what there is for a job now, put each file where it belongs, and tell who is to know.

    Args:
        is_scheduled: a timer has begun it; of several machines with one ledger, one runs it then.

    Returns:
        How it ended, whatever went wrong with files, folders or credentials; or how it had ended
        on another machine.

    Raises:
        LockedError: another run of the job is under way.
        LedgerError: the locks can't be written.
    """
    audience, clock = audience or Audience(), clock or SystemClock()
    telling = telling_of(job.name, job.settings, audience.warn)
    with (
        _failures_told(job, telling, clock),
        _alone(job),
        night_of(job, clock.now(), is_scheduled=is_scheduled) as hold,
    ):
        if isinstance(hold, Night):
            return hold
        hold.began(telling)
        return hold.ended(Shift(job, audience.watches, clock, hold).once(), telling)


def watch_job(
    job: Job,
    tell: Callable[[Night], None],
    audience: Audience | None = None,
    clock: Clock | None = None,
) -> ExitCode:
    """Load files as they come, until somebody ends it.

    That none has come is no failure here, since none is known to be the last.

    Args:
        tell: is told how one file, or several that came together, ended; so are the others.

    Returns:
        OK where it was ended between two files, INTERRUPTED where in one, with which the next run
        goes on; that of the first night where its settings keep it from taking anything.

    Raises:
        LockedError: another run of the job is under way.
        LedgerError: the locks can't be written.
    """
    audience, clock = audience or Audience(), clock or SystemClock()
    telling = telling_of(job.name, job.settings, audience.warn)
    with _failures_told(job, telling, clock), _alone(job), suppress(KeyboardInterrupt):
        earlier = earlier_runs(job.settings.home, job.config, job.name)
        shift = Shift(job, audience.watches, clock, OwnNight(earlier))
        is_first = True
        while True:
            night = shift.next()
            if night is None:
                clock.sleep(POLL_S)
                continue
            if night.outcome is NightOutcome.INTERRUPTED and not night.files:
                break
            tell(night)
            telling.ended(night, earlier)
            if night.exit_code is ExitCode.INTERRUPTED or (is_first and night.error is not None):
                return night.exit_code
            earlier, is_first = earlier.after(night), False
    return ExitCode.OK


def tell_unread(
    name: str, config: Path, settings: Settings, error: LoaderError, audience: Audience
) -> None:
    """Tell others that a job can't even begin, since something is wrong with what it is told."""
    telling = telling_of(name, settings, audience.warn)
    night = _failed(name, error, SystemClock())
    telling.ended(night, earlier_runs(settings.home, config, name))


@contextmanager
def _failures_told(job: Job, telling: Telling, clock: Clock) -> Iterator[None]:
    """Tell others also of a run that can't begin, or that a fault of the program ends.

    Of one that another machine carries out, that machine tells.
    """
    try:
        yield
    except ElsewhereError:
        raise
    except Exception as failure:
        fault = LoaderError(
            "A fault of the program ended it.",
            f"It is of the kind {type(failure).__name__}; a report was written where the job ran.",
        )
        error = failure if isinstance(failure, LoaderError) else fault
        earlier = earlier_runs(job.settings.home, job.config, job.name)
        telling.ended(_failed(job.name, error, clock), earlier)
        raise


def _failed(name: str, error: LoaderError, clock: Clock) -> Night:
    outcome, why = outcome_of_error(error), f"{error.what} {error.why}".rstrip()
    now = clock.now()
    return Night(name, outcome, error.exit_code, now, now, why, error=error)


def is_under_way(job: Job) -> bool:
    """Whether a run of the job is under way on this machine."""
    return is_held(job.settings.home, [_lock_name(job)])


def _lock_name(job: Job) -> str:
    # By its folder, which no other job has, whatever name the job has tomorrow.
    return f"job\0{os.path.realpath(job.workspace)}"


@contextmanager
def _alone(job: Job) -> Iterator[None]:
    otherwise = f"The job {job.name} is under way already."
    with held(job.settings.home, [_lock_name(job)], otherwise):
        yield
