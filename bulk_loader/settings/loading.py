"""Settings gathered from all places, highest first, and every fault told at once."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bulk_loader.errors import SettingsError
from bulk_loader.settings.faults import SettingFault, faults_error, faults_of
from bulk_loader.settings.groups import CONFIG
from bulk_loader.settings.handed import handed_layer
from bulk_loader.settings.profiles import ProfileFile, find_profile_file
from bulk_loader.settings.settings import Settings
from bulk_loader.settings.sources import (
    TARGETS,
    Layer,
    flags_layer,
    merged,
    variables_layer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.settings.statements import Setting


def load_settings(
    flags: Mapping[str, object],
    *,
    environ: Mapping[str, str] = os.environ,
    directory: Path | None = None,
    beside: Path | None = None,
    remembered: Mapping[str, object] | None = None,
) -> Settings:
    """The settings from flags, the remembered ones, variables, profile and file, in this order.

    Last come the secrets that a service manager or a container hands over.

    Args:
        flags: by name of the setting, only what the user gave; `config` names the file.
        environ: variables; those that begin with `BULK_LOADER_` count.
        directory: where relative paths begin and bulk_loader.toml is searched first; None for the
            working directory.
        beside: the list or results file, in whose directory it is searched next.
        remembered: what `Settings.remembered` gave at the first upload of a file.

    Raises:
        SettingsError: all that is wrong, each with the place where it stands.
    """
    directory = working_directory() if directory is None else directory.absolute()
    given = [
        flags_layer(flags, directory),
        Layer(remembered or {}, _first_upload, directory),
        variables_layer(environ, directory),
    ]
    file = find_profile_file(first(given, CONFIG), directory, beside)
    layers = (
        *given,
        *file_layers(file, first(given, "profile"), directory),
        handed_layer(environ, directory),
    )
    settings, faults = collected(layers, file)
    if settings is None or faults:
        raise faults_error(faults)
    return settings


def working_directory() -> Path:
    """Where the command was given.

    Raises:
        SettingsError: it is there no more.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise SettingsError(
            "The working directory can't be found.",
            f"The system says: {error.strerror}. It was removed after it had been entered.",
            "Change into a directory that is there, and give the command again.",
        ) from error


def _first_upload(key: str) -> str:
    return f'"{key}" of the first upload'


def first(layers: Sequence[Layer], key: str) -> Any:
    """What the highest place says of a setting; None where none does."""
    return next((layer.values[key] for layer in layers if key in layer.values), None)


def file_layers(file: ProfileFile, profile: object, directory: Path) -> list[Layer]:
    """The profile, where one is named, and what the file says for all."""
    tables = [("", file.general)]
    if profile is not None:
        tables.insert(0, (f"[profile.{profile}] of ", file.profile(str(profile))))
    seen_from = directory if file.path is None else file.path.parent
    return [
        Layer(table, partial(in_file, f"{label}{file.path}"), seen_from, _not_in_file)
        for label, table in tables
    ]


def _not_in_file(setting: Setting[Any, Any]) -> str:
    return setting.without_key


def in_file(file: str, key: str) -> str:
    """How a user finds a key there."""
    return f'"{key}" in {file}'


def _drop_lower_targets(layers: Sequence[Layer]) -> list[SettingFault]:
    """The highest place that names a dialer wins whole; two in one place contradict each other."""
    found = False
    faults = []
    for layer in layers:
        named = [key for key in TARGETS if layer.values.get(key)]
        if found:
            for key in TARGETS:
                layer.values.pop(key, None)
        elif len(named) > 1:
            first, *others = (layer.place(key) for key in named)
            faults.append(
                SettingFault(first, f"contradicts {' and '.join(others)}: name one dialer.")
            )
        found = found or bool(named)
    return faults


def collected(
    layers: tuple[Layer, ...], file: ProfileFile
) -> tuple[Settings | None, list[SettingFault]]:
    """What all places give together, and all that is wrong with it; None for no valid settings."""
    faults = [fault for layer in layers for fault in layer.faults]
    faults += _drop_lower_targets(layers)

    def place(key: str) -> str:
        return next((layer.place(key) for layer in layers if layer.gives(key)), key)

    try:
        return Settings(**merged(layers)).told_by(layers, file), faults
    except ValidationError as error:
        return None, [*faults, *faults_of(error, place)]
