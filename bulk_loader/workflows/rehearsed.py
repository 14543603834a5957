"""What became of a rehearsal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.model import Source
    from bulk_loader.rehearsal import Figures
    from bulk_loader.workflows.rehearsal_plan import RehearsalPlan


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What became of a plan.

    Attributes:
        starts_at: aware, in the zone of the dialer, or of this machine.
        days: the day of each seed.
        fewer: with one agent less, of the first seed; None where there is only one, or all are
            asked for.
        more: with one agent more.
        left_out: leads that would not be sent.
        has_hours: calling hours are set.
        notes: one sentence each.
        report: path of its page; None where none was asked for.
    """

    source: Source
    plan: RehearsalPlan
    starts_at: datetime
    days: tuple[Figures, ...]
    fewer: Figures | None
    more: Figures
    left_out: int
    has_hours: bool
    notes: tuple[str, ...] = ()
    report: Path | None = None
