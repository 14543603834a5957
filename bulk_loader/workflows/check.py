"""Check: everything that an upload does before it sends, through the same code."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.codes import OutcomeCode
from bulk_loader.dialer.wire import call_of
from bulk_loader.ledger import has_ledger
from bulk_loader.model import Field, Problem, Status
from bulk_loader.preparation.collector import spared_collector
from bulk_loader.preparation.counting import campaign_tally
from bulk_loader.preparation.foresight import foresee
from bulk_loader.preparation.kinds import Kinds
from bulk_loader.preparation.pipeline import build_pipeline, is_results_file, open_table
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.preparation.suggesting import suggestions
from bulk_loader.preparation.unremembered import unremembered
from bulk_loader.runs.selection import ALWAYS, Selection
from bulk_loader.runs.watch import Silent
from bulk_loader.workflows.check_report import CheckReport
from bulk_loader.workflows.checked_file import checked_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_loader.campaigns import Campaigns
    from bulk_loader.delivery import ReadyLead
    from bulk_loader.model import Outcome
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.preparation.preparing import Preparation
    from bulk_loader.reading import Tally
    from bulk_loader.reading.opening import OpenedTable
    from bulk_loader.results import ResultsReport
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import Settings
    from bulk_loader.workflows.checked_file import CheckedFile

# A person corrects a pattern, not ten thousand lines one by one; the counts are exact anyway.
MAX_PROBLEMS = 10_000

FIRST_TASKS = 3
"""Tasks that are shown; the first tells what went where, the next ones what differs."""


def check(
    file: Path | str,
    settings: Settings,
    watch: Watch | None = None,
    found: Callable[[Problem], object] = lambda _problem: None,
    results: Path | str | None = None,
) -> CheckReport:
    """Read, screen and map a file; nothing is sent, and for a list the ledger is not needed.

    Nor is the dialer, unless `settings.online` asks for a look at it.

    Of a results file it is found out what a retry would do, with the settings that the ledger
    remembers of it.

    Args:
        found: is told every problem, in the order of the rows, as soon as it is found.
        results: where the rows are written with what is wrong beside them, to be corrected and
            uploaded; "" for `NAME.checked.EXT` beside the list, None for nowhere.

    Raises:
        SettingsError: a setting is missing or wrong.
        SourceError: the file can't be read, or its columns do not fit.
        LoaderError: `results` can't be written.
    """
    watch = watch or Silent()
    opened = _open(Path(file), settings, watch)
    if is_results_file(opened.table):
        opened = _as_at_first(opened, frozenset())
    return _report(opened, watch, found, results)


def foresee_retry(
    results: Path | str,
    settings: Settings,
    watch: Watch | None = None,
    *,
    include: frozenset[Status],
) -> CheckReport:
    """What a retry would do, without the dialer; see `retry` and `check`.

    Raises:
        SettingsError: it is no results file, or a setting is missing or wrong.
        SourceError: the file can't be read.
        LedgerError: the ledger can't be used.
    """
    watch = watch or Silent()
    from bulk_loader.workflows.retry import require_results  # noqa: PLC0415 - all of HTTP

    opened = _open(Path(results), settings, watch)
    require_results(opened.table)
    return _report(_as_at_first(opened, include), watch)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file that was looked through by some settings.

    Attributes:
        selection: of a results file, which of its leads would be sent; None of a list.
    """

    file: Path
    settings: Settings
    tally: Tally
    table: OpenedTable
    started_at: datetime
    selection: Selection | None = None


def _open(file: Path, settings: Settings, watch: Watch) -> _Opened:
    started_at, tally = datetime.now(UTC), campaign_tally(settings)
    table = open_table(file, settings, watch.noted, tally)
    return _Opened(file, settings, tally, table, started_at)


def _as_at_first(opened: _Opened, include: frozenset[Status]) -> _Opened:
    """A results file, read by the settings of its first upload where the ledger knows them."""
    settings, selection = opened.settings, Selection(ALWAYS | include)
    if opened.table.source.is_piped or not has_ledger(settings.ledger_place):
        return replace(opened, selection=selection)
    from bulk_loader.workflows.retry import completed, remember  # noqa: PLC0415 - all of HTTP

    told = completed(settings, remember(opened.file, settings.ledger_place))
    if told is not settings:
        # A page of the run was wanted then, and not of this look at it.
        told = told.model_copy(update={"report": settings.report})
        opened = _open(opened.file, told, Silent())
    return replace(opened, selection=selection)


