"""The jobs of a settings file, each with its last run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.records import last_run
from bulk_loader.jobs.running import is_under_way
from bulk_loader.jobs.schedules.lookup import JobSchedule, schedule_of
from bulk_loader.settings import read_job

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.jobs.records import LastRun
    from bulk_loader.settings.profiles import ProfileFile


@dataclass(frozen=True, slots=True)
class ListedJob:
    """One job.

    Attributes:
        source: where its lists come from; None where its settings are so wrong that it is not known.
        faults: how many things are wrong with its settings.
        last: None where it never ran.
        schedule: when it runs.
    """

    name: str
    source: Path | None
    faults: int
    is_under_way: bool = False
    last: LastRun | None = None
    schedule: JobSchedule = field(default_factory=JobSchedule)


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
    last = last_run(job.settings.home, file.path, name)
    return ListedJob(name, job.source, faults, is_under_way(job), last, schedule)
