"""A results file is written beside its source, whole or not at all."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, assert_never

from bulk_loader.errors import ResultsError, SourceError
from bulk_loader.results.edited_workbook import require_editable, write_edited_workbook
from bulk_loader.results.edition import MAX_NOTES, OF_A_RUN, Edition, cell_notes
from bulk_loader.results.replacing import replacing
from bulk_loader.results.rows import Accounting, ResultRow, ResultsReport
from bulk_loader.results.text import write_text
from bulk_loader.spreadsheets.formats import FORMATS
from bulk_loader.spreadsheets.workbooks import TextFormat, WorkbookFormat
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from bulk_loader.model import LeadTable, Problem, Source


def write_results(
    table: LeadTable,
    rows: Iterable[ResultRow],
    path: Path,
    edition: Edition = OF_A_RUN,
    about_to_stand: Callable[[str], object] = lambda _digest: None,
) -> ResultsReport:
    """Write the source's rows again, each lead's outcome beside it.

    Memory is bounded; source and results file may be the same. Where this fails, what stood at
    `path` before stands there still.

    Args:
        table: its second pass is made here.
        rows: one for every lead, ascending by row number.
        path: its extension is not looked at; see `results_path`.
        edition: what the file says of itself, where its format has a place for it.
        about_to_stand: is told the SHA-256 of the whole new file, before it takes its place.

    Raises:
        ResultsError: the file can't be written, the source is not what it was when the run
            began (then its cause is a `SourceError`), or the outcomes do not fit its leads.
    """
    remedy = (
        "The ledger holds every outcome. When this is mended, write the results file with: "
        f"bulk-loader runs results {edition.stamp.run if edition.stamp else 'ID'}"
    )
    with _told(path, remedy):
        return _write_whole(table, rows, path, edition, about_to_stand)


def write_checked(
    table: LeadTable, rows: Iterable[ResultRow], path: Path, problems: Iterable[Problem]
) -> ResultsReport:
    """Write the source's rows again, with what a check found: to be corrected, and uploaded.

    Args:
        rows: as for `write_results`; a lead that would be sent is `unsent`.
        problems: of which the first are noted at their cells, where the format has notes.

    Raises:
        ResultsError: the file can't be written; what stood at `path` stands there still.
    """
    notes = cell_notes(problems)
    edition = Edition(is_checked=True, notes=notes)
    with _told(path, "When this is mended, give the command again."):
        report = _write_whole(table, rows, path, edition, lambda _digest: None)
    if len(notes) < MAX_NOTES or table.source.dialect is not None:
        return report
    said = f"The first {MAX_NOTES:,} faulty cells have a note; the others are only coloured."
    return ResultsReport(path, (*report.notes, said))


def _write_whole(
    table: LeadTable,
    rows: Iterable[ResultRow],
    path: Path,
    edition: Edition,
    about_to_stand: Callable[[str], object],
) -> ResultsReport:
    source = table.source
    with replacing(path, mode_of=source.path) as file:
        notes = _write(table, Accounting(rows, source.leads), file, edition)
        about_to_stand(_digest(file))
    return ResultsReport(path, notes)


@contextmanager
def _told(path: Path, remedy: str) -> Iterator[None]:
    """Say of what kept a file from being written what to do."""
    try:
        yield
    except OSError as error:
        why = f"The system says of {error.filename or path}: {error.strerror or error}."
        raise ResultsError(f"{path} was not written.", why, remedy) from error
    except (SourceError, ResultsError) as error:
        raise ResultsError(
            f"{path} was not written.", f"{error.what} {error.why}", remedy
        ) from error


def foresee_results(source: Source) -> tuple[str, ...]:
    """Find out, before anything is sent, in which way the results will be written.

    Returns:
        Notes, one sentence each, where the results file can't be a copy of the workbook.

    Raises:
        SourceError: the file is not the one that was read before.
    """
    match FORMATS[source.format]:
        case WorkbookFormat(is_editable=True):
            try:
                require_editable(source)
            except UneditableError as reason:
                return (_plain_note(f"the workbook has {reason}", "will be"),)
    return ()


def _plain_note(why: str, verb: str = "is") -> str:
    return (
        f"The results file {verb} a plain workbook with the texts of this sheet only, since {why}."
    )


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _write(
    table: LeadTable, accounting: Accounting, file: BinaryIO, edition: Edition
) -> tuple[str, ...]:
    source = table.source
    match FORMATS[source.format]:
        case TextFormat():
            return write_text(table, accounting, file, edition)
        case WorkbookFormat(is_editable=True):
            return _write_workbook(table, accounting, file, edition)
        case WorkbookFormat():
            why = f"a file of the format .{source.format} can't be written"
            return _write_plain(table, accounting, file, edition, why)
        case unknown:
            assert_never(unknown)


def _write_workbook(
    table: LeadTable, accounting: Accounting, file: BinaryIO, edition: Edition
) -> tuple[str, ...]:
    try:
        return write_edited_workbook(table.source, accounting, file, edition)
    except UneditableError as reason:
        file.seek(0)
        file.truncate()
        return _write_plain(table, accounting, file, edition, f"the workbook has {reason}")


def _write_plain(
    table: LeadTable, accounting: Accounting, file: BinaryIO, edition: Edition, why: str
) -> tuple[str, ...]:
    from bulk_loader.results.plain_workbook import write_plain_workbook  # noqa: PLC0415 - has openpyxl

    return (_plain_note(why), *write_plain_workbook(table, accounting, file, edition))
