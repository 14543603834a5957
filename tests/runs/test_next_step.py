from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulk_loader.ledger import RunPlan, RunRecord
from bulk_loader.model import Ending, RunKind, Status
from bulk_loader.runs.next_step import next_step

PLAN = RunPlan(
    kind=RunKind.UPLOAD,
    path="/lists/leads.csv",
    digest="d",
    target="https://dialer.example",
    results="/lists/my leads.results.csv",
    settings="{}",
    shape="s",
    leads=3,
)
RETRY = "bulk-loader retry '/lists/my leads.results.csv'"


@pytest.mark.parametrize(
    ("ending", "status", "begins", "command"),
    [
        (Ending.FINISHED, Status.ACCEPTED, "Nothing is left", ""),
        (Ending.FINISHED, Status.DUPLICATE, "Nothing is left", ""),
        (Ending.FINISHED, Status.INVALID, "Correct the marked rows", RETRY),
        (Ending.FINISHED, Status.REJECTED, "Correct the marked rows", RETRY),
        (Ending.FINISHED, Status.UNKNOWN, "Look in the dialer", f"{RETRY} --include unknown"),
        (Ending.FINISHED, Status.UNSENT, "The run is not finished", ""),
        (Ending.STOPPED, Status.INVALID, "The run is not finished", ""),
        (Ending.UNFINISHED, Status.ACCEPTED, "The run is not finished", ""),
    ],
)
def test_the_next_step_follows_from_what_became_of_the_leads(
    ending: Ending, status: Status, begins: str, command: str
) -> None:
    """A command that can be copied, where there is one."""
    record = RunRecord(1, "run", PLAN, ending, "", datetime(2026, 3, 1, tzinfo=UTC), None)
    step = next_step(record, dict.fromkeys(Status, 0) | {status: 3})
    assert step.sentence.startswith(begins)
    assert step.command == command
