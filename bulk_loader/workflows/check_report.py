"""What a check found out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.campaigns import Campaigns
    from bulk_loader.mapping import LeftOut
    from bulk_loader.model import ColumnMap, Problem, Source, Status
    from bulk_loader.preparation.kinds import ProblemKind


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What an upload would do.

    Attributes:
        started_at: UTC.
        ended_at: UTC.
        profile: the one that was named; None for none.
        columns: which column feeds which field.
        problems: of the file's leads in their order, the first `check.MAX_PROBLEMS`; duplicates and
            suppressed leads among them.
        kinds: all problems, counted by kind; the most frequent first.
        counts: leads by status; those that would be sent count as `unsent`.
        first_tasks: the value of the form field `call` of the first leads that would be sent,
            exactly as it would be sent.
        notes: one sentence each.
        campaigns: of all leads, as they were read.
        results: path of the marked file; None where none was asked for.
        report: path of the page that tells all of it; None where none was written.
        left_out: the columns of which nothing is sent.
        has_dialer: the settings name one.
        resends: of a results file, the statuses whose leads a retry would send; None of a list.
    """

    source: Source
    started_at: datetime
    ended_at: datetime
    profile: str | None
    columns: ColumnMap
    problems: tuple[Problem, ...]
    counts: Mapping[Status, int]
    first_tasks: tuple[str, ...]
    notes: tuple[str, ...]
    campaigns: Campaigns
    left_out: LeftOut
    has_dialer: bool = True
    resends: frozenset[Status] | None = None
    kinds: tuple[ProblemKind, ...] = ()
    results: Path | None = None
    report: Path | None = None
