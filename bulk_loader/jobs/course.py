"""What a run of a job has come across so far, and the night that it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.choices import NoFile
from bulk_loader.errors import ExitCode, LoaderError
from bulk_loader.jobs.night import FileReport, Night, NightOutcome, outcome_of_error, worst

if TYPE_CHECKING:
    from datetime import datetime

    from bulk_loader.jobs.inbox import Candidate
    from bulk_loader.settings import Job


@dataclass(slots=True)
class Course:
    """The files so far, and what keeps others from being taken.

    Attributes:
        error: in three parts; None where nothing does.
        is_interrupted: somebody ended the job while no file was being loaded.
    """

    began_at: datetime
    reports: list[FileReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: LoaderError | None = None
    is_interrupted: bool = False

    def night(self, job: Job, ended_at: datetime) -> Night:
        """How it ended; a file that has not come is the least of what may have gone wrong."""
        outcome, code, why = self._ending(job)
        return Night(
            job.name,
            outcome,
            code,
            self.began_at,
            ended_at,
            why,
            tuple(self.reports),
            self.error,
            tuple(self.notes),
        )

    def _ending(self, job: Job) -> tuple[NightOutcome, ExitCode, str]:
        if self.is_interrupted:
            why = "It was interrupted while no file was being loaded."
            return NightOutcome.INTERRUPTED, ExitCode.INTERRUPTED, why
        if self.error is not None:
            error = self.error
            return outcome_of_error(error), error.exit_code, f"{error.what} {error.why}".rstrip()
        if self.reports:
            bad = worst(self.reports)
            return bad.outcome, bad.exit_code, bad.why and f"{bad.name}: {bad.why}"
        why = f"No file has come: there is none like {job.source}."
        is_failure = job.rules.no_file is NoFile.FAIL
        return NightOutcome.NO_FILE, ExitCode.BAD_FILE if is_failure else ExitCode.OK, why


def incomplete(file: Candidate) -> FileReport:
    """A file that did not come to rest in time."""
    why = "It is still being written, so it was left where it is; the next run takes it."
    return left(file, NightOutcome.INCOMPLETE, why)


def left(file: Candidate, outcome: NightOutcome, why: str) -> FileReport:
    """A file that was left where it came in, which is a failure."""
    return FileReport(file.path.name, outcome, ExitCode.BAD_FILE, why, place=file.path)
