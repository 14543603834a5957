"""A log of what is said while leads are sent: how it is written, only the command line knows."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol

from bulk_loader.runs.watch import Silent, Watch

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bulk_loader.errors import LoaderError
    from bulk_loader.model import Summary
    from bulk_loader.settings import Settings


class Logbook(Watch, Protocol):
    """Takes what a run says, and how it ended."""

    def summed(self, summary: Summary) -> None:
        """The run is over."""

    def failed(self, error: LoaderError) -> None:
        """This kept a list from being sent."""


class _Unlogged(Silent):
    def summed(self, summary: Summary) -> None:
        """Nothing."""

    def failed(self, error: LoaderError) -> None:
        """Nothing."""


def unlogged(_settings: Settings) -> AbstractContextManager[Logbook]:
    """No log."""
    return nullcontext(_Unlogged())
