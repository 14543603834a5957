"""What a desk is told before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bulk_loader.desk.logbooks import unlogged
from bulk_loader.desk.reach import Reach
from bulk_loader.errors import LoaderError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bulk_loader.desk.logbooks import Logbook
    from bulk_loader.settings import Settings

MAX_PORT = 65_535  # TCP has 16 bits for it
KEPT_FOR = timedelta(days=7)
IDLE_FOR = timedelta(hours=2)


def _untold(fault: Exception, *, has_started: bool) -> LoaderError:
    """A fault of the program itself, where nobody said how it is told."""
    then = "Begin once more: it goes on where it stopped." if has_started else "Try again."
    return LoaderError(f"The program has a fault of its own: {type(fault).__name__}.", "", then)


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """How the desk behaves.

    Attributes:
        port: that is listened on; 0 takes a free one.
        flags: settings of every list, as the command line takes them; what a person says of one
            list wins.
        keep: a list is removed when nothing was done with it for so long.
        crashed: makes a message of a fault of the program itself, and writes it down; `has_started`
            tells that leads were being sent.
        reach: who can reach it, and how.
        password_file: with the hash of the password that lets people in; None for a key that lets
            in one, on this machine.
        idle: a browser that was quiet for so long is asked for the password again.
        logged: gives the log that the settings of a list name.

    Raises:
        SettingsError: a figure is out of its range, or others could reach it without a password.
    """

    port: int = 0
    flags: Mapping[str, object] = field(default_factory=dict)
    keep: timedelta = KEPT_FOR
    crashed: Callable[..., LoaderError] = _untold
    reach: Reach = field(default_factory=Reach)
    password_file: Path | None = None
    idle: timedelta = IDLE_FOR
    logged: Callable[[Settings], AbstractContextManager[Logbook]] = unlogged

    def __post_init__(self) -> None:
        if not 0 <= self.port <= MAX_PORT:
            raise SettingsError(
                f"The desk can't start with a port of {self.port}.",
                f"The port must be between 0 and {MAX_PORT}; 0 takes a free one.",
                "Correct it and start the desk again.",
            )
        if self.reach.is_of_others and self.password_file is None:
            raise SettingsError(
                "The desk can't start for others without a password.",
                "Whoever reaches it could send leads in your name, and read all lists.",
                "Set one: bulk-loader desk --set-password --password-file desk.password\n"
                "Then start the desk with --password-file desk.password, too.",
            )
