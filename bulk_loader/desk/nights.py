"""Runs jobs, each in a thread of its own, by the same workflow as the command and the timer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from bulk_loader.desk.night_course import NightCourse
from bulk_loader.desk.works import Work
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.records import last_run
from bulk_loader.jobs.running import Audience, run_job
from bulk_loader.jobs.words import counted, outcome_words

if TYPE_CHECKING:
    from bulk_loader.desk.course import Course
    from bulk_loader.desk.options import DeskOptions
    from bulk_loader.errors import LoaderError
    from bulk_loader.jobs.night import Night
    from bulk_loader.settings import Job


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended that was begun here.

    Attributes:
        faults: of the program itself, as they are told.
        notes: what was said besides, such as of others who could not be told.
    """

    night: Night
    faults: tuple[LoaderError, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NightWork:
    """A run that was begun here, whether it goes on or is over.

    Attributes:
        begun_at: UTC.
    """

    begun_at: datetime
    course: NightCourse
    work: Work[Ended]

    @property
    def is_active(self) -> bool:
        """It goes on."""
        return self.work.wait(0) is None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form was made of, so that what nobody has seen is not begun.

    Attributes:
        turn: grows with each run that is begun here.
        began_at: of the last run, whoever began it; "" where there was none.
    """

    turn: int
    began_at: str


class Nights:
    """The runs of jobs that were begun at the desk.

    Args:
        options: who is told of faults and of what is said.
    """

    def __init__(self, options: DeskOptions) -> None:
        self._crashed = options.crashed
        self._logged = options.logged
        self._works: dict[JobId, NightWork] = {}
        self._turns: Counter[JobId] = Counter()
        self._lock = Lock()
        self._is_closing = False

    def seen(self, job: Job) -> Seen:
        """What a form about this job carries."""
        last = last_run(job.settings.home, job.config, job.name)
        began_at = "" if last is None else last.began_at.isoformat()
        return Seen(self._turns[_id(job)], began_at)

    def start(self, job: Job, seen: Seen) -> bool:
        """Begin a run of a job, once for each form.

        The job's own locks decide where its timer, or anybody else, begins one at the same moment.

        Args:
            seen: by the person, when the form was made.

        Returns:
            Whether it was begun now: a form that is sent twice, or that was made before the last
            run, begins nothing.
        """
        with self._lock:
            found = self._works.get(_id(job))
            if self._is_closing or (found is not None and found.is_active):
                return False
            if seen != self.seen(job):
                return False
            self._turns[_id(job)] += 1
            course = NightCourse()
            work = Work(lambda told: self._run(job, course, told), self._crashed, "a night")
            self._works[_id(job)] = NightWork(datetime.now(UTC), course, work)
        return True

    def find(self, job: JobId) -> NightWork | None:
        """The last run of a job that was begun here; None where none was."""
        return self._works.get(job)

    def busy(self) -> list[str]:
        """Names of the jobs that are under way here."""
        return [job.name for job, found in list(self._works.items()) if found.is_active]

    def stop(self) -> None:
        """Begin nothing more, and end gently what goes on."""
        with self._lock:
            self._is_closing = True
            works = list(self._works.values())
        for found in works:
            found.course.stop()

    def close(self) -> None:
        """The same, and wait for the end."""
        self.stop()
        for found in list(self._works.values()):
            found.work.wait(None)

    def _run(self, job: Job, course: NightCourse, told: Course) -> Ended:
        with self._logged(job.settings) as logbook:
            course.heard_by(logbook)
            night = run_job(job, Audience(course.watch, told.noted), course)
            for error in (night.error, *(report.error for report in night.files)):
                if error is not None:
                    logbook.failed(error)
            ended = f"{outcome_words(night.outcome)}{counted(night.counts)}"
            logbook.noted(f"Job {night.job}: {ended}")
        faults = tuple(
            self._crashed(report.fault, has_started=True)
            for report in night.files
            if report.fault is not None
        )
        return Ended(night, faults, told.moment().notes)


def _id(job: Job) -> JobId:
    return JobId(job.name, job.config)
