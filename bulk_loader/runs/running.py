"""One run from its lock to its results file, the same for `upload` and `retry`."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bulk_loader.choices import Duplicates
from bulk_loader.errors import (
    LedgerError,
    LoaderError,
    ResultsError,
    SettingsError,
    SourceError,
    StoppedError,
)
from bulk_loader.ledger import Ledger, Terms, open_shares
from bulk_loader.model import Ending, RunKind, Summary
from bulk_loader.preparation.collector import spared_collector
from bulk_loader.preparation.kinds import Kinds
from bulk_loader.preparation.preparing import Preparation
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.results import write_stamp
from bulk_loader.runs.beginning import Surroundings, begin
from bulk_loader.runs.beside import StampedRun, stamp_of
from bulk_loader.runs.evidence import require_known_results
from bulk_loader.runs.listing import list_keys
from bulk_loader.runs.load_limits import load_limits, told_limits
from bulk_loader.runs.locks import is_under_way, locked
from bulk_loader.runs.remarks import remarks
from bulk_loader.runs.reporting import Found, reported
from bulk_loader.runs.retained import keep_what_stands, write_stamped
from bulk_loader.runs.sending import deliver
from bulk_loader.runs.setup import delivery_policy, past_intent, plan_run
from bulk_loader.runs.spreading import call_back, spread, token_of
from bulk_loader.runs.strictness import require_all_valid
from bulk_loader.runs.tally import ResultRows, assert_adds_up, complete_outcomes
from bulk_loader.runs.targets import open_target
from bulk_loader.runs.timing import TimedRun
from bulk_loader.screening.duplicates import SeenLeads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.delivery import Policy, Report
    from bulk_loader.ledger import Lease, RunPlan, Shares
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.results import ResultsReport, Stamp
    from bulk_loader.runs.beginning import Beginning
    from bulk_loader.runs.selection import Selection
    from bulk_loader.runs.spreading import Spread
    from bulk_loader.runs.targets import Target
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import Settings


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is to be done with one file.

    Attributes:
        results: where the results file goes, absolute.
        selection: None for all leads.
        earlier_results: where those of earlier runs of this list may stand.
        origin: the run that a results file says of itself that it is of.
        made_from: digests of what a list was made from by correcting cells.
    """

    kind: RunKind
    pipeline: Pipeline
    settings: Settings
    results: Path
    started_at: datetime
    selection: Selection | None = None
    earlier_results: tuple[Path, ...] = ()
    origin: str = ""
    made_from: frozenset[str] = frozenset()


