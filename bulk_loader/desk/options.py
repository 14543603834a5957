"""What a desk is told before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_PORT = 65_535  # TCP has 16 bits for it
KEPT_FOR = timedelta(days=7)


def _untold(fault: Exception, *, has_started: bool) -> LoaderError:
    """A fault of the program itself, where nobody said how it is told."""
    then = "Begin once more: it goes on where it stopped." if has_started else "Try again."
    return LoaderError(f"The program has a fault of its own: {type(fault).__name__}.", "", then)


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """How the desk behaves.

    Attributes:
        port: on 127.0.0.1; 0 takes a free one.
        flags: settings of every list, as the command line takes them; what a person says of one
            list wins.
        keep: a list is removed when nothing was done with it for so long.
        crashed: makes a message of a fault of the program itself, and writes it down; `has_started`
            tells that leads were being sent.

    Raises:
        SettingsError: a figure is out of its range.
    """

    port: int = 0
    flags: Mapping[str, object] = field(default_factory=dict)
    keep: timedelta = KEPT_FOR
    crashed: Callable[..., LoaderError] = _untold

    def __post_init__(self) -> None:
        if not 0 <= self.port <= MAX_PORT:
            raise SettingsError(
                f"The desk can't start with a port of {self.port}.",
                f"The port must be between 0 and {MAX_PORT}; 0 takes a free one.",
                "Correct it and start the desk again.",
            )
