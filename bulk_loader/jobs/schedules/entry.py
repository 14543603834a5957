"""What a system is told of one job: all that makes up its night, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.choices import Scheduler
    from bulk_loader.jobs.marks import JobId
    from bulk_loader.jobs.schedules.timetable import Timetable
    from bulk_loader.jobs.schedules.zone import MachineZone


@dataclass(frozen=True, slots=True)
class Entry:
    """A job with its time.

    Attributes:
        argv: the command; it needs no PATH, and no working directory.
        environment: all that it needs of one; no secret is in it.
        written: folders into which it writes.
        secrets: files of secrets that its settings name, by the key that names them.
        leapt: when it runs in nights in which the clock leaps over its time, as on the wall.
    """

    job: JobId
    timetable: Timetable
    zone: MachineZone
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    written: tuple[Path, ...] = ()
    secrets: Mapping[str, Path] = field(default_factory=dict)
    leapt: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is installed: where, and its exact text."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Installed:
    """What a system says that it has.

    Attributes:
        timetable: None where a person has changed it into something that is none of ours.
    """

    scheduler: Scheduler
    timetable: Timetable | None


class Adapter(Protocol):
    """One system that runs jobs; a `SettingsError` is raised where it can't be told or asked."""

    @property
    def scheduler(self) -> Scheduler:
        """Which one."""

    def pieces(self, entry: Entry) -> tuple[Piece, ...]:
        """What `install` puts in place."""

    def notes(self) -> tuple[str, ...]:
        """What a person should know or do besides."""

    def install(self, entry: Entry) -> None:
        """Put it in place, instead of what was there for the same job."""

    def remove(self, job: JobId) -> bool:
        """Take away what was installed for a job; False where nothing was."""

    def installed(self, job: JobId) -> Installed | None:
        """What is in place for a job; None for nothing, or where there is no such system."""
