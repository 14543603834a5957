"""A job as it would run at night: read anew in an environment that has nothing of this shell."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bulk_loader.errors import SettingsError
from bulk_loader.jobs.checking import job_faults
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.schedules.entry import Entry
from bulk_loader.jobs.schedules.next_runs import leapt_nights
from bulk_loader.jobs.schedules.programs import refusal
from bulk_loader.jobs.schedules.timetable import Timetable
from bulk_loader.jobs.schedules.zone import machine_zone
from bulk_loader.settings import read_job
from bulk_loader.settings.clock_times import parse_days, parse_times
from bulk_loader.settings.faults import SettingFault, faults_error
from bulk_loader.settings.settings import KEYRING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from bulk_loader.jobs.schedules.wanted import Wanted
    from bulk_loader.settings import Job, Settings
    from bulk_loader.settings.jobs import JobReading

T = TypeVar("T")

PREFIX = "BULK_LOADER_"
HOME, KEY_FILE = f"{PREFIX}HOME", f"{PREFIX}KEY_FILE"
_CARRIED = {HOME, KEY_FILE, f"{PREFIX}CONFIG"}
_SECRETS = ("token", "token_file", "password", "password_file")
# What else of an environment decides how the dialer is reached (httpx, OpenSSL).
_OF_THE_WAY = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)


def form_entry(
    wanted: Wanted, environ: Mapping[str, str], now: datetime
) -> tuple[Entry, tuple[str, ...]]:
    """What a system is to be told of a job, and notes for whoever tells it.

    Raises:
        SettingsError: the job could not run at night, or no time is said.
        MissingExtraError: what reckons with time is not installed.
    """
    here = read_job(wanted.job, wanted.flags, environ=environ)
    if here.job is None or here.settings is None:
        raise faults_error(here.faults)
    timetable = _timetable(here.job, wanted)
    carried = _environment(here.settings, environ)
    flags = {"config": here.job.config.absolute()}
    at_night = read_job(wanted.job, flags, environ=carried, directory=Path.home())
    job = _require_able(wanted.job, here.settings, at_night)
    zone = machine_zone()
    is_shared = job.settings.ledger is not None
    is_of_many = is_shared and timetable == Timetable(job.rules.at, job.rules.days)
    entry = Entry(
        JobId(job.name, job.config),
        timetable,
        zone,
        _argv(job, is_of_many=is_of_many),
        carried,
        _written(job),
        _secret_files(job.settings),
        tuple(leapt_nights(timetable, now, zone)),
    )
    _require_plain(entry)
    notes = tuple(_notes(job, environ, zone.name))
    return entry, (*notes, _OF_EACH) if is_shared and not is_of_many else notes


_OF_EACH = (
    "These times are not those of the job's settings, so each of the machines that share the ledger "
    "runs it by itself: with the same times in the settings of all, one of them does."
)


def _timetable(job: Job, wanted: Wanted) -> Timetable:
    """The options win over the settings."""
    faults: list[SettingFault] = []
    times, days = job.rules.at, job.rules.days
    if wanted.at:
        times = _parsed("--at", ", ".join(wanted.at), lambda _: parse_times(wanted.at), faults)
    if wanted.days is not None:
        days = _parsed("--days", wanted.days, parse_days, faults)
    if faults:
        raise faults_error(faults)
    if not times:
        raise SettingsError(
            f"No time is given for job {job.name}.",
            f'Looked at --at, and "at" in [job.{job.name}] of {job.config}.',
            'Add one of them, such as --at 02:00 or at = "02:00".',
        )
    return Timetable(times, days)


def _parsed(
    place: str,
    written: str,
    parse: Callable[[str], tuple[T, ...]],
    faults: list[SettingFault],
) -> tuple[T, ...]:
    try:
        return parse(written)
    except ValueError as error:
        faults.append(SettingFault(place, f"{written} {error}."))
        return ()


def _environment(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """Where the ledger is, and how this program is found where it is not installed."""
    carried = {HOME: str(settings.home)}
    if environ.get(KEY_FILE) and settings.key_file is not None:
        carried[KEY_FILE] = str(settings.key_file)
    if path := environ.get("PYTHONPATH"):
        places = [str(Path(each).absolute()) for each in path.split(os.pathsep) if each]
        carried["PYTHONPATH"] = os.pathsep.join(places)
    return carried


def _argv(job: Job, *, is_of_many: bool) -> tuple[str, ...]:
    """Without what may lie in the directory in which a system starts it (-P).

    Args:
        is_of_many: other machines may run it at the same time, and one is to do it.
    """
    python = (sys.executable, "-P", "-m", "bulk_loader")
    scheduled = ("--scheduled",) if is_of_many else ()
    return (*python, "job", "run", job.name, "--config", str(job.config), *scheduled)


def _require_able(name: str, here: Settings, at_night: JobReading) -> Job:
    settings = at_night.settings
    if settings is not None and not settings.sandbox:
        _require_credentials(name, here, settings)
    if faults := job_faults(name, at_night):
        raise faults_error(faults)
    assert at_night.job is not None, "it has no faults"
    return at_night.job


def _require_credentials(name: str, here: Settings, at_night: Settings) -> None:
    """Those that only a variable of this shell gives are gone when it is closed."""
    places = [here.origin(key) for key in _SECRETS if getattr(here, key)]
    variables = [place for place in places if place.startswith(PREFIX)]
    if not variables:
        return
    try:
        at_night.require_credentials()
    except SettingsError as error:
        raise SettingsError(
            f"Job {name} would have no credentials at night.",
            f"They stand only in {' and '.join(variables)} of this shell, which no schedule has.",
            "Put the token into a file that only you can read (chmod 600), and name it in the job: "
            'token_file = "/full/path"',
        ) from error


def _secret_files(settings: Settings) -> dict[str, Path]:
    files = {"token_file": settings.token_file, "password_file": settings.password_file}
    return {key: file for key, file in files.items() if file is not None}


def _written(job: Job) -> tuple[Path, ...]:
    """Folders that a run writes to, each once, without those that stand in another one."""
    settings = job.settings
    files = (settings.log_file, settings.key_file)
    folders = [settings.home, job.workspace, job.folder]
    folders += [file.parent for file in files if file is not None]
    if settings.metrics_folder is not None:
        folders.append(settings.metrics_folder)
    each = dict.fromkeys(Path(os.path.realpath(folder)) for folder in folders)
    return tuple(folder for folder in each if not each.keys() & set(folder.parents))


def _require_plain(entry: Entry) -> None:
    """No line break or other sign that nobody sees: it would begin a line of its own."""
    words = [*entry.argv, *entry.environment.values()]
    words += map(str, (*entry.written, *entry.secrets.values()))
    for word in words:
        if not word.isprintable():
            raise refusal(
                "The job can't be scheduled.",
                f"{word!a} has a line break, or a sign that can't be printed",
                "Rename that folder or file.",
            )


def _notes(job: Job, environ: Mapping[str, str], zone: str) -> Iterator[str]:
    if not job.settings.sandbox and job.settings.origin_of_credentials == KEYRING:
        yield (
            "The credentials are in the keyring, which is locked while nobody is logged in: for a "
            "server, put them into a file and name it as token_file or password_file."
        )
    absent = {each for each in environ if each.startswith(PREFIX)} - _CARRIED
    absent |= {each for each in _OF_THE_WAY if each in environ}
    if named := ", ".join(sorted(each for each in absent if environ[each])):
        yield (
            f"Set in this shell, and not there at night: {named}. What the job needs of it belongs "
            "into its settings."
        )
    if environ.get("TZ") not in {None, "", zone}:
        yield f"TZ of this shell does not count: a schedule goes by the machine's zone, {zone}."
