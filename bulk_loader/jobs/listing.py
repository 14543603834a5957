"""The jobs of a settings file, each with its last run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from socket import gethostname
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.records import last_run
from bulk_loader.jobs.running import is_under_way
from bulk_loader.jobs.schedules.lookup import JobSchedule, schedule_of
from bulk_loader.jobs.shared_runs import last_shared_run
from bulk_loader.settings import read_job

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.jobs.records import LastRun
    from bulk_loader.settings import Job
    from bulk_loader.settings.profiles import ProfileFile


@dataclass(frozen=True, slots=True)
class ListedJob:
    """One job.

    Attributes:
        source: where its lists come from; None where its settings are so wrong that it is not known.
        faults: how many things are wrong with its settings.
        last: None where it never ran.
        schedule: when it runs.
        note: why it is not known what other machines did; "" where it is.
    """

    name: str
    source: Path | None
    faults: int
    is_under_way: bool = False
    last: LastRun | None = None
    schedule: JobSchedule = field(default_factory=JobSchedule)
    note: str = ""


def list_jobs(file: ProfileFile, flags: Mapping[str, object]) -> list[ListedJob]:
    """All jobs of a file, by name.

    Args:
        flags: what the user gave on the command line.
    """
    return [listed_job(name, file, flags) for name in sorted(file.jobs)]


def listed_job(name: str, file: ProfileFile, flags: Mapping[str, object]) -> ListedJob:
    """One job of a file."""
    reading = read_job(name, flags)
    job = reading.job
    assert file.path is not None, "a job was found in it"
    schedule = schedule_of(JobId(name, file.path), reading.rules, datetime.now(UTC))
    faults = len(reading.faults)
    if job is None:
        return ListedJob(name, reading.source, faults, schedule=schedule)
    last, note = _last(job)
    is_now = is_under_way(job) or (last is not None and last.is_under_way)
    return ListedJob(name, job.source, faults, is_now, last, schedule, note)


def _last(job: Job) -> tuple[LastRun | None, str]:
    """The last run on whatever machine, or on this one and why no more is known."""
    own = last_run(job.settings.home, job.config, job.name)
    if own is not None and job.settings.ledger_place.url is not None:
        own = replace(own, machine=gethostname())
    try:
        shared = last_shared_run(job)
    except LoaderError as error:
        return own, f"What other machines did is not known. {error.what}"
    # Of its own this machine knows more.
    if shared is None or (own is not None and own.machine == shared.machine):
        return own, ""
    return (own if own is not None and own.began_at > shared.began_at else shared), ""
