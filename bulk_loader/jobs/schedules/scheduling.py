"""A job is scheduled on this machine, or taken off it again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.schedules.cron import Cron
from bulk_loader.jobs.schedules.forming import HOME, form_entry
from bulk_loader.jobs.schedules.next_runs import next_run
from bulk_loader.jobs.schedules.programs import ProgramError, refusal, start_bare
from bulk_loader.jobs.schedules.systemd import this_systemd
from bulk_loader.jobs.schedules.windows import this_windows
from bulk_loader.owners import make_private
from bulk_loader.settings import load_job_file
from bulk_loader.settings.jobs import is_job_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulk_loader.choices import Scheduler
    from bulk_loader.jobs.schedules.entry import Adapter, Entry, Piece
    from bulk_loader.jobs.schedules.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be installed.

    Attributes:
        pieces: exactly.
        notes: what a person should know or do besides.
        next_run: aware, in the zone of the machine.
    """

    entry: Entry
    adapter: Adapter
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...]
    next_run: datetime


def this_machine() -> tuple[Adapter, ...]:
    """All that could run a job here."""
    return Cron(), this_systemd(), this_windows()


def propose(wanted: Wanted, environ: Mapping[str, str], now: datetime) -> Proposal:
    """What would be installed for a job that could run; nothing is changed.

    Raises:
        SettingsError: it could not run at night, no time is said, or the system can't be told it.
        MissingExtraError: an extra is needed.
    """
    entry, notes = form_entry(wanted, environ, now)
    (adapter,) = (each for each in this_machine() if each.scheduler is wanted.scheduler)
    pieces = adapter.pieces(entry)
    _require_start(entry)
    following = next_run(entry.timetable, now, entry.zone)
    return Proposal(entry, adapter, pieces, (*notes, *adapter.notes()), following)


def _require_start(entry: Entry) -> None:
    python = entry.argv[: entry.argv.index("job")]
    try:
        start_bare((*python, "--version"), entry.environment)
    except ProgramError as error:
        raise refusal(
            "The program can't be started as a schedule would start it.",
            error,
            f"Install it for {python[0]}: pip install bulk-loader",
        ) from error


def install(proposal: Proposal) -> tuple[Scheduler, ...]:
    """Put in place what was proposed; the other systems from which the job was taken for it.

    Raises:
        SettingsError: it can't be put in place.
    """
    entry = proposal.entry
    _make_folders(entry)
    proposal.adapter.install(entry)
    others = [each for each in this_machine() if each.scheduler is not proposal.adapter.scheduler]
    return tuple(each.scheduler for each in others if each.remove(entry.job))


def _make_folders(entry: Entry) -> None:
    """A service that may write only to folders that are there could make none."""
    try:
        make_private(Path(entry.environment[HOME]))
        for folder in entry.written:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(
            "A folder of the job can't be made.",
            f"{error.filename}: {error.strerror}",
            "Let this user write there, or name another folder.",
        ) from error


def remove(
    name: str, flags: Mapping[str, object], scheduler: Scheduler | None
) -> tuple[Scheduler, ...]:
    """Take away what is installed for a job, which need not stand in its file any more.

    Args:
        scheduler: None for all of this machine.

    Returns:
        Those from which it was taken.

    Raises:
        SettingsError: it is not known which file is meant, or a system can't be told.
    """
    job = _meant(name, flags)
    asked = [each for each in this_machine() if scheduler in {None, each.scheduler}]
    return tuple(each.scheduler for each in asked if each.remove(job))


def _meant(name: str, flags: Mapping[str, object]) -> JobId:
    if not is_job_name(name):
        raise SettingsError(
            f"{name} is not the name of a job.",
            "One has letters without accents, digits, - and _.",
            "See the jobs with: bulk-loader job list",
        )
    named = flags.get("config") or os.environ.get("BULK_LOADER_CONFIG")
    if named:  # which need not be there
        return JobId(name, Path(str(named)).expanduser().absolute())
    path = load_job_file(flags).path
    if path is None:
        raise SettingsError(
            f"It is not known which job {name} is meant.",
            "There is no bulk_loader.toml here, and several may have a job of that name.",
            "Name the file that it stood in with --config.",
        )
    return JobId(name, path)
