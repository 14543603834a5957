"""A run of a job: once, for all that there is now, or until somebody ends it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.clock import SystemClock
from bulk_loader.jobs.loading import silent
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.jobs.resting import POLL_S
from bulk_loader.jobs.shift import Shift
from bulk_loader.runs.locks import held, is_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.jobs.clock import Clock
    from bulk_loader.jobs.loading import Watches
    from bulk_loader.jobs.night import Night
    from bulk_loader.settings import Job


def run_job(job: Job, watches: Watches = silent, clock: Clock | None = None) -> Night:
    """Load what there is for a job now, and put each file where it belongs.

    Args:
        watches: gives a watch for each file.

    Returns:
        How it ended, whatever went wrong with files, folders or credentials.

    Raises:
        LockedError: another run of the job is under way.
        LedgerError: the locks can't be written.
    """
    with _alone(job):
        return Shift(job, watches, clock or SystemClock()).once()


def watch_job(
    job: Job, tell: Callable[[Night], None], watches: Watches = silent, clock: Clock | None = None
) -> ExitCode:
    """Load files as they come, until somebody ends it.

    That none has come is no failure here, since none is known to be the last.

    Args:
        tell: is told how one file, or several that came together, ended.

    Returns:
        OK where it was ended between two files, INTERRUPTED where in one, with which the next run
        goes on; that of the first night where its settings keep it from taking anything.

    Raises:
        LockedError: another run of the job is under way.
        LedgerError: the locks can't be written.
    """
    clock = clock or SystemClock()
    with _alone(job), suppress(KeyboardInterrupt):
        shift = Shift(job, watches, clock)
        is_first = True
        while True:
            night = shift.next()
            if night is None:
                clock.sleep(POLL_S)
                continue
            if night.outcome is NightOutcome.INTERRUPTED and not night.files:
                break
            tell(night)
            if night.exit_code is ExitCode.INTERRUPTED or (is_first and night.error is not None):
                return night.exit_code
            is_first = False
    return ExitCode.OK


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
