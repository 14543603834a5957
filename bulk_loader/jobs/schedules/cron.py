"""Jobs in the crontab of this user.

python-crontab writes our lines. It would also put the lines of others in another form, or turn
off what it does not understand, so their bytes never pass through it.
"""

from __future__ import annotations

import shlex
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.choices import Scheduler
from bulk_loader.jobs.schedules.entry import Entry, Installed, Piece
from bulk_loader.jobs.schedules.next_runs import missing_extra
from bulk_loader.jobs.schedules.programs import ProgramError, ask, has_program, refusal
from bulk_loader.jobs.schedules.timetable import from_expressions

if TYPE_CHECKING:
    from bulk_loader.jobs.marks import JobId

# What crontab says where nobody has written one yet; the second is BusyBox's.
_EMPTY = ("no crontab for", "No such file or directory")
_DAEMONS = {"cron", "crond", "fcron"}
_FIELDS = 5
_PLACE = "the crontab of this user"


@dataclass(frozen=True, slots=True)
class Cron:
    """The crontab that the command `crontab` gives and takes.

    Attributes:
        proc: where the system tells which programs run.
    """

    proc: Path = Path("/proc")

    @property
    def scheduler(self) -> Scheduler:
        """Which one."""
        return Scheduler.CRON

    def pieces(self, entry: Entry) -> tuple[Piece, ...]:
        """What `install` puts in place."""
        return (Piece(_PLACE, "".join(_lines(entry))),)

    def notes(self) -> tuple[str, ...]:
        """What a person should know or do besides."""
        mail = "cron sends what a job prints by mail to this user, where mail is set up here."
        if not self.proc.is_dir() or self._is_running():
            return (mail,)
        return (mail, "No cron is running here, as far as can be seen: start it, or nothing runs.")

    def _is_running(self) -> bool:
        for told in self.proc.glob("[0-9]*/comm"):
            with suppress(OSError):  # it has ended meanwhile
                if told.read_text("utf-8", "replace").strip() in _DAEMONS:
                    return True
        return False

    def install(self, entry: Entry) -> None:
        """Put it in place, instead of what was there for the same job."""
        ours = [line.encode("utf-8", "surrogateescape") for line in _lines(entry)]
        before = _read()
        places = [number for number, line in enumerate(before) if _is_of(line, entry.job)]
        kept = [line for line in before if not _is_of(line, entry.job)]
        at = places[0] if places else len(kept)
        if at == len(kept) and kept and not kept[-1].endswith(b"\n"):
            kept[-1] += b"\n"
        _write([*kept[:at], *ours, *kept[at:]])

    def remove(self, job: JobId) -> bool:
        """Take away what was installed for a job; False where nothing was."""
        if not has_program("crontab"):
            return False
        before = _read()
        kept = [line for line in before if not _is_of(line, job)]
        if kept == before:
            return False
        _write(kept)
        return True

    def installed(self, job: JobId) -> Installed | None:
        """What is in place for a job; None for nothing, or where there is no such system."""
        if not has_program("crontab"):
            return None
        lines = [line for line in _read() if _is_of(line, job)]
        if not lines:
            return None
        told = [b" ".join(line.split(None, _FIELDS)[:_FIELDS]) for line in lines]
        return Installed(Scheduler.CRON, from_expressions(each.decode("latin-1") for each in told))


def _lines(entry: Entry) -> list[str]:
    """Our lines of the crontab; what a shell and cron would read otherwise is quoted for both."""
    try:
        from crontab import CronItem  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise missing_extra("python-crontab", "The lines for cron can't be written.") from error
    given = (f"{name}={value}" for name, value in entry.environment.items())
    # By env, since the crontab may name a shell that knows no other way to give a variable.
    words = ("/usr/bin/env", *given, *entry.argv)
    if any("\\" in word for word in words):
        raise refusal(
            "The job can't be told to cron.",
            "a path has a backslash, which one cron keeps and another one takes away",
            "Rename that folder or file, or use --with systemd.",
        )
    lines = []
    for expression in entry.timetable.expressions:
        item = CronItem(shlex.join(words), comment=_comment(entry.job))
        item.setall(expression)
        lines.append(f"{item.render()}\n")
    return lines


def _comment(job: JobId) -> str:
    return f"bulk-loader job {job.name} {job.mark}"


def _is_of(line: bytes, job: JobId) -> bool:
    """A line of ours that cron obeys; one that somebody has turned off is not."""
    is_told = line.rstrip().endswith(f"# {_comment(job)}".encode())
    return is_told and not line.lstrip().startswith(b"#")


def _read() -> list[bytes]:
    try:
        return ask("crontab", "-l").splitlines(keepends=True)
    except ProgramError as error:
        if any(each in str(error) for each in _EMPTY):
            return []
        raise refusal(
            "The crontab of this user can't be read.",
            error,
            "Install cron and let this user have a crontab, or use --with systemd.",
        ) from error


def _write(lines: list[bytes]) -> None:
    try:
        ask("crontab", "-", given=b"".join(lines))
    except ProgramError as error:
        raise refusal(
            "The crontab of this user can't be written; it is as it was.",
            error,
            "Correct that, or use --with systemd.",
        ) from error
