"""The places where settings come from, and what each of them gives."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_settings import BaseSettings, InitSettingsSource

from bulk_loader.settings.faults import SECRETS, Fault, unknown_key
from bulk_loader.settings.values import parse_field, parse_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

PREFIX = "BULK_LOADER_"
CONFIG = "config"
"""Names the settings file, so it is known to flags and variables, but is no setting of a run."""
TARGETS = ("url", "instance", "sandbox")

_PATHS = frozenset({"token_file", "password_file", "results", "home", "holidays", CONFIG})
_FLAGS = {"schema_file": "--schema"}


class Layer(InitSettingsSource):
    """What one place gives.

    Attributes:
        values: by name of the setting; paths are absolute, and `map` is a table.
        place: how a user finds a setting there, such as `--campaign`.
        faults: what stands there and is no setting, or in no form that could be one.
    """

    def __init__(
        self,
        model: type[BaseSettings],
        written: Mapping[str, object],
        place: Callable[[str], str],
        directory: Path,
        refused: Collection[str] = (),
    ) -> None:
        super().__init__(model, {})
        self.place = place
        self.faults: list[Fault] = []
        self.values: dict[str, Any] = {}
        for key, value in written.items():
            self._take(key, value, directory, refused)

    def _take(self, key: str, value: object, directory: Path, refused: Collection[str]) -> None:
        known = [*self.settings_cls.model_fields, CONFIG]
        if key not in known:
            self.faults.append(unknown_key(self.place(key), key, known))
        elif key in refused:
            self.faults.append(Fault(self.place(key), _REFUSALS[key]))
        elif key == "map":
            self._take_map(value)
        else:
            self.values[key] = _from_place(key, value, directory)

    def _take_map(self, value: object) -> None:
        """Field by field, since places are merged so, and a fault belongs to one of them."""
        if not isinstance(value, dict | list | tuple):
            self.values["map"] = value
            return
        pairs = value.items() if isinstance(value, dict) else map(_field_and_column, value)
        for name, columns in pairs:
            try:
                field, labels = parse_field(name), parse_labels(columns)
            except ValueError as error:
                self.faults.append(Fault(self.place("map"), f"it {error}"))
            else:
                self.values.setdefault("map", {}).setdefault(field, []).extend(labels)

    def __call__(self) -> dict[str, Any]:
        """All settings that the place gives, but for those that only say where settings are."""
        return {key: value for key, value in self.values.items() if key != CONFIG}


def _field_and_column(pair: object) -> tuple[str, str]:
    name, equals, column = str(pair).partition("=")
    return name, column.strip() if equals else ""


_REFUSALS = {
    "token": "a token does not stand here: set BULK_LOADER_TOKEN, or token_file to a file's path.",
    "password": (
        "a password does not stand here: set BULK_LOADER_PASSWORD, or password_file to a "
        "file's path."
    ),
    "profile": "a profile can't name another.",
    CONFIG: "the file can't name another.",
    "calling_hours": "hours don't fit a variable: write them below [calling_hours] in the file.",
}
IN_FILES = frozenset({*SECRETS, "profile", CONFIG})
"""What a settings file may not hold: it is shared and copied, so no secret belongs into it."""


def flags_layer(model: type[BaseSettings], flags: Mapping[str, object], directory: Path) -> Layer:
    """What was given on the command line, or to the Python API."""
    return Layer(model, flags, flag_of, directory)


def flag_of(key: str) -> str:
    """The option on the command line for a setting."""
    return _FLAGS.get(key, "--" + key.replace("_", "-"))


def variable_of(key: str) -> str:
    """The environment variable for a setting."""
    return PREFIX + key.upper()


def variables_layer(
    model: type[BaseSettings], environ: Mapping[str, str], directory: Path
) -> Layer:
    """What the environment gives; an empty variable counts as none."""
    written = {
        name.removeprefix(PREFIX).lower(): _split(name.removeprefix(PREFIX).lower(), text)
        for name, text in environ.items()
        if name.startswith(PREFIX) and text
    }
    return Layer(model, written, variable_of, directory, refused=("calling_hours",))


def _split(key: str, text: str) -> object:
    """Lists in a variable: paths as in PATH, pairs of `map` with semicolons."""
    match key:
        case "suppress":
            return text.split(os.pathsep)
        case "map":
            return [pair for pair in text.split(";") if pair.strip()]
        case _:
            return text


def _from_place(key: str, value: object, directory: Path) -> object:
    """A value with its paths made absolute, seen from where it was written."""
    if key in _PATHS and isinstance(value, str | Path):
        return directory / _expanded(Path(value))
    if key == "suppress":
        paths = value if isinstance(value, list | tuple) else [value]
        return [_from_place("home", path, directory) for path in paths]
    if key == "schema_file" and isinstance(value, str | Path) and is_file_name(str(value)):
        return str(directory / _expanded(Path(value)))
    if key == "calling_hours" and isinstance(value, dict):
        return {name: _from_place(name, hours, directory) for name, hours in value.items()}
    return value


def _expanded(path: Path) -> Path:
    """With a user's directory in place of `~`; as it stands where there is no such user."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def is_file_name(schema: str) -> bool:
    """Whether a schema is a file rather than `module:object`; Windows has `C:` in its paths."""
    return Path(schema).suffix.lower() in {".yaml", ".yml", ".json"}
