"""The settings as fields of a form: what each is called, what stands in the file, what is typed.

A setting that names a file, a folder or code is none of them. A desk may be used by people who can't
touch the disk it runs on; with such a setting they could have any file read, written or sent to
a dialer of theirs as its token, or code run. Secrets are none of them either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Any, get_args

from bulk_loader.masking import is_concealed
from bulk_loader.settings import Settings
from bulk_loader.settings.groups import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_loader.settings.statements import HelpSection, Setting

YES, NO = "true", "false"


class Kind(Enum):
    """What a field looks like; the value is for templates."""

    LINE = "line"
    LINES = "lines"
    LIST = "list"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field.

    Attributes:
        options: of a choice, values and what they are called.
        was: what the file said when the form was made.
        text: what stands in the field: the same, or what somebody has typed.
        elsewhere: where else a value comes from, one sentence each.
    """

    name: str
    label: str
    hint: str
    section: HelpSection
    kind: Kind
    options: tuple[tuple[str, str], ...] = ()
    was: str = ""
    text: str = ""
    elsewhere: tuple[str, ...] = ()

    @property
    def is_said(self) -> bool:
        """Something stands in it."""
        return bool(self.text)

    @property
    def is_changed(self) -> bool:
        """Somebody has typed something else."""
        return self.text != self.was


@dataclass(frozen=True, slots=True)
class FixedKey:
    """A key of the file that is not changed here.

    Attributes:
        text: what it says; "" where that is not shown.
        why: in a sentence.
    """

    name: str
    text: str
    why: str


def is_editable(setting: Setting[Any, Any]) -> bool:
    """It may be changed at the desk."""
    if setting.without_key or setting.is_secret or setting.name in _ONLY_IN_FILE:
        return False
    return setting.seen_from is None or setting.name == "calling_hours"


_ONLY_IN_FILE = {
    "map": "A table, which is changed in the file; of one list the columns are chosen at the list.",
    "again": "For all runs it would send every list as often as it is given.",
}


DIALER = frozenset({"url", "instance", "allow_http"})
"""Where credentials of the machine go: whoever may change it can have them shown to a dialer of theirs."""


def fields(
    table: Mapping[str, object], general: Mapping[str, object], environ: Mapping[str, str]
) -> Iterator[SettingField]:
    """The fields of a table of the file; without those whose values have a form that none can show.

    Args:
        general: what the file says for all, where the table is a profile; else empty.
        environ: variables, of which those that are not empty win over the file.
    """
    for setting in filter(is_editable, SETTINGS.values()):
        text = _shown(setting, table.get(setting.name))
        if text is not None:
            yield _field(setting, text, tuple(_elsewhere(setting, general, environ)))


def fixed_keys(table: Mapping[str, object]) -> Iterator[FixedKey]:
    """What else stands in the table; of what may be a secret only that it is there."""
    for name, value in table.items():
        setting = SETTINGS.get(name)
        if setting is None:
            yield FixedKey(name, "", "It is no setting.")
        elif setting.is_secret or setting.without_key:
            yield FixedKey(name, "", "It may hold a secret, which no page shows.")
        elif name in _ONLY_IN_FILE:
            yield FixedKey(name, _plain(value), _ONLY_IN_FILE[name])
        elif not is_editable(setting):
            why = "It names a file, a folder or code of the machine."
            yield FixedKey(name, _plain(value), why)
        elif _shown(setting, value) is None:
            yield FixedKey(name, "", "What it says has a form that no field can show.")


def typed_into(field: SettingField, text: str, was: str) -> SettingField:
    """The field with what somebody has typed, or with what the file says by now.

    Args:
        was: in the form.
    """
    text, was = _normal(text), _normal(was)
    return field if text == was else replace(field, text=text)


def value_of(field: SettingField) -> object | None:
    """What goes into the file; None for nothing."""
    setting = SETTINGS[field.name]
    if not field.text.strip() and field.name != "delimiter":
        return None
    match field.kind:
        case Kind.LIST:
            return [line.strip() for line in field.text.split("\n") if line.strip()]
        case Kind.CHOICE if setting.is_switch:
            return {YES: True, NO: False}.get(field.text, field.text)
        case _:
            return (
                _number(setting, field.text.strip()) if field.text.strip() else field.text or None
            )


