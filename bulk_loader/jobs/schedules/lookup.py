"""What this machine says of a job's schedule.

It is asked of the systems themselves, each time: a record of ours would still call a job
scheduled of which somebody has removed the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError, MissingExtraError
from bulk_loader.jobs.schedules.next_runs import next_run
from bulk_loader.jobs.schedules.scheduling import this_machine
from bulk_loader.jobs.schedules.timetable import Timetable
from bulk_loader.jobs.schedules.zone import machine_zone

if TYPE_CHECKING:
    from datetime import datetime

    from bulk_loader.choices import Scheduler
    from bulk_loader.jobs.marks import JobId
    from bulk_loader.jobs.schedules.entry import Installed
    from bulk_loader.settings import JobRules


@dataclass(frozen=True, slots=True)
class JobSchedule:
    """When a job runs.

    Attributes:
        scheduler: what runs it; None where nothing does.
        timetable: that which is installed, else that of the settings; None where there is none, or
            a person has changed what is installed.
        wanted: that of the settings; None where they say none.
        next_run: aware, in the zone of the machine; None where it is not known.
        note: why something is not known; "" for nothing.
    """

    scheduler: Scheduler | None = None
    timetable: Timetable | None = None
    wanted: Timetable | None = None
    next_run: datetime | None = None
    note: str = ""

    @property
    def is_outdated(self) -> bool:
        """What is installed is not what the settings say."""
        is_known = self.scheduler is not None and self.wanted is not None
        return is_known and self.timetable != self.wanted


def schedule_of(job: JobId, rules: JobRules | None, now: datetime) -> JobSchedule:
    """What is installed for a job, and what its settings say."""
    wanted = Timetable(rules.at, rules.days) if rules is not None and rules.at else None
    found, note = _installed(job)
    if found is None:
        return JobSchedule(None, wanted, wanted, None, note)
    if found.timetable is None:
        return JobSchedule(found.scheduler, None, wanted, None, note)
    following = None
    try:
        following = next_run(found.timetable, now, machine_zone())
    except MissingExtraError as error:
        note = error.one_line
    return JobSchedule(found.scheduler, found.timetable, wanted, following, note)


def _installed(job: JobId) -> tuple[Installed | None, str]:
    """What the first system says that has it; one that can't be asked still lets jobs be shown."""
    notes = []
    for adapter in this_machine():
        try:
            found = adapter.installed(job)
        except LoaderError as error:
            notes.append(error.one_line)
        else:
            if found is not None:
                return found, " ".join(notes)
    return None, " ".join(notes)
