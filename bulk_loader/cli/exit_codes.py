"""How the command ends, by what became of the leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.model import Ending, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.model import Summary


def exit_code(summary: Summary) -> ExitCode:
    """The code of a run; where several hold, the order is 130, 4, 7, 1."""
    if summary.ending is Ending.INTERRUPTED:
        return ExitCode.INTERRUPTED
    # What can still be sent by the same command is "stopped", however the run called its end.
    if summary.ending is not Ending.FINISHED or summary.counts.get(Status.UNSENT):
        return ExitCode.STOPPED
    if summary.counts.get(Status.UNKNOWN):
        return ExitCode.IN_DOUBT
    return check_code(summary.counts)


def check_code(counts: Mapping[Status, int]) -> ExitCode:
    """The code of a check: whether any lead is one that needs correcting."""
    needs_correcting = counts.get(Status.INVALID, 0) + counts.get(Status.REJECTED, 0)
    return ExitCode.BAD_LEADS if needs_correcting else ExitCode.OK
