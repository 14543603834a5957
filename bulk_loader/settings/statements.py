"""What is said about one setting: all of it, in one place, and without any heavy import.

The options, the variables, the keys of the settings file and the checked `Settings` follow from it.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from enum import Enum, IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PREFIX = "BULK_LOADER_"

Value = TypeVar("Value", covariant=True)  # noqa: PLC0105 - not of a border, but of one module
Taken = TypeVar("Taken", contravariant=True)  # noqa: PLC0105


class Role(Enum):
    """What a setting is to the leads of a run.

    It is shaping where another value could change one of the nine keys of a task, which rows are
    leads, or how equal tasks are counted. The ledger knows a lead by its task and its place among
    equal ones, so with another value it would not recognise what it sent, and send it again. What
    leaves out all of some equal tasks or none of them, such as a do-not-call list, is neutral.
    """

    SHAPING = "shaping"
    NEUTRAL = "neutral"


SHAPING, NEUTRAL = Role.SHAPING, Role.NEUTRAL


class HelpSection(StrEnum):
    """Where an option stands in a help text."""

    DIALER = "The dialer"
    FIELDS = "What goes into a task"
    READING = "How the file is read"
    SCREENING = "Which leads are sent"
    SENDING = "How they are sent"
    OUTPUT = "What is shown"
    JOB = "A job"
    ASSUMED = "What is assumed"


class Scope(IntEnum):
    """How much a command does, and so which options it takes: its own and those of less."""

    SETTINGS = 0
    LEADS = 1
    DELIVERY = 2
    FIRST_DELIVERY = 3


@dataclass(eq=False)
class Setting(Generic[Value, Taken]):
    """One setting: `Value` is what its attribute has, `Taken` what may be given for it.

    Attributes:
        about: what the value does, as a help text says it, without a full stop.
        metavar: what the value looks like; of a choice it is the list of its words.
        default: as a user could write it; None for "not given".
        if_unset: what happens where the default is nothing.
        flag: the option, where it is not the name; of a switch with its negation.
        section: None for that of its group, as `scope`.
        without_option: why no option gives it; "" where one does.
        without_key: why the settings file can't give it.
        without_variable: why no variable gives it.
        separator: of the several values that one variable holds; an option is repeated for them.
        seen_from: the value, its paths seen from the directory where it was written.
        is_secret: it is never shown, and no place is named where it must not stand.
        is_remembered: a retry goes by what was said at the first upload.
    """

    role: Role
    about: str
    metavar: str = ""
    _: KW_ONLY
    default: object = None
    if_unset: str = ""
    flag: str = ""
    section: HelpSection | None = None
    scope: Scope | None = None
    without_option: str = ""
    without_key: str = ""
    without_variable: str = ""
    separator: str = ""
    seen_from: Callable[[object, Path], object] | None = None
    is_secret: bool = False
    is_remembered: bool = True
    name: str = field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Value:
        """Its default, where pydantic and the class ask; an instance has a value of its own."""
        return cast("Value", self.default)

    if TYPE_CHECKING:  # how type checkers learn what the constructor takes

        def __set__(self, instance: object, value: Taken) -> None: ...

    else:  # how pydantic learns what it has to make

        def __class_getitem__(cls, types: tuple[Any, Any]) -> Any:
            return types[0]

    @property
    def is_switch(self) -> bool:
        """It is on or off, so that its option takes no value."""
        return isinstance(self.default, bool)

    @property
    def option(self) -> str:
        """Its option on the command line, as it is named in messages."""
        return self.flag.partition("/")[0] or "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Its variable in the environment."""
        return PREFIX + self.name.upper()

    @property
    def help(self) -> str:
        """The sentence of the help texts."""
        shown = self.if_unset
        if isinstance(self.default, bool):
            shown = ("no", "yes")[self.default] if "/" in self.flag else ""
        elif self.default:
            shown = str(self.default)
        return f"{self.about}; default {shown}." if shown else f"{self.about}."

    @property
    def looks(self) -> str:
        """What its value looks like in a help text."""
        if not isinstance(self.default, StrEnum):
            return self.metavar
        words: type[StrEnum] = type(self.default)
        return f"[{'|'.join(words)}]"


@dataclass_transform(kw_only_default=True)
class Group:
    """Settings of one part of the program, which share a section and a scope."""

    def __init_subclass__(
        cls, section: HelpSection | None = None, scope: Scope | None = None, **others: Any
    ) -> None:
        super().__init_subclass__(**others)
        for setting in statements(cls):
            setting.section = setting.section or section
            setting.scope = scope if setting.scope is None else setting.scope


def statements(group: type[Group]) -> list[Setting[Any, Any]]:
    """The settings of a group, in their order."""
    return [found for found in vars(group).values() if isinstance(found, Setting)]
