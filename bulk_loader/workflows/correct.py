"""Correct: what a person has typed is written into a copy of the file, and read back from it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ErrorCode, LoaderError, SourceError
from bulk_loader.formulas import is_dangerous
from bulk_loader.preparation.pipeline import open_table
from bulk_loader.results import (
    UNSURE,
    CorrectedFile,
    SharedFormulaError,
    is_guarded,
    write_corrected,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from bulk_loader.model import LeadBatch, LeadTable, Source
    from bulk_loader.settings import Settings

MAX_LENGTH = 2000
"""Characters that can be typed into a cell; no field of a task takes more."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text can't stand in its cell.

    Attributes:
        position: of its column; 0 is the first.
        what: a whole sentence, as `why` and `remedy` are.
    """

    row: int
    position: int
    what: str
    why: str
    remedy: str


class RefusedTextsError(LoaderError):
    """Some of what was typed can't stand in its cell; nothing was written."""

    code = ErrorCode.TEXTS_REFUSED

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        first = refusals[0]
        super().__init__(first.what, first.why, first.remedy)
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class Correction:
    """A copy that reads as the file did, but for the cells that were corrected.

    Attributes:
        read_from: digest of the file that it was made from.
    """

    copy: CorrectedFile
    read_from: str


def correct(
    file: Path | str, settings: Settings, texts: Mapping[int, Mapping[int, str]], copy: Path
) -> Correction:
    """Write a copy of a list or a results file with other texts in some cells.

    The file itself is only read. The copy is read by the same settings and held against it: only
    these cells differ, and each of them reads exactly as it was typed.

    Args:
        texts: by row number and position of the column; one at least, all in rows of leads.
        copy: where it goes; its name does not matter.

    Raises:
        RefusedTextsError: some of the texts can't stand in their cells.
        LoaderError: the file can't be read, or the copy can't be written so.
    """
    table = open_table(Path(file), settings)
    if refusals := [*_refusals(table.source, texts)]:
        raise RefusedTextsError(refusals)
    try:
        written = write_corrected(table, table.read_from, texts, copy)
        now = open_table(copy, settings)
        _require_read_back(table, now, texts, is_plain=written.is_plain)
    except SharedFormulaError as error:
        row, position = error.args
        raise RefusedTextsError([_shared_formula(table.source, row, position)]) from error
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return Correction(written, table.source.digest)


def _refusals(source: Source, texts: Mapping[int, Mapping[int, str]]) -> Iterator[Refusal]:
    for row, of_row in texts.items():
        for position, text in of_row.items():
            if told := _refused(source, text):
                yield Refusal(row, position, *told)


def _refused(source: Source, text: str) -> tuple[str, str, str] | None:
    """What is to be said of a text that can't stand in any cell of the file; None where it can."""
    if len(text) > MAX_LENGTH:
        return (
            f"The text has {len(text):,} characters.",
            f"A cell takes {MAX_LENGTH:,} here.",
            "Shorten it.",
        )
    if not all(letter.isprintable() or letter in _ALLOWED or letter > "\x9f" for letter in text):
        return (
            "The text holds a character that is none.",
            "It was pasted with it, and can't be seen.",
            "Type the text anew.",
        )
    dialect = source.dialect
    if dialect is None:
        return None
    if is_dangerous(text) and not (is_guarded(source) and not text.lstrip("'").startswith('="')):
        return (
            f"{text[:1]} at the beginning makes a formula of the text.",
            "Whoever opens the file in a spreadsheet program would have it run.",
            "Begin it with a letter or a digit.",
        )
    try:
        text.encode(dialect.encoding)
    except UnicodeEncodeError as error:
        return (
            f"The file has no {text[error.start]}.",
            f"It is written in {dialect.encoding}, which lacks that letter.",
            "Write it in another way, or save your own file as CSV UTF-8 and drop that.",
        )
    return None


_ALLOWED = "\t\n"


def _shared_formula(source: Source, row: int, position: int) -> Refusal:
    return Refusal(
        row,
        position,
        f'Row {row}, column "{source.columns[position]}", can\'t be corrected here.',
        "The formula in this cell is also that of other cells, which would lose theirs.",
        "Correct it in the spreadsheet program, save the file, and drop it.",
    )


def _require_read_back(
    table: LeadTable, copy: LeadTable, texts: Mapping[int, Mapping[int, str]], *, is_plain: bool
) -> None:
    """Make sure that the copy reads as the file does, but for these cells.

    Raises:
        LoaderError: it does not.
    """
    before, after = table.source, copy.source
    if (before.columns, before.header_row) != (after.columns, after.header_row):
        raise _otherwise(before, "its columns would be read in another way")
    for batch, now in zip_longest(table.batches(), copy.batches()):
        if batch is None or now is None or not _has_rows_of(batch, now):
            raise _otherwise(before, "a row would be no lead any more, and so left out in silence")
        expected = _expected(batch, before.columns, texts, is_plain=is_plain)
        if not expected.equals(now.frame):
            raise _otherwise(before, "other cells would be read in another way")
        if not _damaged_cells(now) <= _damaged_cells(batch):
            raise _otherwise(before, "a row could not be told apart into cells any more")


def _expected(
    batch: LeadBatch,
    labels: Sequence[str],
    texts: Mapping[int, Mapping[int, str]],
    *,
    is_plain: bool,
) -> pd.DataFrame:
    """The leads of a batch as they are to be read from the copy."""
    frame = batch.frame.copy()
    if is_plain:
        for row, label in _damaged_cells(batch):
            frame.loc[row, label] = UNSURE
    for row in texts.keys() & set(frame.index.tolist()):
        for position, text in texts[row].items():
            frame.loc[row, labels[position]] = text
    return frame


def _has_rows_of(batch: LeadBatch, now: LeadBatch) -> bool:
    return batch.frame.index.tolist() == now.frame.index.tolist()


def _damaged_cells(batch: LeadBatch) -> set[tuple[int, str | None]]:
    return {(damage.row, damage.column) for damage in batch.damages}


def _otherwise(source: Source, why: str) -> SourceError:
    return SourceError(
        f"What was typed can't be written into a copy of {source.path.name}.",
        f"With it {why}.",
        "Type something else, or correct your own file and drop that.",
    )
