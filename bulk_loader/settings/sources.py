"""The places where settings come from, and what each of them gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bulk_loader.settings.faults import SettingFault, unknown_key
from bulk_loader.settings.groups import CONFIG, SETTINGS
from bulk_loader.settings.statements import PREFIX
from bulk_loader.settings.values import parse_field, parse_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from bulk_loader.settings.statements import Setting

TARGETS = ("url", "instance", "sandbox")


class Layer:
    """What one place gives.

    Args:
        refusal: why a setting can't be given there; "" where it can.
        beside: further keys that the place knows, of which one may be mistyped.

    Attributes:
        values: by name of the setting; paths are absolute, and `map` is a table.
        place: how a user finds a setting there, such as `--campaign`.
        faults: what stands there and is no setting, or in no form that could be one.
    """

    def __init__(
        self,
        written: Mapping[str, object],
        place: Callable[[str], str],
        directory: Path,
        refusal: Callable[[Setting[Any, Any]], str] = lambda _: "",
        beside: Collection[str] = (),
    ) -> None:
        self.place = place
        self.faults: list[SettingFault] = []
        self.values: dict[str, Any] = {}
        for key, value in written.items():
            if key not in SETTINGS:
                self.faults.append(unknown_key(place(key), key, [*SETTINGS, *beside]))
            elif why := refusal(SETTINGS[key]):
                self.faults.append(SettingFault(place(key), why))
            elif key == "map":
                self._take_map(value)
            else:
                see = SETTINGS[key].seen_from
                self.values[key] = see(value, directory) if see else value

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
                self.faults.append(SettingFault(self.place("map"), f"it {error}"))
            else:
                self.values.setdefault("map", {}).setdefault(field, []).extend(labels)

    def gives(self, key: str) -> bool:
        """The place says something about this setting."""
        return key in self.values


def _field_and_column(pair: object) -> tuple[str, str | None]:
    """The column is None where nothing is said of it."""
    name, equals, column = str(pair).partition("=")
    return name, column.strip() if equals else None


def merged(layers: Iterable[Layer]) -> dict[str, Any]:
    """What all of them give together, the highest first; of tables, each key on its own."""
    whole: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.values.items():
            if isinstance(value, dict) and isinstance(above := whole.get(key), dict):
                whole[key] = {**value, **above}
            else:
                whole.setdefault(key, value)
    whole.pop(CONFIG, None)  # only says where settings are
    return whole


def flags_layer(flags: Mapping[str, object], directory: Path) -> Layer:
    """What was given on the command line, or to the Python API."""
    return Layer(flags, flag_of, directory)


def flag_of(key: str) -> str:
    """The option on the command line for a setting; for an unknown one, as it would be named."""
    return SETTINGS[key].option if key in SETTINGS else "--" + key.replace("_", "-")


def variable_of(key: str) -> str:
    """The environment variable for a setting."""
    return PREFIX + key.upper()


def variables_layer(environ: Mapping[str, str], directory: Path) -> Layer:
    """What the environment gives; an empty variable counts as none."""
    given = {
        name.removeprefix(PREFIX).lower(): text
        for name, text in environ.items()
        if name.startswith(PREFIX) and text
    }
    written = {key: _split(key, text) for key, text in given.items()}
    return Layer(written, variable_of, directory, lambda setting: setting.without_variable)


def _split(key: str, text: str) -> object:
    """The values of a list in a variable: paths as in PATH, pairs of `map` with semicolons."""
    separator = SETTINGS[key].separator if key in SETTINGS else ""
    if not separator:
        return text
    # An empty path is told like any other that leads nowhere.
    return [part for part in text.split(separator) if part.strip() or key != "map"]
