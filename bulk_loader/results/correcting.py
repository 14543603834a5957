"""A list, or a results file, is copied with what a person has typed into some of its cells."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, assert_never

from bulk_loader.errors import LoaderError
from bulk_loader.formulas import guard
from bulk_loader.model import RESULT_COLUMNS
from bulk_loader.results.corrected_text import UnevenTextError, write_corrected_text
from bulk_loader.results.naming import copy_name
from bulk_loader.results.replacing import replacing
from bulk_loader.spreadsheets.formats import FORMATS
from bulk_loader.spreadsheets.limits import Limits
from bulk_loader.spreadsheets.workbooks import TextFormat, WorkbookFormat
from bulk_loader.spreadsheets.xlsx.edit.correcting import write_with_texts
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError
from bulk_loader.spreadsheets.xlsx.edit.single_cells import SharedFormulaError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.model import LeadTable, Source
    from bulk_loader.spreadsheets.xlsx.edit.single_cells import NewTexts

UNSURE = "#N/A"
"""What a cell of a plain copy shows of which it is not known what it says."""

__all__ = ["UNSURE", "CorrectedFile", "SharedFormulaError", "is_guarded", "write_corrected"]


@dataclass(frozen=True, slots=True)
class CorrectedFile:
    """A copy that was written.

    Attributes:
        digest: SHA-256 of its bytes, hexadecimal.
        name: by which it is to be saved.
        notes: what of the file is not in the copy, one sentence each.
        is_plain: it is a new workbook, with the texts of one sheet.
    """

    digest: str
    name: str
    notes: tuple[str, ...] = ()
    is_plain: bool = False


def write_corrected(table: LeadTable, stored: Path, texts: NewTexts, path: Path) -> CorrectedFile:
    """Write a copy with other texts in some cells; the file itself is only read.

    Args:
        stored: where the bytes of the table stand: its file, or what was unpacked from it.
        texts: by row number and position of the column; one at least.
        path: where the copy goes. Where this fails, what stood there stands there still.

    Raises:
        SharedFormulaError: other cells have their formula from one of these.
        LoaderError: the copy can't be written.
    """
    with _told(table.source), replacing(path, mode_of=path) as file:
        notes = _write(table, stored, texts, file)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    name = copy_name(table.source.path, table.source.format)
    return CorrectedFile(digest, name, notes, is_plain=bool(notes))


def is_guarded(source: Source) -> bool:
    """Whether cells of the file that begin like a formula have a guard, which its reader takes off."""
    return set(RESULT_COLUMNS) <= set(source.columns)


def _write(table: LeadTable, stored: Path, texts: NewTexts, file: BinaryIO) -> tuple[str, ...]:
    """Write it, and return what is to be said of a plain one."""
    source = table.source
    match FORMATS[source.format]:
        case TextFormat():
            write_corrected_text(table, stored, _as_stored(source, texts), file)
            return ()
        case WorkbookFormat(is_editable=True) if source.sheet is not None:
            try:
                limits = Limits().times(source.file_limit)
                write_with_texts(stored, source.sheet, texts, file, limits)
            except UneditableError as reason:
                return _write_plain(table, texts, file, f"the workbook has {reason}")
            return ()
        case WorkbookFormat():
            why = f"a file of the format .{source.format} can't be written"
            return _write_plain(table, texts, file, why)
        case unknown:
            assert_never(unknown)


def _write_plain(table: LeadTable, texts: NewTexts, file: BinaryIO, why: str) -> tuple[str, ...]:
    from bulk_loader.results.corrected_workbook import write_plain_copy  # noqa: PLC0415 - has openpyxl

    file.seek(0)
    file.truncate()
    write_plain_copy(table, texts, file, UNSURE)
    note = (
        f"The corrected copy is a plain workbook with the texts of this sheet only, since {why}. A cell "
        f"of which it is not known for sure what it says is {UNSURE} in it until it is corrected."
    )
    return (note,)


def _as_stored(source: Source, texts: NewTexts) -> NewTexts:
    if not is_guarded(source):
        return texts
    return {
        row: {position: guard(text) for position, text in of_row.items()}
        for row, of_row in texts.items()
    }


@contextmanager
def _told(source: Source) -> Iterator[None]:
    remedy = "Correct your own file in the program that wrote it, and drop that."
    try:
        yield
    except UnevenTextError as error:
        what = f"{source.path.name} can't be corrected here."
        raise LoaderError(what, f"It has {error}.", remedy) from error
    except OSError as error:
        raise LoaderError(
            f"The corrected copy of {source.path.name} was not written.",
            f"The system says: {error.strerror or error}.",
            "Make room on the disk, and save once more.",
        ) from error
