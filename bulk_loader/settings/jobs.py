"""A job, from its table `[job.NAME]`, the variables, its profile and the rest of the file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bulk_loader.errors import SettingsError
from bulk_loader.settings import job_groups, values
from bulk_loader.settings.faults import SettingFault, faults_error, faults_of
from bulk_loader.settings.groups import CONFIG
from bulk_loader.settings.handed import handed_layer
from bulk_loader.settings.job_groups import JOB_SETTINGS
from bulk_loader.settings.loading import (
    collected,
    file_layers,
    first,
    in_file,
    working_directory,
)
from bulk_loader.settings.paths import path_from
from bulk_loader.settings.profiles import ProfileFile, find_profile_file
from bulk_loader.settings.sources import Layer, flags_layer, variables_layer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_loader.settings.settings import Settings
    from bulk_loader.settings.statements import Setting


class JobRules(job_groups.JobSettings, BaseModel):
    """What a job is told besides the settings of an upload."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, arbitrary_types_allowed=True
    )


JobRules.model_rebuild(_types_namespace={**vars(job_groups), "values": values})


@dataclass(frozen=True, slots=True)
class Job:
    """An unattended upload.

    Attributes:
        config: the settings file that tells of it.
        source: the list, or a folder with a pattern for names in it; absolute.
    """

    name: str
    config: Path
    settings: Settings
    rules: JobRules
    source: Path

    @property
    def folder(self) -> Path:
        """Where its lists come in."""
        return self.source.parent

    @property
    def pattern(self) -> str:
        """What the names of its lists look like."""
        return self.source.name

    @property
    def workspace(self) -> Path:
        """Where its folders stand: working, done, failed and repeated."""
        return self.rules.workspace or self.folder


@dataclass(frozen=True, slots=True)
class JobReading:
    """What was read of a job; what is None is so wrong that there is none.

    Attributes:
        config: the settings file that tells of it.
        job: None where any of the others is.
        source: as `Job.source`.
        faults: all that is wrong.
    """

    config: Path
    job: Job | None
    settings: Settings | None
    rules: JobRules | None
    source: Path | None
    faults: tuple[SettingFault, ...]

    def require_job(self) -> Job:
        """The job.

        Raises:
            SettingsError: all that is wrong with it.
        """
        if self.job is None or self.faults:
            raise faults_error(self.faults)
        return self.job


def load_job_file(
    flags: Mapping[str, object],
    *,
    environ: Mapping[str, str] = os.environ,
    directory: Path | None = None,
) -> ProfileFile:
    """The settings file whose jobs are meant; found as for every other command.

    Raises:
        SettingsError: it can't be read, or may be another user's word.
    """
    directory = working_directory() if directory is None else directory.absolute()
    given = [flags_layer(flags, directory), variables_layer(environ, directory)]
    return find_profile_file(first(given, CONFIG), directory)


def read_job(
    name: str,
    flags: Mapping[str, object],
    *,
    environ: Mapping[str, str] = os.environ,
    directory: Path | None = None,
) -> JobReading:
    """One job, as far as it can be read, and all that is wrong with it.

    Raises:
        SettingsError: there is none of that name, or its file can't be read.
    """
    directory = working_directory() if directory is None else directory.absolute()
    given = [flags_layer(flags, directory), variables_layer(environ, directory)]
    file = find_profile_file(first(given, CONFIG), directory)
    return job_of_file(name, file, given, handed_layer(environ, directory), directory)


def job_of_file(
    name: str, file: ProfileFile, given: Sequence[Layer], handed: Layer, directory: Path
) -> JobReading:
    """One job of a file.

    Args:
        given: what wins over the file, the highest first.
        handed: what is only asked last.

    Raises:
        SettingsError: there is none of that name.
    """
    table = file.job(name)
    assert file.path is not None, "a job was found in it"
    place = partial(in_file, f"[job.{name}] of {file.path}")
    upload = {key: value for key, value in table.items() if key not in JOB_SETTINGS}
    layer = Layer(upload, place, file.path.parent, _not_in_job, tuple(JOB_SETTINGS))
    layers, faults = _with_profile((*given, layer), file, directory, place)
    settings, wrong = collected((*layers, handed), file)
    rules, source, more = _rules(table, place, file.path.parent)
    faults += [*_of_name(name), *_of_repeats(settings), *wrong, *more]
    faults += _of_workspace(name, file)
    job = None
    if settings is not None and rules is not None and source is not None:
        job = Job(name, file.path, settings, rules, source)
    return JobReading(file.path, job, settings, rules, source, tuple(faults))


