"""What becomes of a results file that stands where a new one goes: nobody's work is lost."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError
from bulk_loader.model import RunKind
from bulk_loader.results import (
    Edition,
    ResultsReport,
    dated_path,
    move_stamp,
    write_results,
    write_stamp,
)
from bulk_loader.runs.comparing import adds_nothing
from bulk_loader.runs.summing import is_summary_wanted, summed_up
from bulk_loader.runs.targets import SANDBOX_NAME
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger import Ledger, RunRecord
    from bulk_loader.model import LeadTable
    from bulk_loader.results import Stamp
    from bulk_loader.runs.tally import ResultRows


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_stamped(
    ledger: Ledger,
    record: RunRecord,
    table: LeadTable,
    rows: ResultRows,
    stamp: Stamp,
) -> ResultsReport:
    """Write the results of a run, which from then on say whose they are.

    What stands there and is another's, or was changed by hand, is kept under another name, unless
    it is the very file that was read.

    Raises:
        ResultsError: they can't be written; what stood there stands there still, or is kept.
    """
    path = Path(record.plan.results)
    notes: tuple[str, ...] = ()

    def make_room(digest: str) -> None:
        nonlocal notes
        if path != table.source.path:
            notes = keep_what_stands(ledger, record, table)
        with suppress(LedgerError):  # a ledger on a full disk must not keep the outcome from them
            ledger.runs.note_written(record, digest)

    summary = partial(_summary, record, rows) if is_summary_wanted(record) else None
    written = write_results(table, rows, path, Edition(stamp, summary=summary), make_room)
    with suppress(OSError):  # what stands there was written a moment ago
        write_stamp(path, stamp)
    return ResultsReport(written.path, (*notes, *written.notes))


def _summary(record: RunRecord, rows: ResultRows) -> Sequence[tuple[str, str]]:
    return summed_up(record, rows.counts)


def keep_what_stands(ledger: Ledger, record: RunRecord, table: LeadTable) -> tuple[str, ...]:
    """Move a results file out of the way that must not be written over.

    Only what this run wrote itself may be, or one that it goes on with, or a retry of its results
    in which nobody had corrected anything; and never what a person has changed since. The stamp
    beside it goes along, so that it is known again.

    Args:
        record: the run that is about to write.
        table: what it read.

    Returns:
        A note on what was moved, if anything was.

    Raises:
        OSError: it can't be moved.
    """
    results = Path(record.plan.results)
    # A link was put there since the run was planned, where none was: it holds nobody's work.
    if results.is_symlink() or not results.is_file():
        return ()
    own, others = _runs_at(ledger, record)
    writer = _writer(ledger, results)
    if writer is not None and (
        writer.id in own
        or writer.plan.target == SANDBOX_NAME
        or (_is_retry(writer, others) and adds_nothing(results, table))
    ):
        return ()
    is_edited = writer is None and (record.sessions > 1 or len(own) > 1 or bool(others))
    kept = dated_path(results, _tag(record, writer, is_edited=is_edited))
    results.rename(kept)
    move_stamp(results, kept)
    with suppress(LedgerError):  # a ledger that failed meanwhile: the stamp tells whose it is
        for run in others:
            ledger.runs.move_results(run, str(kept))
    return (_note(results, kept, is_edited=is_edited),)


def _is_retry(writer: RunRecord, others: list[RunRecord]) -> bool:
    """Where all others are retries, they are those of this very list."""
    return all(run.plan.kind is RunKind.RETRY for run in (writer, *others))


def _tag(record: RunRecord, writer: RunRecord | None, *, is_edited: bool) -> str:
    if is_edited:
        return f"edited-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    return f"before-{record.name}" if writer is None else writer.name


def _note(results: Path, kept: Path, *, is_edited: bool) -> str:
    if not is_edited:
        return f"The file that stood there before is kept as {kept.name}."
    retry = typed("bulk-loader", "retry", str(kept))
    return (
        f"{results.name} was changed by hand since it was written: it is kept as {kept.name}. "
        f"To send what was corrected in it: {retry}"
    )


def _writer(ledger: Ledger, results: Path) -> RunRecord | None:
    """The run that wrote the file as it stands there."""
    try:
        return ledger.runs.that_wrote(digest_of(results))
    except LedgerError:
        return None  # a ledger that failed meanwhile can't tell


def _runs_at(ledger: Ledger, record: RunRecord) -> tuple[frozenset[int], list[RunRecord]]:
    """Ids of the run and those that it goes on with, and the others with its results file."""
    try:
        own = frozenset(run.id for run in ledger.runs.chain(record))
        runs = ledger.runs.all()
    except LedgerError:
        # A ledger that failed meanwhile can't tell: what is there counts as foreign.
        return frozenset({record.id}), []
    results = record.plan.results
    return own, [run for run in runs if run.plan.results == results and run.id not in own]
