"""All that is wrong with a settings file by itself, whatever options and variables say besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.settings.jobs import job_of_file
from bulk_loader.settings.loading import collected, file_layers
from bulk_loader.settings.sources import Layer, variable_of

if TYPE_CHECKING:
    from bulk_loader.settings.faults import SettingFault
    from bulk_loader.settings.profiles import ProfileFile


def file_faults(file: ProfileFile) -> tuple[SettingFault, ...]:
    """What is wrong in any of its tables, each fault once."""
    faults = list(table_faults(file, None))
    for name in file.profiles:
        faults += table_faults(file, name)
    for name in file.jobs:
        faults += _faults_of_job(file, name)
    return tuple(dict.fromkeys(faults))


def table_faults(file: ProfileFile, profile: str | None) -> tuple[SettingFault, ...]:
    """What is wrong with a profile together with what the file says for all; or with that alone."""
    assert file.path is not None, "it was read"
    layers = file_layers(file, profile, file.path.parent)
    _, faults = collected(tuple(layers), file)
    return tuple(faults)


def _faults_of_job(file: ProfileFile, name: str) -> tuple[SettingFault, ...]:
    assert file.path is not None, "it was read"
    directory = file.path.parent
    nothing = Layer({}, variable_of, directory)
    return job_of_file(name, file, [], nothing, directory).faults
