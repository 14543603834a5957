"""What every way of telling others has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.records import Earlier


class NotToldError(Exception):
    """Others could not be told; the text is one sentence without any secret."""


class Channel(Protocol):
    """One way of telling others; what a method can't do it raises as `NotToldError`."""

    def faults(self) -> Iterator[str]:
        """What keeps it from telling anybody, as far as it can be known without doing it."""

    def began(self) -> None:
        """A run of the job begins."""

    def ended(self, night: Night, earlier: Earlier) -> None:
        """A run has ended, or could not begin."""