def carry_out(request: RunRequest, watch: Watch) -> Summary:
    """Lock, send, write the results, and sum up.

    Raises:
        SettingsError: there are no credentials, or an earlier run forbids this one.
        LockedError: another run of this file is under way.
        LedgerError: the ledger can't be used, or knows less than what stands beside the list.
        ResultsError: the results file can't be written; the ledger holds what it would say.
    """
    settings, source = request.settings, request.pipeline.table.source
    with ExitStack() as stack:
        target = stack.enter_context(open_target(settings))
        plan = plan_run(request.kind, source, settings, target.identity, request.results)
        plan = replace(plan, origin=request.origin)
        lease = stack.enter_context(locked(settings.ledger_place, plan, source.path))
        ledger = stack.enter_context(Ledger.open(settings.ledger_place, lease))
        resends = request.selection.resends if request.selection else frozenset()
        shares = None
        if lease is not None:
            shares = stack.enter_context(open_shares(settings.ledger_place, lease))
            call_back(shares, ledger, plan, watch)
        intent = past_intent(settings, is_trial=target.is_trial, resends=resends)
        if request.selection is None and not (intent.again or intent.is_trial):
            table, paths = request.pipeline.table, request.earlier_results
            require_known_results(ledger, plan, table, paths)
        surroundings = Surroundings(
            is_under_way=partial(is_under_way, ledger, own=plan),
            keys=partial(list_keys, request.pipeline, ledger.keys, settings.batch_size),
            origin=request.origin,
            made_from=request.made_from,
        )
        asked_at = ledger.now()
        beginning = begin(ledger, plan, intent, request.started_at, surroundings)
        if beginning.began_at != request.started_at:
            # Dates are judged as they were when the run began, so that its leads are recognised.
            screener = request.pipeline.screener.begun_at(beginning.began_at)
            request = replace(request, pipeline=replace(request.pipeline, screener=screener))
        if (route := target.address.route) is not None and route.proxy is not None:
            watch.noted(
                f"Requests go by the proxy {route.proxy.url}, which {route.named_by} names."
            )
        run = _Run(request, plan, target, ledger, beginning, lease, shares, asked_at)
        summary = run.carry_out(watch)
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
    lease: Lease | None
    shares: Shares | None
    asked_at: int

    def carry_out(self, watch: Watch) -> Summary:
        clock = time.perf_counter()
        watch.began(self.beginning.run.record.name)
        for note in (*self.beginning.notes, *self._limits()):
            watch.noted(note)
        self._require_valid()
        kinds = Kinds()
        with Sentences() as sentences:
            preparation = self._preparation(sentences, kinds)
            self._look_through(preparation, watch)
            run = StampedRun(self.beginning.run, self.request.results, self._stamp())
            kept = self._make_room(run)
            watch.started(self.plan.leads)
            hours = self.request.pipeline.hours
            policy = delivery_policy(self.request.settings, hours, self.request.started_at)
            policy = self._with_others(policy)
            batches = preparation.batches()
            spread, policy = self._spread(preparation, policy)
            if spread is not None:
                run.run, batches = spread.part, spread.batches(batches)
            timed = TimedRun.of(run, self.ledger, self.beginning.run.record)
            with spared_collector():
                report = deliver(batches, timed, self.target.address, policy, watch, self.lease)
            if spread is not None:
                with _leads_were_sent():
                    report = spread.end(report, self.ledger, watch)
                    run.stamp = self._stamp()
            self._require_own()
            timed.finish()
            with _leads_were_sent():
                rows = self._result_rows(report, sentences)
                written = self._write(rows, run.stamp)
                # Last, so that whatever cuts the program off before it, the same command goes on
                # and writes the results file.
                self._note_ending(report)
        assert_adds_up(rows.counts, self.plan.leads)
        summary = Summary(
            run_id=self.beginning.run.record.name,
            kind=self.plan.kind,
            file=self.request.pipeline.table.source.path,
            digest=self.plan.digest,
            target=self.target.name,
            profile=self.request.settings.profile,
            ending=report.ending,
            counts=rows.counts,
            sent=report.sent,
            seconds=time.perf_counter() - clock - report.rested_s,
            started_at=self.request.started_at,
            ended_at=datetime.now(UTC),
            results=written.path,
            stopped_why=report.stopped_why,
            fault=None if isinstance(report.failure, LoaderError) else report.failure,
            notes=(
                *preparation.figures.notes(),
                *((spread.note,) if spread is not None and spread.note else ()),
                *remarks(report, self.request.settings),
                *kept,
                *written.notes,
            ),
        )
        found = Found(rows.groups, kinds.listed(), self.request.pipeline.decisions)
        record = self.beginning.run.record
        return reported(summary, found, self.ledger, record, self.request.settings)

    def _limits(self) -> Iterator[str]:
        limits, target = load_limits(self.request.settings), self.plan.target
        return told_limits(limits, self.ledger, target, self.request.started_at)

    def _require_valid(self) -> None:
        """Where the user wants all leads of a list sent or none: end before the first.

        Dates are judged as the run judges them, so one that is gone on with is not refused for
        its age.
        """
        settings = self.request.settings
        if not settings.strict or self.request.selection is not None:
            return
        try:
            require_all_valid(self.request.pipeline, settings.batch_size)
        except SourceError as error:
            self.ledger.runs.end(self.beginning.run.record, Ending.STOPPED, error.what)
            raise

    def _make_room(self, run: StampedRun) -> tuple[str, ...]:
        """Say beside the list what is about to happen, and keep what others have left there.

        Raises:
            SettingsError: it can't be done, so the results could not be written either.
        """
        try:
            notes: tuple[str, ...] = ()
            if self.request.selection is None:
                record, table = self.beginning.run.record, self.request.pipeline.table
                notes = keep_what_stands(self.ledger, record, table)
            write_stamp(run.results, run.stamp)
        except OSError as error:
            raise SettingsError(
                f"The results can't be written to {run.results}.",
                f"The system says of {error.filename}: {error.strerror or error}.",
                "Give another file in a folder of yours with --results.",
            ) from error
        return notes

    def _stamp(self) -> Stamp:
        source = self.request.pipeline.table.source
        return stamp_of(self.ledger, self.beginning.run.record, source)

    def _preparation(self, sentences: Sentences, kinds: Kinds) -> Preparation:
        settings, selection = self.request.settings, self.request.selection
        repeats = selection is not None and selection.repeats
        return Preparation(
            pipeline=self.request.pipeline,
            keys=self.ledger.keys,
            history=self.beginning.history,
            sentences=sentences,
            batch_size=settings.batch_size,
            seen=SeenLeads(self.plan.leads),
            skips_duplicates=settings.duplicates is Duplicates.SKIP and not repeats,
            goes_on=self.beginning.goes_on,
            keep=selection.keep if selection is not None else None,
            refused=kinds.add,
        )

    def _look_through(self, preparation: Preparation, watch: Watch) -> None:
        """Learn from all rows of a results file what the first of them must be judged by."""
        selection, history = self.request.selection, self.beginning.history
        if selection is None:
            return
        batches = self.request.pipeline.table.batches(preparation.batch_size)
        selection.look_through(batches, preparation, history.by_hand, history.called)
        if self.beginning.others is not None:
            self.beginning.others.look_up(selection.looked_up)
        for note in selection.notes():
            watch.noted(note)

    def _with_others(self, policy: Policy) -> Policy:
        """The same, kept to by all machines together."""
        pace = self.beginning.run.pace
        pace.rate = policy.rate
        return replace(policy, throttled=pace.slow_down)

    def _spread(self, preparation: Preparation, policy: Policy) -> tuple[Spread | None, Policy]:
        """How other machines may send parts of the list, where they may."""
        settings, others = self.request.settings, self.beginning.others
        if not settings.spread or self.plan.kind is RunKind.RETRY:
            return None, policy
        assert self.shares, "require_spreadable has seen to it"
        assert self.lease
        assert others
        limit = policy.max_errors
        terms = Terms(
            began_at=self.beginning.began_at.isoformat(),
            judged_at=self.request.started_at.isoformat(),
            asked_at=self.asked_at,
            batch_size=settings.batch_size,
            token=self.ledger.keys.token(token_of(settings)),
            rate=policy.rate,
            most_errors=None if limit is None else (limit.count, limit.is_percent),
            regard=others.regard,
        )
        run = self.beginning.run
        return spread(run, self.shares, self.lease, preparation, policy, terms)

    def _require_own(self) -> None:
        """Leave the results to the machine that has gone on with this run."""
        if self.lease is not None and self.lease.is_lost:
            raise StoppedError(
                "Another machine has gone on with this run.",
                "This one was not heard of at the ledger that they share for too long: it slept, "
                "was stopped, or had no network.",
                f"See how it goes on with: bulk-loader runs show {self.beginning.run.record.name}",
            )

    def _note_ending(self, report: Report) -> None:
        try:
            self.ledger.runs.end(self.beginning.run.record, report.ending, report.stopped_why)
        except LedgerError:
            # The run stays unfinished in a ledger that failed in the middle of it, which is
            # what the next run must find. The report already says why it stopped.
            if report.failure is None:
                raise

    def _result_rows(self, report: Report, sentences: Sentences) -> ResultRows:
        record, table = self.beginning.run.record, self.request.pipeline.table
        outcomes = self.ledger.outcomes.of(record)
        accounted = sum(self.ledger.outcomes.counts(record).values())
        if report.unsaved or accounted != self.plan.leads:
            outcomes = complete_outcomes(table, outcomes, report.unsaved)
        return ResultRows(outcomes, sentences)

    def _write(self, rows: ResultRows, stamp: Stamp) -> ResultsReport:
        record, table = self.beginning.run.record, self.request.pipeline.table
        try:
            return write_stamped(self.ledger, record, table, rows, stamp)
        except ResultsError as error:
            with suppress(LedgerError):  # on a full disk both fail; the run stays unfinished then
                self.ledger.runs.end(record, Ending.STOPPED, error.what)
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
