"""One run from its lock to its results file, the same for `upload` and `retry`."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulk_loader.errors import (
    LedgerError,
    LoaderError,
    ResultsError,
    SourceError,
    StoppedError,
)
from bulk_loader.ledger import Ledger
from bulk_loader.model import Ending, Status, Summary
from bulk_loader.results import ResultsReport, write_results
from bulk_loader.screening.duplicates import SeenLeads
from bulk_loader.workflows.accounting import ResultRows, assert_adds_up, complete_outcomes
from bulk_loader.workflows.ahead import prepared_ahead
from bulk_loader.workflows.beginning import begin
from bulk_loader.workflows.locks import lock_names, locked
from bulk_loader.workflows.pipeline import build_pipeline
from bulk_loader.workflows.places import keep_other_results
from bulk_loader.workflows.preparing import Preparation
from bulk_loader.workflows.sending import deliver
from bulk_loader.workflows.sentences import Sentences
from bulk_loader.workflows.setup import delivery_policy, past_intent, plan_run
from bulk_loader.workflows.targets import SANDBOX_NAME, open_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.delivery import Report
    from bulk_loader.ledger import RunPlan
    from bulk_loader.model import LeadBatch
    from bulk_loader.settings import Settings
    from bulk_loader.workflows.beginning import Beginning
    from bulk_loader.workflows.pipeline import Pipeline
    from bulk_loader.workflows.preparing import Explained
    from bulk_loader.workflows.targets import Target
    from bulk_loader.workflows.watch import Watch


@dataclass(frozen=True, slots=True)
class Selection:
    """Which leads of a results file are to be sent again.

    Attributes:
        keep: picks those that are not, with their outcomes.
        taken: leaves of a batch only those whose contact must not be called again.
        resends: the statuses that are.
    """

    keep: Callable[[LeadBatch], Explained]
    taken: Callable[[LeadBatch], LeadBatch]
    resends: frozenset[Status]

    @property
    def repeats(self) -> bool:
        """Leads that were left out as duplicates are sent."""
        return Status.DUPLICATE in self.resends


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is to be done with one file.

    Attributes:
        kind: the verb.
        results: where the results file goes, absolute.
        selection: None for all leads.
    """

    kind: str
    pipeline: Pipeline
    settings: Settings
    results: Path
    started_at: datetime
    selection: Selection | None = None


def carry_out(request: RunRequest, watch: Watch) -> Summary:
    """Lock, send, write the results, and sum up.

    Raises:
        SettingsError: there are no credentials, or an earlier run forbids this one.
        LockedError: another run of this file is under way.
        LedgerError: the ledger can't be used.
        ResultsError: the results file can't be written; the ledger holds what it would say.
    """
    settings, source = request.settings, request.pipeline.table.source
    with ExitStack() as stack:
        target = stack.enter_context(open_target(settings))
        plan = plan_run(request.kind, source, settings, target.name, request.results)
        stack.enter_context(locked(settings.home, lock_names(plan), source.path))
        ledger = stack.enter_context(Ledger.open(settings.home))
        resends = request.selection.resends if request.selection else frozenset()
        intent = past_intent(settings, is_trial=target.is_trial, resends=resends)
        beginning = begin(ledger, plan, intent, request.started_at)
        if beginning.began_at != request.started_at:
            # Dates are judged as they were when the run began, so that its leads are recognised.
            table, now = request.pipeline.table, request.started_at
            pipeline = build_pipeline(table, settings, now, beginning.began_at)
            request = replace(request, pipeline=pipeline)
        summary = _Run(request, plan, target, ledger, beginning).carry_out(watch)
        if target.queue is not None:
            watch.queued(target.queue())
        return summary


