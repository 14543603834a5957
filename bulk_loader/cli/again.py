"""The options of a command that the next one needs, too, as they can be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.settings.forgetting import MAY_HOLD_NUMBERS, holds_number
from bulk_loader.settings.groups import CONFIG, SETTINGS
from bulk_loader.settings.statements import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Of one command only: what it was asked to do once, and where it put what it wrote.
_OF_ONE_COMMAND = frozenset({"again", "online", "results"})


def options_again(flags: Mapping[str, object]) -> list[str]:
    """All options that say how a list is read, judged and sent.

    Args:
        flags: what was given, by the name of the setting.
    """
    names = (name for name in SETTINGS if name in flags and name not in _OF_ONE_COMMAND)
    return [word for name in names for word in _words(name, flags[name])]


def options_for_retry(flags: Mapping[str, object]) -> list[str]:
    """Those that the ledger does not remember: secrets, places, and what holds a phone number."""
    return options_again(
        {name: value for name, value in flags.items() if _is_forgotten(name, value)}
    )


def _is_forgotten(name: str, value: object) -> bool:
    if name not in SETTINGS:
        return False
    if name in MAY_HOLD_NUMBERS:
        return holds_number(str(value))
    setting = SETTINGS[name]
    is_of_first = setting.scope is Scope.FIRST_DELIVERY  # and a retry does not take it
    return name == CONFIG or not (setting.is_remembered or is_of_first)


def _words(name: str, value: object) -> Iterator[str]:
    setting = SETTINGS[name]
    if setting.is_switch:
        on, _, off = (setting.flag or setting.option).partition("/")
        yield on if value else off
        return
    each_of_them = value if isinstance(value, list | tuple) else (value,)
    for each in each_of_them:
        yield from (setting.option, str(each))