def _with_profile(
    given: tuple[Layer, ...], file: ProfileFile, directory: Path, place: Callable[[str], str]
) -> tuple[tuple[Layer, ...], list[SettingFault]]:
    """All places, those in the file included; a profile that is not there is a fault like others."""
    try:
        return (*given, *file_layers(file, first(given, "profile"), directory)), []
    except SettingsError as error:
        fault = SettingFault(place("profile"), f"{error.what} {error.why} {error.remedy}")
        return (*given, *file_layers(file, None, directory)), [fault]


_NOT_IN_JOB = {
    "results": "the results of a job stand beside its list, in done.",
    "again": "a job sends no list twice; once, by hand: bulk-loader upload FILE --again",
}


def _not_in_job(setting: Setting[Any, Any]) -> str:
    if setting.name == "profile":
        return ""
    return _NOT_IN_JOB.get(setting.name, setting.without_key)


def _of_repeats(settings: Settings | None) -> list[SettingFault]:
    """Said elsewhere, it would hold for each night, too."""
    if settings is None:
        return []
    return [
        SettingFault(settings.origin(key), f"it can't hold for a job: {why}")
        for key, why in _NOT_IN_JOB.items()
        if getattr(settings, key)
    ]


def _rules(
    table: Mapping[str, object], place: Callable[[str], str], directory: Path
) -> tuple[JobRules | None, Path | None, list[SettingFault]]:
    """The rules of a job, the path of its lists, and what is wrong with both."""
    written = {
        key: see(value, directory) if (see := JOB_SETTINGS[key].seen_from) else value
        for key, value in table.items()
        if key in JOB_SETTINGS
    }
    try:
        rules = JobRules.model_validate(written)
    except ValidationError as error:
        return None, None, faults_of(error, place)
    if rules.file is None:
        lacking = 'a job needs its list, such as file = "inbox/leads-*.xlsx".'
        return rules, None, [SettingFault(place("file"), lacking)]
    return rules, rules.file, _of_pattern(rules.file, place)


_WILD = re.compile(r"[*?\[]")


def is_pattern(source: Path) -> bool:
    """It stands for several files in one folder."""
    return _WILD.search(source.name) is not None


def _of_pattern(source: Path, place: Callable[[str], str]) -> list[SettingFault]:
    if _WILD.search(str(source.parent)):
        wrong = "only the name of the file can be a pattern, not the folders before it."
        return [SettingFault(place("file"), wrong)]
    return []


# It becomes the name of a unit or of a task, where other letters mean something else.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


def is_job_name(name: str) -> bool:
    """A job can be called so."""
    return _NAME.fullmatch(name) is not None


def _of_name(name: str) -> list[SettingFault]:
    if is_job_name(name):
        return []
    wrong = (
        "the name of a job has letters without accents, digits, - and _, and at most 64 of them."
    )
    return [SettingFault(f"[job.{name}]", wrong)]


def _of_workspace(name: str, file: ProfileFile) -> list[SettingFault]:
    """Two jobs in one folder would take up what the other has left, with their own settings."""
    assert file.path is not None, "a job was found in it"
    places = {other: _workspace(table, file.path.parent) for other, table in file.jobs.items()}
    own = places[name]
    return [
        SettingFault(
            f"[job.{name}] of {file.path}",
            f"it has the folder {own} in common with [job.{other}]: give one of them another "
            "as workspace.",
        )
        for other, place in places.items()
        if other != name and own is not None and place == own
    ]


def _workspace(table: Mapping[str, object], directory: Path) -> str | None:
    """Where a job keeps its files; None where its table does not say it in a way that is one."""
    match table:
        case {"workspace": str(folder)}:
            return os.path.realpath(str(path_from(folder, directory)))
        case {"file": str(source)}:
            return os.path.realpath(Path(str(path_from(source, directory))).parent)
    return None