def _field(setting: Setting[Any, Any], text: str, elsewhere: tuple[str, ...]) -> SettingField:
    about = _LABELS.get(setting.name, setting.about)
    label, _, example = about.removesuffix("; repeatable").partition(", such as ")
    hints = [f"Such as {example}." if example else ""]
    kind, options = Kind.LINE, tuple[tuple[str, str], ...]()
    if setting.is_switch:
        kind, options = Kind.CHOICE, ((YES, "yes"), (NO, "no"))
        hints.append(f"Usually {'yes' if setting.default else 'no'}.")
    elif isinstance(setting.default, StrEnum):
        kind = Kind.CHOICE
        options = tuple((word.value, word.value) for word in type(setting.default))
        hints.append(f"Usually {setting.default}.")
    elif isinstance(setting.default, tuple):
        kind = Kind.LIST
        hints.append("One a line.")
    elif usual := setting.if_unset or setting.default:
        hints.append(f"Usually {usual}.")
    if kind is Kind.CHOICE and text not in {"", *dict(options)}:
        options = (*options, (text, text))
    if kind is Kind.LINE and "\n" in text:
        kind = Kind.LINES
    hint = " ".join(filter(None, hints))
    assert setting.section is not None, "each group has one"
    return SettingField(
        setting.name, label, hint, setting.section, kind, options, text, text, elsewhere
    )


# What a help text says beside its option, but a page does not.
_LABELS = {
    "instance": "Name of the instance, such as mycompany for https://mycompany.ucontactcloud.com",
    "log_format": "How the lines of the log are written",
    "alert_on": "Of which nights of a job others are told",
}


def _elsewhere(
    setting: Setting[Any, Any], general: Mapping[str, object], environ: Mapping[str, str]
) -> Iterator[str]:
    if setting.name in general:
        yield f"The settings for all say: {_plain(general[setting.name])}."
    if text := environ.get(setting.variable):
        shown = "" if "@" in text else f": {text}"
        yield f"{setting.variable} is set where the desk runs, and wins{shown}."


def _shown(setting: Setting[Any, Any], value: object) -> str | None:
    """A value as it is typed; None where no field could show it and give it back."""
    match value:
        case None:
            return ""
        case bool():
            return (YES if value else NO) if setting.is_switch else None
        case int() | float():
            return str(value)
        case str():
            return value if _is_typable(setting, value) else None
        case list() if isinstance(setting.default, tuple):
            lines = [_shown(setting, each) for each in value]
            whole = [line for line in lines if line and line == line.strip() and "\n" not in line]
            return "\n".join(whole) if len(whole) == len(value) else None
        case _:
            return None


def _is_typable(setting: Setting[Any, Any], text: str) -> bool:
    """A browser gives it back as it is, and it is no address with a password in it."""
    is_address = setting.name == "url" and "@" in text
    return not is_address and not any(is_concealed(letter) for letter in text if letter != "\n")


def _normal(text: str) -> str:
    """As the file has it: browsers send the ends of lines in their own way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plain(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(_plain, value))
        case dict():
            return "; ".join(f"{key} = {_plain(each)}" for key, each in value.items())
        case str() if "@" in value:  # before it may stand a user and a password
            return "(not shown)"
        case _:
            return str(value)


def _number(setting: Setting[Any, Any], text: str) -> object:
    """A number where the setting is one and the text is written like one; else the text."""
    kinds = set(_leaves(Settings.model_fields[setting.name].annotation))
    for kind in (int, float):
        if kind in kinds and text.isascii():
            try:
                number = kind(text)
            except ValueError:
                continue
            is_exact = str(number) == text or kind is float
            return number if is_exact and isfinite(number) else text
    return text


def _leaves(annotation: Any) -> Iterator[Any]:
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for each in inner:
        yield from _leaves(each)
