"""What the first sheet of a results workbook says: a run in figures, for whoever is handed it."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.model import Status
from bulk_loader.runs.moments import local

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.ledger import RunRecord


def is_summary_wanted(record: RunRecord) -> bool:
    """Whether the run was asked for such a sheet; its retries remember it."""
    return bool(json.loads(record.plan.settings).get("summary_sheet"))


def summed_up(record: RunRecord, counts: Mapping[Status, int]) -> Sequence[tuple[str, str]]:
    """Names and what belongs to them, a row each.

    Args:
        counts: leads by status, of all leads.
    """
    now = datetime.now(UTC)
    took = [("Took", _shown(now - record.started_at))] if record.sessions == 1 else []
    return [
        ("List", Path(record.plan.path).name),
        ("Sent to", record.plan.target),
        ("Run", record.name),
        ("Begun", local(record.started_at)),
        ("Written", local(now)),
        *took,
        ("Leads", f"{sum(counts.values()):,}"),
        *((status.value, f"{counts[status]:,}") for status in Status if counts[status]),
        ("Next", _next_step(record, counts)),
    ]


def _shown(took: timedelta) -> str:
    return str(timedelta(seconds=round(took.total_seconds())))


def _next_step(record: RunRecord, counts: Mapping[Status, int]) -> str:
    retry = shlex.join(["bulk-loader", "retry", record.plan.results])
    if counts[Status.UNSENT]:
        return "The run is not finished: the same command goes on where it stopped."
    if counts[Status.UNKNOWN]:
        return (
            "Look in the dialer for the leads that are unknown; those that are not there: "
            f"{retry} --include unknown"
        )
    if counts[Status.INVALID] or counts[Status.REJECTED]:
        return f"Correct the marked rows in this workbook, save it, and run: {retry}"
    return "Nothing is left to do."
