"""How the command ends, by what became of the leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.model import Ending, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.model import Summary

MEANINGS = {
    ExitCode.OK: "every lead is accounted for: accepted, or left out on purpose (duplicate, suppressed)",
    ExitCode.BAD_LEADS: "finished; some leads are invalid or rejected",
    ExitCode.USAGE: "wrong usage or configuration; nothing was sent",
    ExitCode.BAD_FILE: "the file can't be read, lacks a needed column, has a wrong row under --strict, breaks a rule of its job, or has not come; nothing was sent",
    ExitCode.STOPPED: "stopped early; the same command goes on",
    ExitCode.LOADED_BEFORE: "this list was loaded before; nothing was sent",
    ExitCode.LOCKED: "another run holds the lock",
    ExitCode.IN_DOUBT: "finished; some leads are unknown, and a person must decide",
    ExitCode.INTERRUPTED: "interrupted; the same command goes on",
}
"""Of every code, as the help says it."""


def exit_code(summary: Summary) -> ExitCode:
    """The code of a run."""
    return run_code(summary.ending, summary.counts)


def run_code(ending: Ending, counts: Mapping[Status, int]) -> ExitCode:
    """The code of a run that ended so; where several hold, the order is 130, 4, 7, 1."""
    if ending is Ending.INTERRUPTED:
        return ExitCode.INTERRUPTED
    # What can still be sent by the same command is "stopped", however the run called its end.
    if ending is not Ending.FINISHED or counts.get(Status.UNSENT):
        return ExitCode.STOPPED
    if counts.get(Status.UNKNOWN):
        return ExitCode.IN_DOUBT
    return check_code(counts)


def check_code(counts: Mapping[Status, int]) -> ExitCode:
    """The code of a check: whether any lead is one that needs correcting."""
    needs_correcting = counts.get(Status.INVALID, 0) + counts.get(Status.REJECTED, 0)
    return ExitCode.BAD_LEADS if needs_correcting else ExitCode.OK
