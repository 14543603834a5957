"""Jobs as systemd's timers: of the system for root, of the user's own service manager else."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.choices import Scheduler
from bulk_loader.errors import SettingsError
from bulk_loader.jobs.schedules.entry import Entry, Installed, Piece
from bulk_loader.jobs.schedules.programs import ProgramError, ask, refusal
from bulk_loader.jobs.schedules.systemd_units import first_line, service_unit, timer_unit
from bulk_loader.jobs.schedules.timetable import from_calendars
from bulk_loader.owners import user_name

if TYPE_CHECKING:
    from bulk_loader.jobs.marks import JobId

_CALENDAR = "OnCalendar="
_LINGERING = Path("/var/lib/systemd/linger")


@dataclass(frozen=True, slots=True)
class Systemd:
    """One service manager.

    Attributes:
        folder: of its units.
        is_user: it is that of this user.
        lingering: has a file for each user whose service manager runs without a session.
    """

    folder: Path
    is_user: bool
    lingering: Path = _LINGERING

    @property
    def scheduler(self) -> Scheduler:
        """Which one."""
        return Scheduler.SYSTEMD

    def pieces(self, entry: Entry) -> tuple[Piece, ...]:
        """What `install` puts in place."""
        service, timer = self._paths(entry.job)
        return (
            Piece(str(service), service_unit(entry, is_user=self.is_user)),
            Piece(str(timer), timer_unit(entry)),
        )

    def notes(self) -> tuple[str, ...]:
        """What a person should know or do besides."""
        if not self.is_user or (self.lingering / user_name(os.geteuid())).exists():
            return ()
        return ("Nothing runs while this user is not logged in, until: loginctl enable-linger",)

    def install(self, entry: Entry) -> None:
        """Put it in place, instead of what was there for the same job."""
        pieces = self.pieces(entry)
        try:
            self._systemctl("show", "--property=Version")  # fails where no manager is running
        except ProgramError as error:
            raise refusal(
                "The job can't be told to systemd.",
                error,
                "Use --with cron, or --print to install the units elsewhere.",
            ) from error
        # What it remembers of the last time would let a job run at once that has a new one.
        self.remove(entry.job)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for piece in pieces:
                Path(piece.place).write_text(piece.text, "utf-8")
            self._systemctl("daemon-reload")
            self._systemctl("enable", "--now", self._link(entry.job).name)
        except (OSError, ProgramError) as error:
            self.remove(entry.job)
            why = error.strerror if isinstance(error, OSError) else error
            raise refusal(
                "The job could not be told to systemd; nothing of it is left there.",
                why,
                f"Look at {self.folder} and give the command again, or use --with cron.",
            ) from error

    def remove(self, job: JobId) -> bool:
        """Take away what was installed for a job; False where nothing was."""
        link = self._link(job)
        paths = [path for path in self._paths(job) if os.path.lexists(path)]
        if not paths and not os.path.lexists(link):
            return False
        for path in paths:
            _require_ours(path, job)
        for words in (("disable", "--now", link.name), ("clean", "--what=state", link.name)):
            with suppress(ProgramError):  # it does not run here, or does not know the timer
                self._systemctl(*words)
        try:
            for path in (link, *paths):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise refusal(
                f"The units in {self.folder} can't be removed.",
                f"the system says: {error.strerror}",
                "Remove them as the user who owns them.",
            ) from error
        with suppress(ProgramError):
            self._systemctl("daemon-reload")
        return True

    def installed(self, job: JobId) -> Installed | None:
        """What is in place for a job; None for nothing, or where there is no such system."""
        if not os.path.lexists(self._link(job)):
            return None
        try:
            lines = self._paths(job)[1].read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return None
        told = (line.removeprefix(_CALENDAR) for line in lines if line.startswith(_CALENDAR))
        recurring = [each for each in told if "*" in each]  # not the nights of leaps
        return Installed(Scheduler.SYSTEMD, from_calendars(recurring))

    def _paths(self, job: JobId) -> tuple[Path, Path]:
        return self.folder / f"{job.label}.service", self.folder / f"{job.label}.timer"

    def _link(self, job: JobId) -> Path:
        """By which systemd knows that a timer is turned on."""
        return self.folder / "timers.target.wants" / f"{job.label}.timer"

    def _systemctl(self, *words: str) -> None:
        ask("systemctl", *(("--user",) if self.is_user else ()), *words)


def _require_ours(path: Path, job: JobId) -> None:
    with suppress(OSError, UnicodeDecodeError):
        if path.read_text("utf-8").startswith(f"{first_line(job)}\n"):
            return
    raise SettingsError(
        f"{path} is not touched.",
        "It has the name of a unit of this job, and was not written by this program.",
        "Look at it, and remove it yourself.",
    )


def this_systemd() -> Systemd:
    """The service manager in which this user's jobs run."""
    if os.name == "posix" and os.geteuid() == 0:
        return Systemd(Path("/etc/systemd/system"), is_user=False)
    configuration = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Systemd(Path(configuration) / "systemd" / "user", is_user=True)
