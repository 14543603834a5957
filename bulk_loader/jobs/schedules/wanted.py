"""What the command line asks for when a job is to be scheduled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.choices import Scheduler


@dataclass(frozen=True, slots=True)
class Wanted:
    """A schedule as it was typed.

    Attributes:
        at: times; empty where the settings say them.
        days: None where the settings say them.
        flags: what else was given, such as `config`.
    """

    job: str
    scheduler: Scheduler
    at: tuple[str, ...] = ()
    days: str | None = None
    flags: Mapping[str, object] = field(default_factory=dict)
