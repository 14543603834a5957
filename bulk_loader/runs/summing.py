"""What the first sheet of a results workbook says: a run in figures, for whoever is handed it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.model import Ending, Status
from bulk_loader.runs.moments import local
from bulk_loader.runs.next_step import next_step

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
    step = next_step(replace(record, ending=Ending.FINISHED), counts)
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
        ("Next", f"{step.sentence} {step.command}".rstrip()),
    ]


def _shown(took: timedelta) -> str:
    return str(timedelta(seconds=round(took.total_seconds())))
