"""Jobs as tasks of Windows' Task Scheduler, by its command `schtasks`."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.choices import Scheduler
from bulk_loader.jobs.schedules.entry import Entry, Installed, Piece
from bulk_loader.jobs.schedules.programs import ProgramError, ask, has_program, refusal
from bulk_loader.jobs.schedules.windows_task import read_task, task_xml

if TYPE_CHECKING:
    from bulk_loader.jobs.marks import JobId


@dataclass(frozen=True, slots=True)
class Windows:
    """The tasks of one user.

    Attributes:
        user: as Windows names him.
    """

    user: str

    @property
    def scheduler(self) -> Scheduler:
        """Which one."""
        return Scheduler.WINDOWS

    def pieces(self, entry: Entry) -> tuple[Piece, ...]:
        """What `install` puts in place."""
        return (Piece(f"the task {_task(entry.job)}", task_xml(entry, self.user)),)

    def notes(self) -> tuple[str, ...]:
        """What a person should know or do besides."""
        return ("Windows lets only an administrator make a task that runs without a login.",)

    def install(self, entry: Entry) -> None:
        """Put it in place, instead of what was there for the same job."""
        if not has_program("schtasks"):
            raise refusal(
                "The job can't be told to Windows' Task Scheduler here.",
                "there is no schtasks command, which only Windows has",
                "Give the command on the Windows machine; --print shows what it would install.",
            )
        (piece,) = self.pieces(entry)
        try:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, "task.xml")
                file.write_text(piece.text, "utf-16")
                ask("schtasks", "/create", "/tn", _task(entry.job), "/xml", str(file), "/f")
        except (OSError, ProgramError) as error:
            raise refusal(
                "The job could not be told to Windows' Task Scheduler.",
                error,
                "Correct that, and give the command again as an administrator.",
            ) from error

    def remove(self, job: JobId) -> bool:
        """Take away what was installed for a job; False where nothing was."""
        if self.installed(job) is None:
            return False
        try:
            ask("schtasks", "/delete", "/tn", _task(job), "/f")
        except ProgramError as error:
            raise refusal(
                f"The task {_task(job)} can't be removed.",
                error,
                "Give the command again as an administrator.",
            ) from error
        return True

    def installed(self, job: JobId) -> Installed | None:
        """What is in place for a job; None for nothing, or where there is no such system."""
        if not has_program("schtasks"):
            return None
        try:
            told = ask("schtasks", "/query", "/tn", _task(job), "/xml")
        except ProgramError:  # which is how it says that there is none
            return None
        return Installed(Scheduler.WINDOWS, read_task(told.decode("latin-1")))


def _task(job: JobId) -> str:
    return f"\\{job.label}"


def this_windows() -> Windows:
    """The tasks of the user who runs the program."""
    names = (os.environ.get("USERDOMAIN"), os.environ.get("USERNAME") or os.environ.get("USER"))
    return Windows("\\".join(filter(None, names)))