def _report(
    opened: _Opened,
    watch: Watch,
    found: Callable[[Problem], object] = lambda _problem: None,
    results: Path | str | None = None,
) -> CheckReport:
    settings, table, selection = opened.settings, opened.table, opened.selection
    watch.opened(table.source)
    pipeline = build_pipeline(table, settings, opened.started_at)
    foresight = foresee(pipeline, opened.tally, settings)
    seen = _look_online(settings, foresight.campaigns) if settings.online else ()
    with ExitStack() as stack:
        marked = None if results is None else stack.enter_context(checked_file(table, results))
        findings = _Findings(pipeline, found, marked)
        sentences = stack.enter_context(Sentences())
        preparation = unremembered(pipeline, settings, sentences, findings.refuse)
        if selection is not None:
            preparation = _of_retry(preparation, selection)
        with spared_collector():
            for prepared in preparation.batches():
                findings.take(prepared.ready, [outcome for outcome, _ in prepared.decided])
        written = None if marked is None else marked.write(findings.problems)
    report = CheckReport(
        source=table.source,
        started_at=opened.started_at,
        ended_at=datetime.now(UTC),
        profile=settings.profile,
        columns=pipeline.columns,
        problems=tuple(findings.problems),
        kinds=tuple(findings.kinds.listed()),
        counts={status: findings.counts[status] for status in Status},
        first_tasks=tuple(findings.first_tasks),
        notes=(
            *foresight.notes,
            *seen,
            *preparation.figures.notes(),
            *suggestions(pipeline.whole_list, settings),
            *_notes_of(written),
        ),
        campaigns=foresight.campaigns,
        results=written.path if written else None,
        left_out=pipeline.left_out,
        has_dialer=settings.sandbox or settings.base_url is not None,
        resends=selection.resends if selection else None,
    )
    return _with_page(report, settings, pipeline.decisions) if settings.report else report


def _notes_of(written: ResultsReport | None) -> tuple[str, ...]:
    return written.notes if written else ()


def _of_retry(preparation: Preparation, selection: Selection) -> Preparation:
    """The same, for the leads that are to be sent again."""
    skips = preparation.skips_duplicates and not selection.repeats
    prepared = replace(preparation, keep=selection.keep, skips_duplicates=skips)
    batches = preparation.pipeline.table.batches(preparation.batch_size)
    selection.look_through(batches, prepared, {}, None)
    return prepared


def _with_page(report: CheckReport, settings: Settings, decisions: Sequence[str]) -> CheckReport:
    from bulk_loader.workflows.check_page import with_page  # noqa: PLC0415 - all of HTTP

    return with_page(report, settings, decisions)


def _look_online(settings: Settings, campaigns: Campaigns) -> tuple[str, ...]:
    from bulk_loader.runs.online import look_online  # noqa: PLC0415 - all of HTTP, rarely asked

    return look_online(settings, campaigns)


@dataclass(slots=True)
class _Findings:
    """What is found out, batch by batch; the problems of a batch are told in the order of rows."""

    pipeline: Pipeline
    found: Callable[[Problem], object]
    marked: CheckedFile | None = None
    problems: list[Problem] = field(default_factory=list)
    kinds: Kinds = field(default_factory=Kinds)
    counts: Counter[Status] = field(default_factory=Counter)
    first_tasks: list[str] = field(default_factory=list)
    _of_batch: list[Problem] = field(default_factory=list)

    def refuse(self, problem: Problem) -> None:
        self._of_batch.append(problem)

    def take(self, ready: Sequence[ReadyLead], decided: Sequence[Outcome]) -> None:
        self.counts[Status.UNSENT] += len(ready)
        for outcome in decided:
            self.counts[outcome.status] += 1
            if outcome.status is Status.DUPLICATE and outcome.code is not OutcomeCode.KEPT:
                self.refuse(self._duplicate(outcome))
        for lead in ready[: FIRST_TASKS - len(self.first_tasks)]:
            self.first_tasks.append(call_of(lead.body))
        told = sorted(self._of_batch, key=lambda problem: problem.row)
        self._of_batch.clear()
        for problem in told:
            self.kinds.add(problem)
            self.found(problem)
        self.problems += told[: MAX_PROBLEMS - len(self.problems)]
        if self.marked is not None:
            self._mark(self.marked, told, {outcome.row: outcome.status for outcome in decided})

    @staticmethod
    def _mark(
        marked: CheckedFile, problems: Sequence[Problem], statuses: Mapping[int, Status]
    ) -> None:
        for row, of_row in groupby(problems, key=lambda problem: problem.row):
            marked.note(row, statuses[row], " ".join(problem.sentence for problem in of_row))

    def _duplicate(self, outcome: Outcome) -> Problem:
        return Problem(
            code=outcome.code,
            row=outcome.row,
            column=self.pipeline.columns.label(Field.DESTINATION),
            value="the number",
            fault=f"stands in row {outcome.detail} already, for the same campaign.",
            remedy="It would be left out; --duplicates send would send it.",
        )
