"""What the end of a command says by its exit code and its words; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.tools.crash.verdict import Told

FINISHED = (ExitCode.OK, ExitCode.BAD_LEADS, ExitCode.IN_DOUBT)
"""After these nothing is left to be done by the same command."""

REFUSALS = (2, 5)
"""Nothing was sent: something is wrong, or the list was loaded before."""

PARTS = 3
"""What happened, why, and what to do; each on a line of its own, at the least."""


def is_refused_as_finished(code: int, errors: str) -> bool:
    """The command before was cut off between its last deed and its end."""
    return code in REFUSALS and "is finished: " in errors


def not_refused(code: int, errors: str, grown: int) -> list[str]:
    """How a command that had to refuse its work failed to do so.

    Args:
        errors: what it wrote to standard error.
        grown: tasks that the dialer recorded meanwhile.
    """
    found = []
    if grown:
        found.append(f"it sent {grown} leads")
    if code not in REFUSALS:
        found.append(f"it ended with {code}")
    parts = errors.rpartition("Error: ")[2].splitlines() if "Error: " in errors else []
    if code in REFUSALS and len(parts) < PARTS:
        found.append(f"it said only {len(parts)} of what happened, why, and what to do")
    return found


def miscoded(code: int, told: Iterable[Told]) -> list[str]:
    """Whether the exit code of a run that nothing stopped is another than its statuses deserve."""
    statuses = {row.status for row in told}
    deserved = ExitCode.OK
    if Status.UNSENT in statuses:
        deserved = ExitCode.STOPPED
    elif Status.UNKNOWN in statuses:
        deserved = ExitCode.IN_DOUBT
    elif statuses & {Status.INVALID, Status.REJECTED}:
        deserved = ExitCode.BAD_LEADS
    if code == deserved or code in (ExitCode.STOPPED, ExitCode.INTERRUPTED):
        return []
    return [f"the exit code is {code} and should be {deserved}"]
