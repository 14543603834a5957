"""Runs of the past: what they did, their results files anew, and forgetting them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.choices import Duplicates
from bulk_loader.codes import OutcomeCode
from bulk_loader.errors import SettingsError, SourceError
from bulk_loader.ledger import Ledger
from bulk_loader.model import Ending, Outcome, Status
from bulk_loader.preparation.history import History
from bulk_loader.preparation.pipeline import build_pipeline, is_results_file, open_table
from bulk_loader.preparation.preparing import Preparation
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.runs.beside import stamp_of
from bulk_loader.runs.locks import locked
from bulk_loader.runs.retained import write_stamped
from bulk_loader.runs.selection import ALWAYS, Selection
from bulk_loader.runs.setup import FORGOTTEN
from bulk_loader.runs.tally import ResultRows, assert_adds_up
from bulk_loader.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from bulk_loader.ledger import RunRecord
    from bulk_loader.ledger_place import LikePlace
    from bulk_loader.model import LeadTable, RunKind
    from bulk_loader.results import ResultsReport


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run as the ledger remembers it.

    Attributes:
        digest: SHA-256 of the file as it was read, hexadecimal.
        counts: leads by status as far as the run came; may add up to less than `leads`.
        sent: leads that this very run sent, and did not only take over, by status.
        unsaid: what neither the terminal nor a log could be told.
        machine: where machines share the ledger, name of the one that carried it out last; else "".
    """

    run_id: str
    kind: RunKind
    file: Path
    digest: str
    target: str
    leads: int
    counts: Mapping[Status, int]
    sent: Mapping[Status, int]
    results: Path
    ending: Ending
    stopped_why: str
    started_at: datetime
    ended_at: datetime | None
    unsaid: str = ""
    machine: str = ""


_ALL = slice(None)


def past_runs(
    place: LikePlace,
    *,
    since: timedelta | None = None,
    part: slice = _ALL,
) -> list[PastRun]:
    """The runs of this machine, newest first; those that ended `since` so lately, or all.

    Args:
        part: which of them; to count the leads of one takes a moment.

    Raises:
        LedgerError: the ledger can't be used.
    """
    oldest = None if since is None else datetime.now(UTC) - since
    with Ledger.open(place) as ledger:
        records = [
            record
            for record in ledger.runs.all()
            if oldest is None or (record.ended_at or record.started_at) >= oldest
        ]
        return [_past(ledger, record) for record in records[part]]


def past_run(place: LikePlace, run_id: str) -> PastRun:
    """One run, by its id or the beginning of it.

    Raises:
        SettingsError: there is no such run, or several begin so.
        LedgerError: the ledger can't be used.
    """
    with Ledger.open(place) as ledger:
        return _past(ledger, find_run(ledger, run_id))


def rewrite_results(place: LikePlace, run_id: str) -> ResultsReport:
    """Write the results file of a run from its source file and the ledger.

    Leads that the run never came to are accounted for as `unsent`, those that fail the screening
    as `invalid`, and the run can be gone on with as before.

    Raises:
        SettingsError: there is no such run.
        SourceError: the source file is gone, changed or can't be read.
        LockedError: the run is under way.
        LedgerError: the ledger can't be used.
        ResultsError: the results file can't be written.
    """
    with Ledger.open(place) as ledger:
        record = find_run(ledger, run_id)
        plan = record.plan
        with locked(place, plan, Path(plan.path)), Sentences() as sentences:
            table = same_file(record)
            _complete(ledger, record, table, sentences)
            rows = ResultRows(ledger.outcomes.of(record), sentences)
            stamp = stamp_of(ledger, record, table.source)
            report = write_stamped(ledger, record, table, rows, stamp)
            assert_adds_up(rows.counts, table.source.leads)
            return report


def settle_doubts(place: LikePlace, run_id: str, rows: Sequence[int] | None, status: Status) -> int:
    """End doubts of a run by what the user found in the dialer.

    A contact in doubt may stand in several lists, where it was left out because of this doubt; it
    is decided for all of them. Results files learn of it by the next `retry`.

    Args:
        rows: row numbers; None for all leads of the run that are in doubt.
        status: ACCEPTED or UNSENT.

    Returns:
        How many leads were decided.

    Raises:
        SettingsError: there is no such run, or a row of it is not in doubt.
        LockedError: the run is under way.
        LedgerError: the ledger can't be used.
    """
    with Ledger.open(place) as ledger:
        record = find_run(ledger, run_id)
        with locked(place, record.plan, Path(record.plan.path)):
            ledger.doubts.break_off(record)
            contacts = ledger.doubts.contacts(record, rows)
            _require_doubts(ledger, record, rows, contacts)
            ledger.doubts.settle(record.plan.target, contacts.values(), status)
    return len(contacts)


