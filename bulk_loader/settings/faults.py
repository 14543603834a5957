"""Everything that is wrong with the settings, told at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.settings.groups import SETTINGS
from bulk_loader.settings.values import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

SECRETS = frozenset(name for name, setting in SETTINGS.items() if setting.is_secret)
# A value that may hold what nobody should read in an error: an address with a password in it.
_UNSHOWN = SECRETS | {"url"}
_PREDICATES = {
    "bool_parsing": "is neither true nor false",
    "bool_type": "is neither true nor false",
    "int_parsing": "is not a whole number",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "string_type": "is not a text",
    "path_type": "is not a path",
    "tuple_type": "is not a list",
    "model_type": "is not a table",
    "extra_forbidden": "is given to a key that does not exist",
}


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One thing that is wrong, as one line: where it stands, then what is wrong with it."""

    place: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.place}: {self.wrong}"


def faults_error(faults: Sequence[SettingFault]) -> SettingsError:
    """All of them, one line each, as one error."""
    lines = "\n".join(dict.fromkeys(str(fault) for fault in faults))
    what = "A setting is wrong." if len(faults) == 1 else f"{len(faults)} settings are wrong."
    return SettingsError(what, lines, "Correct what is named, then run the same command again.")


def unknown_key(place: str, key: str, known: Sequence[str]) -> SettingFault:
    """A key that is no setting, with the setting that was most likely meant."""
    near = nearest(key, known)
    asked = f" Is {near} meant?" if near else ""
    return SettingFault(place, f"there is no setting of that name.{asked}")


def faults_of(error: ValidationError, place: Callable[[str], str]) -> list[SettingFault]:
    """What pydantic found, in our words; `place` tells where a setting was given."""
    return [_fault(detail, place) for detail in error.errors()]


def _fault(detail: ErrorDetails, place: Callable[[str], str]) -> SettingFault:
    key = str(detail["loc"][0]) if detail["loc"] else "the settings"
    inner = "".join(f", {part}" for part in detail["loc"][1:] if isinstance(part, str))
    shown = "it" if key in _UNSHOWN else _shown(detail["input"])
    wrong = f"{shown} {_predicate(detail)}"
    return SettingFault(place(key) + inner, wrong if wrong.endswith(("?", ".")) else f"{wrong}.")


def _shown(value: object) -> str:
    # Before an @ may stand a user and a password, wherever an address can be written.
    if isinstance(value, dict) or "@" in str(value):
        return "it"
    return value if isinstance(value, str) and value and value == value.strip() else repr(value)


def _predicate(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "enum":
        return f"is none of {str(context['expected']).replace(chr(39), '')}"
    message = detail["msg"].replace("Input should be", "must be")
    return _PREDICATES.get(kind, message[:1].lower() + message[1:])
