"""The jobs of the settings file: when they run, how their last nights ended, and what those left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import FileResponse

from bulk_loader.desk.rendering import Told
from bulk_loader.desk.visit import NotThereError, whole_number
from bulk_loader.errors import LoaderError, SettingsError
from bulk_loader.jobs.history import taken_lists
from bulk_loader.jobs.kept_nights import last_night
from bulk_loader.jobs.listing import list_jobs, listed_job
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.places import Places, is_plain
from bulk_loader.jobs.schedules.next_runs import next_run
from bulk_loader.jobs.schedules.zone import machine_zone
from bulk_loader.jobs.words import next_step, outcome_words
from bulk_loader.model import Status
from bulk_loader.reports.places import report_path
from bulk_loader.settings import load_job_file, read_job
from bulk_loader.settings.jobs import is_job_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from starlette.responses import Response

    from bulk_loader.desk.nights import Ended, NightWork
    from bulk_loader.desk.visit import Visit
    from bulk_loader.jobs.history import TakenList
    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.schedules.lookup import JobSchedule
    from bulk_loader.settings import Job
    from bulk_loader.settings.jobs import JobReading

NEXT_NIGHTS = 3
EARLIER_LISTS = 20


def jobs(visit: Visit) -> Response:
    """All of them; what is wrong with one hides no other."""
    flags = visit.office.options.flags
    file = load_job_file(flags)
    listed = list_jobs(file, flags) if file.jobs else []
    return visit.show(
        "jobs.html",
        file=file.path,
        jobs=[(job, is_job_name(job.name)) for job in listed],
        outcome_words=outcome_words,
    )


def job(visit: Visit) -> Response:
    """One of them: when it runs, and how its last night ended."""
    name, flags = visit.named["job"], visit.office.options.flags
    reading = reading_of(visit)
    listed = listed_job(name, load_job_file(flags), flags)
    begun = visit.office.nights.find(JobId(name, reading.config))
    night, ended = _last(name, reading, begun)
    errors = [] if ended is None else [Told.of(fault) for fault in ended.faults]
    if (failure := _failure(begun, night)) is not None:
        errors.append(Told.of(failure))
    earlier, trouble = _earlier(reading.job)
    return visit.show(
        "job.html",
        errors=errors,
        listed=listed,
        faults=reading.faults,
        config=reading.config,
        is_here=begun is not None and begun.is_active,
        following=_following(listed.schedule),
        night=night,
        counts=_counted(night.counts) if night else [],
        next_step=next_step(night) if night else "",
        notes=ended.notes if ended else (),
        outcome_words=outcome_words,
        earlier=[(taken, _left(taken)) for taken in earlier],
        trouble=trouble,
        is_stale="stale" in visit.query,
    )


def reading_of(visit: Visit) -> JobReading:
    """The job that the address names, as far as it can be read.

    Raises:
        NotThereError: there is none of that name.
        SettingsError: the settings file can't be read.
    """
    name, flags = visit.named["job"], visit.office.options.flags
    if name not in load_job_file(flags).jobs:
        raise NotThereError(
            "There is no job of that name.",
            "The settings file has none, or not any more.",
            "See all jobs for those that are there.",
        )
    return read_job(name, flags)


def _last(
    name: str, reading: JobReading, begun: NightWork | None
) -> tuple[Night | None, Ended | None]:
    """How the last run ended, and what is known of it besides where it was begun here."""
    settings = reading.settings
    night = None if settings is None else last_night(settings.home, reading.config, name)
    done = None if begun is None else begun.work.wait(0)
    ended = None if done is None else done.result
    if ended is None or (night is not None and night.began_at > ended.night.began_at):
        return night, None
    return ended.night, ended


def _failure(begun: NightWork | None, night: Night | None) -> LoaderError | None:
    """Why the last run that was begun here did not come to be a night."""
    done = None if begun is None else begun.work.wait(0)
    if begun is None or done is None or (night is not None and night.began_at > begun.begun_at):
        return None
    return done.error


def _following(schedule: JobSchedule) -> list[datetime]:
    """The next nights; none where nothing runs the job, or when is not known."""
    if schedule.next_run is None or schedule.timetable is None:
        return []
    zone, found = machine_zone(), [schedule.next_run]
    while len(found) < NEXT_NIGHTS:
        found.append(next_run(schedule.timetable, found[-1], zone))
    return found


def _counted(counts: Mapping[Status, int]) -> list[tuple[Status, int]]:
    return [(status, counts[status]) for status in Status if counts.get(status)]


def _earlier(job: Job | None) -> tuple[list[TakenList], str]:
    """The last lists of a job, and why they are not known."""
    if job is None:
        return [], ""
    try:
        return taken_lists(job.settings, Places(job.workspace).all, EARLIER_LISTS), ""
    except LoaderError as error:
        return [], error.one_line


def download(visit: Visit) -> Response:
    """The results or the report of a list that the job has taken, to be saved."""
    job = _readable(visit)
    for taken in taken_lists(job.settings, Places(job.workspace).all, EARLIER_LISTS):
        if taken.run_id == visit.named["run_id"]:
            return _given_out(job, _left(taken).get(visit.named["what"]))
    raise _NOTHING


def _left(taken: TakenList) -> dict[str, Path]:
    """What a run left beside its list, by what it is."""
    paths = {"results": taken.results, "report": report_path(taken.results)}
    return {what: path for what, path in paths.items() if is_plain(path)}


def download_of_night(visit: Visit) -> Response:
    """What the last night left of one of its files, to be saved."""
    job = _readable(visit)
    night, _ = _last(job.name, reading_of(visit), visit.office.nights.find(_id(job)))
    number = whole_number(visit.named["number"], -1)
    if (
        night is None
        or night.began_at.isoformat() != visit.query.get("of")
        or not 0 <= number < len(night.files)
    ):
        raise _NOTHING
    left = night.files[number]
    paths = {"results": left.results, "report": left.report, "list": left.place}
    return _given_out(job, paths.get(visit.named["what"]))


def _readable(visit: Visit) -> Job:
    reading = reading_of(visit)
    if reading.job is None:
        raise SettingsError(
            "Its folders are not known.",
            "Something is wrong with the settings of the job.",
            "Correct what its page names.",
        )
    return reading.job


def _id(job: Job) -> JobId:
    return JobId(job.name, job.config)


def _given_out(job: Job, path: Path | None) -> Response:
    """A file of the job's own folders, and nothing else, whatever a record names.

    Raises:
        NotThereError: it is not there.
    """
    folders = {folder.resolve() for folder in Places(job.workspace).all}
    if path is None or not is_plain(path) or path.parent.resolve() not in folders:
        raise _NOTHING
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


_NOTHING = NotThereError(
    "This file is not there.",
    "The job has run since, or somebody has moved it.",
    "Look at the job for what there is now.",
)