def _require_doubts(
    ledger: Ledger, record: RunRecord, rows: Sequence[int] | None, contacts: Mapping[int, int]
) -> None:
    missing = [row for row in rows or () if row not in contacts]
    if not missing and contacts:
        return
    in_doubt = sorted(ledger.doubts.contacts(record, None))
    shown = ", ".join(map(str, in_doubt[:MAX_SHOWN]))
    more = f" and {len(in_doubt) - MAX_SHOWN:,} more" * (len(in_doubt) > MAX_SHOWN)
    raise SettingsError(
        f"Nothing was decided: {_rows(missing)} not in doubt in run {record.name}."
        if missing
        else f"Nothing was decided: no lead of run {record.name} is in doubt.",
        f"In doubt are the rows {shown}{more}." if in_doubt else "",
        f"See the run with: bulk-loader runs show {record.name}",
    )


def _rows(rows: Sequence[int]) -> str:
    if len(rows) == 1:
        return f"row {rows[0]} is"
    return f"the rows {', '.join(map(str, rows))} are"


MAX_SHOWN = 20
"""Rows that a sentence names."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What would be forgotten.

    Attributes:
        runs: newest first.
        kept: older runs that stay: unfinished ones, and those with a doubt that is still young.
    """

    runs: tuple[PastRun, ...]
    kept: tuple[PastRun, ...]


def plan_forgetting(place: LikePlace, older_than: timedelta, hold_doubts: timedelta) -> Forgetting:
    """What `forget_runs` would forget.

    Raises:
        LedgerError: the ledger can't be used.
    """
    now = datetime.now(UTC)
    with Ledger.open(place) as ledger:
        old = [
            run for run in ledger.runs.all() if (run.ended_at or run.started_at) < now - older_than
        ]
        goes = {run.id for run in ledger.runs.forgettable(now - older_than, now - hold_doubts)}
        return Forgetting(
            tuple(_past(ledger, run) for run in old if run.id in goes),
            tuple(_past(ledger, run) for run in old if run.id not in goes),
        )


def forget_runs(place: LikePlace, older_than: timedelta, hold_doubts: timedelta) -> int:
    """Forget runs that ended longer ago than that; their leads are no longer recognised.

    Never forgotten are a run that is unfinished, or under way, and one with a doubt that is not
    over yet: its people could be called twice.

    Returns:
        How many runs were forgotten.

    Raises:
        LedgerError: the ledger can't be used.
    """
    now = datetime.now(UTC)
    with Ledger.open(place) as ledger:
        return ledger.runs.forget(now - older_than, now - hold_doubts)


def find_run(ledger: Ledger, run_id: str) -> RunRecord:
    """One run, by its id or the beginning of it.

    Raises:
        SettingsError: there is no such run, or several begin so.
    """
    record = ledger.runs.by_name(run_id)
    if record is None:
        raise SettingsError(
            f'There is no run "{run_id}", or several begin so.',
            remedy="See them all with: bulk-loader runs",
        )
    return record


def _past(ledger: Ledger, record: RunRecord) -> PastRun:
    plan = record.plan
    return PastRun(
        run_id=record.name,
        kind=plan.kind,
        file=Path(plan.path),
        digest=plan.digest,
        target=plan.target,
        leads=plan.leads,
        counts=ledger.outcomes.counts(record),
        sent=ledger.outcomes.sent_by(record),
        results=Path(plan.results),
        ending=record.ending,
        stopped_why=record.stopped_why,
        started_at=record.started_at,
        ended_at=record.ended_at,
        unsaid=record.unsaid,
        machine=record.machine if ledger.place.url else "",
    )


def settings_of(record: RunRecord) -> Settings:
    """What the run was told, as far as the ledger keeps it."""
    remembered = json.loads(record.plan.settings)
    remembered.pop(FORGOTTEN, None)  # neither decides whether a lead is valid
    return Settings(**remembered)


def same_file(record: RunRecord) -> LeadTable:
    """The file that a run read, as it was.

    Raises:
        SourceError: it is gone, can't be read, or was changed since.
    """
    table = open_table(Path(record.plan.path), settings_of(record))
    if table.source.digest != record.plan.digest:
        raise SourceError(
            f"{table.source.path.name} is not the file that run {record.name} read.",
            "It was changed since, so its rows no longer fit the outcomes.",
            "Bring the old file back, or give the command of that run again: it recognises the "
            "leads that were sent.",
        )
    return table


def _complete(ledger: Ledger, record: RunRecord, table: LeadTable, sentences: Sentences) -> None:
    """Account for every lead in the ledger, and gather the sentences that it does not hold."""
    settings = settings_of(record)
    preparation = Preparation(
        pipeline=build_pipeline(table, settings, record.started_at, record.started_at),
        keys=ledger.keys,
        history=History(),
        sentences=sentences,
        batch_size=settings.batch_size,
        skips_duplicates=settings.duplicates is Duplicates.SKIP,
        keep=Selection(ALWAYS).keep if is_results_file(table) else None,
    )
    ledger.doubts.break_off(record)
    run = ledger.open_run(record)
    for prepared in preparation.batches():
        unsent = [
            (Outcome(lead.row, Status.UNSENT, OutcomeCode.RUN_STOPPED), lead.key)
            for lead in prepared.ready
        ]
        run.complete([*prepared.decided, *unsent])
    if record.ending is Ending.UNFINISHED:
        ledger.runs.end(record, Ending.STOPPED, "It broke off.")
