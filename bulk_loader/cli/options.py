"""The options of the commands, made from what is said about each setting.

Values are passed on as text: `settings` checks them with those from the other places, so that all
faults are told at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulk_loader.cli.sections import SectionOption
from bulk_loader.settings.groups import SETTINGS
from bulk_loader.settings.statements import HelpSection, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bulk_loader.settings.statements import Setting

    Decorator = Callable[[Any], Any]


def takes(scope: Scope) -> Decorator:
    """A decorator that gives a command the options of all settings that its work asks for."""
    return _all(
        _option(setting)
        for setting in SETTINGS.values()
        if not setting.without_option and setting.scope is not None and setting.scope <= scope
    )


def about(*sections: HelpSection) -> Decorator:
    """A decorator that gives a command the options that decide what leads are, of these sections."""
    return _all(
        _option(setting)
        for setting in SETTINGS.values()
        if not setting.without_option
        and setting.section in sections
        and setting.scope is not None
        and setting.scope <= Scope.LEADS
    )


def some(*names: str) -> Decorator:
    """A decorator that gives a command the options of these settings, in their own order."""
    return _all(_option(setting) for setting in SETTINGS.values() if setting.name in names)


def shown(command: Any) -> Any:
    """Give a command the options about what is shown."""
    return _all((_JSON, _QUIET))(command)


def shown_as_json(command: Any) -> Any:
    """Give a command the option of a program that reads it."""
    return _JSON(command)


def _all(options: Iterable[Decorator]) -> Decorator:
    """A decorator that gives a command these options, in this order."""
    listed = list(options)

    def decorate(command: Any) -> Any:
        for option in reversed(listed):
            command = option(command)
        return command

    return decorate


def _option(setting: Setting[Any, Any]) -> Decorator:
    kind: dict[str, Any] = (
        {"is_flag": True, "default": None}
        if setting.is_switch
        else {"metavar": setting.looks, "multiple": bool(setting.separator)}
    )
    return click.option(
        setting.flag or setting.option,
        setting.name,
        help=setting.help,
        cls=SectionOption,
        section=setting.section,
        **kind,
    )


_JSON = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One line of JSON.",
    cls=SectionOption,
    section=HelpSection.OUTPUT,
)
_QUIET = click.option(
    "--quiet",
    "is_quiet",
    is_flag=True,
    help="Only errors.",
    cls=SectionOption,
    section=HelpSection.OUTPUT,
)


def given(options: Mapping[str, object]) -> dict[str, object]:
    """Only what the user gave: the rest may come from the other places."""
    return {name: value for name, value in options.items() if value is not None and value != ()}


FILE_TYPE = click.Path(path_type=Path)
"""A path as it was typed: whether it can be read is for `reading` to say, in its own words."""
