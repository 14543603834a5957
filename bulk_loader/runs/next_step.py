"""What a person does after a run, by what became of its leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import Ending, Status
from bulk_loader.reports.content import NextStep
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.ledger import RunRecord


def next_step(record: RunRecord, counts: Mapping[Status, int]) -> NextStep:
    """The same as the terminal says, for whoever has not typed the command.

    Args:
        counts: leads by status, of all leads.
    """
    retry = typed("bulk-loader", "retry", record.plan.results)
    if record.ending is not Ending.FINISHED or counts[Status.UNSENT]:
        return NextStep("The run is not finished: the same command goes on where it stopped.")
    if counts[Status.UNKNOWN]:
        return NextStep(
            "Look in the dialer for the leads that are unknown; those that are not there:",
            f"{retry} --include unknown",
        )
    if counts[Status.INVALID] or counts[Status.REJECTED]:
        sentence = "Correct the marked rows in the results file, save it, and run:"
        return NextStep(sentence, retry)
    return NextStep("Nothing is left to do.")