@dataclass(frozen=True, slots=True)
class _Run:
    request: RunRequest
    plan: RunPlan
    target: Target
    ledger: Ledger
    beginning: Beginning

    def carry_out(self, watch: Watch) -> Summary:
        clock = time.perf_counter()
        for note in self.beginning.notes:
            watch.noted(note)
        with Sentences() as sentences:
            preparation = self._preparation(sentences)
            watch.started(self.plan.leads)
            policy = delivery_policy(self.request.settings)
            with prepared_ahead(preparation, self.plan.leads) as batches:
                report = deliver(batches, self.beginning.run, self.target.address, policy, watch)
            with _leads_were_sent():
                rows = self._result_rows(report, sentences)
                written = self._write(rows)
                # Last, so that whatever cuts the program off before it, the same command goes on
                # and writes the results file.
                self._note_ending(report)
        assert_adds_up(rows.counts, self.plan.leads)
        return Summary(
            run_id=self.beginning.run.record.name,
            file=self.request.pipeline.table.source.path,
            target=self.plan.target,
            ending=report.ending,
            counts=rows.counts,
            sent=report.sent,
            seconds=time.perf_counter() - clock,
            started_at=self.request.started_at,
            results=written.path,
            stopped_why=report.stopped_why,
            fault=None if isinstance(report.failure, LoaderError) else report.failure,
            notes=(*preparation.figures.notes(), *self._found(report), *written.notes),
        )

    def _found(self, report: Report) -> list[str]:
        if self.request.settings.concurrency != "auto":
            return []
        return [f"--concurrency auto found {report.concurrency} requests at once to be good."]

    def _preparation(self, sentences: Sentences) -> Preparation:
        settings, selection = self.request.settings, self.request.selection
        preparation = Preparation(
            pipeline=self.request.pipeline,
            keys=self.ledger.keys,
            history=self.beginning.history,
            sentences=sentences,
            batch_size=settings.batch_size,
            seen=SeenLeads(self.plan.leads),
            skips_duplicates=settings.duplicates == "skip",
            goes_on=self.beginning.goes_on,
        )
        if selection is not None:
            preparation.keep = selection.keep
            preparation.skips_duplicates &= not selection.repeats
        if selection is not None and preparation.skips_duplicates:
            for batch in self.request.pipeline.table.batches(settings.batch_size):
                preparation.remember(selection.taken(batch))
        return preparation

    def _note_ending(self, report: Report) -> None:
        try:
            self.ledger.close_out(self.beginning.run.record, report.ending, report.stopped_why)
        except LedgerError:
            # The run stays unfinished in a ledger that failed in the middle of it, which is
            # what the next run must find. The report already says why it stopped.
            if report.failure is None:
                raise

    def _result_rows(self, report: Report, sentences: Sentences) -> ResultRows:
        record, table = self.beginning.run.record, self.request.pipeline.table
        outcomes = self.ledger.outcomes(record)
        accounted = sum(self.ledger.counts(record).values())
        if report.unsaved or accounted != self.plan.leads:
            outcomes = complete_outcomes(table, outcomes, report.unsaved)
        return ResultRows(outcomes, sentences)

    def _write(self, rows: ResultRows) -> ResultsReport:
        record, table = self.beginning.run.record, self.request.pipeline.table
        try:
            notes: tuple[str, ...] = ()
            if self.request.selection is None:
                notes = keep_other_results(
                    self.ledger, record, SANDBOX_NAME, goes_on=self.beginning.goes_on
                )
            written = write_results(table, rows, self.request.results, record.name)
            return ResultsReport(written.path, (*notes, *written.notes))
        except ResultsError as error:
            with suppress(LedgerError):  # on a full disk both fail; the run stays unfinished then
                self.ledger.close_out(record, Ending.STOPPED, error.what)
            if not isinstance(error.__cause__, SourceError):
                raise
            # The rows no longer fit the outcomes; the next run recognises leads by their tasks.
            raise ResultsError(
                error.what,
                error.why,
                "Run the same command again: it recognises the leads that it has sent.",
            ) from error


@contextmanager
def _leads_were_sent() -> Iterator[None]:
    """From here on a ledger that fails stops a run, instead of keeping it from beginning."""
    try:
        yield
    except LedgerError as error:
        raise StoppedError(
            "The ledger can't be used any more, now that leads were sent.", error.why, error.remedy
        ) from error
