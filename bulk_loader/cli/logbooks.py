"""The log of a run that is begun at the desk: the same lines as a quiet command's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bulk_loader.cli.console import Console, recorded
from bulk_loader.cli.logs import Event
from bulk_loader.cli.progress import Progress
from bulk_loader.cli.report import counts_text
from bulk_loader.cli.streams import reason
from bulk_loader.errors import LoaderError
from bulk_loader.exit_codes import exit_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.model import Summary
    from bulk_loader.settings import Settings


class DeskLog(Progress):
    """Writes into the log and to no terminal.

    Args:
        console: a quiet one, whose log it is.
    """

    def __init__(self, console: Console) -> None:
        super().__init__(console, has_bar=False, on_start=lambda: None)

    def summed(self, summary: Summary) -> None:
        """How it ended, as every other place says it."""
        if summary.stopped_why:
            self._console.note(Event.STOPPED, f"Stopped: {summary.stopped_why}")
        if summary.fault is not None:
            kind = type(summary.fault).__name__
            self._console.note(Event.ERROR, f"The program has a fault of its own: {kind}.")
        code, counts = exit_code(summary), counts_text(summary.counts)
        ended = f"Run {summary.run_id} ended with {code:d}"
        self._console.note(Event.ENDED, f"{ended}: {counts}." if counts else f"{ended}.")

    def failed(self, error: LoaderError) -> None:
        """What happened, why, and what to do."""
        self._console.note(Event.ERROR, recorded(error))


@contextmanager
def logbook(settings: Settings) -> Iterator[DeskLog]:
    """The log that the settings of a list name; where they name none, nothing is written.

    Raises:
        SettingsError: it can't be written.
    """
    console = Console(is_quiet=True)
    try:
        with DeskLog(console) as log:
            log.take(settings)
            try:
                yield log
            except LoaderError as error:
                log.failed(error)
                raise
    finally:
        if (failure := console.log.close()) is not None:
            console.alert(f"The log lacks lines: {reason(failure)}.")
