"""Check: everything that an upload does before it sends, through the same code."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.choices import Duplicates
from bulk_loader.dialer.wire import call_of
from bulk_loader.ledger import Keys
from bulk_loader.model import Field, Problem, Status
from bulk_loader.preparation.collector import spared_collector
from bulk_loader.preparation.counting import campaign_tally
from bulk_loader.preparation.foresight import foresee
from bulk_loader.preparation.history import History
from bulk_loader.preparation.pipeline import build_pipeline, open_table
from bulk_loader.preparation.preparing import Preparation
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.runs.watch import Silent
from bulk_loader.screening.duplicates import SeenLeads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.campaigns import Campaigns
    from bulk_loader.delivery import ReadyLead
    from bulk_loader.model import ColumnMap, Outcome, Source
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import Settings

# A person corrects a pattern, not ten thousand lines one by one; the counts are exact anyway.
MAX_PROBLEMS = 10_000

FIRST_TASKS = 3
"""Tasks that are shown; the first tells what went where, the next ones what differs."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What an upload would do.

    Attributes:
        columns: which column feeds which field.
        problems: of the file's leads in their order, the first MAX_PROBLEMS; duplicates and
            suppressed leads among them.
        counts: leads by status; those that would be sent count as `unsent`.
        first_tasks: the value of the form field `call` of the first leads that would be sent,
            exactly as it would be sent.
        notes: one sentence each.
        campaigns: of all leads, as they were read.
    """

    source: Source
    columns: ColumnMap
    problems: tuple[Problem, ...]
    counts: Mapping[Status, int]
    first_tasks: tuple[str, ...]
    notes: tuple[str, ...]
    campaigns: Campaigns


def check(file: Path | str, settings: Settings, watch: Watch | None = None) -> CheckReport:
    """Read, screen and map a file; nothing is sent, and the ledger is not needed.

    Nor is the dialer, unless `settings.online` asks for a look at it.

    A results file can be checked too: all of its leads are, as they stand in it now.

    Raises:
        SettingsError: a setting is missing or wrong.
        SourceError: the file can't be read, or its columns do not fit.
    """
    file, watch = Path(file), watch or Silent()
    tally = campaign_tally(settings)
    table = open_table(file, settings, watch.noted, tally)
    watch.opened(table.source)
    pipeline = build_pipeline(table, settings, datetime.now(UTC))
    foresight = foresee(pipeline, tally, settings)
    seen = _look_online(settings, foresight.campaigns) if settings.online else ()
    with Sentences() as sentences, spared_collector():
        findings = _Findings(pipeline)
        preparation = Preparation(
            pipeline=pipeline,
            keys=Keys(secrets.token_bytes(32)),  # nothing of a check is remembered
            history=History(),
            sentences=sentences,
            batch_size=settings.batch_size,
            seen=SeenLeads(table.source.leads),
            skips_duplicates=settings.duplicates is Duplicates.SKIP,
            refused=findings.refuse,
        )
        for prepared in preparation.batches():
            findings.take(prepared.ready, [outcome for outcome, _ in prepared.decided])
    return CheckReport(
        source=table.source,
        columns=pipeline.columns,
        problems=tuple(sorted(findings.problems, key=lambda problem: problem.row)),
        counts={status: findings.counts[status] for status in Status},
        first_tasks=tuple(findings.first_tasks),
        notes=(*foresight.notes, *seen, *preparation.figures.notes()),
        campaigns=foresight.campaigns,
    )


def _look_online(settings: Settings, campaigns: Campaigns) -> tuple[str, ...]:
    from bulk_loader.runs.online import look_online  # noqa: PLC0415 - all of HTTP, rarely asked

    return look_online(settings, campaigns)


@dataclass(slots=True)
class _Findings:
    pipeline: Pipeline
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[Status] = field(default_factory=Counter)
    first_tasks: list[str] = field(default_factory=list)

    def refuse(self, problem: Problem) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def take(self, ready: Sequence[ReadyLead], decided: Sequence[Outcome]) -> None:
        self.counts[Status.UNSENT] += len(ready)
        for outcome in decided:
            self.counts[outcome.status] += 1
            if outcome.status is Status.DUPLICATE:
                self.refuse(self._duplicate(outcome))
        for lead in ready[: FIRST_TASKS - len(self.first_tasks)]:
            self.first_tasks.append(call_of(lead.body))

    def _duplicate(self, outcome: Outcome) -> Problem:
        return Problem(
            code=outcome.code,
            row=outcome.row,
            column=self.pipeline.columns.label(Field.DESTINATION),
            value="the number",
            fault=f"stands in row {outcome.detail} already, for the same campaign.",
            remedy="It would be left out; --duplicates send would send it.",
        )
