"""Text files: CSV in all its dialects."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from bulk_loader.formulas import unguard
from bulk_loader.model import RESULT_COLUMNS, FileFormat, Source, TextDialect
from bulk_loader.reading.batching import lead_batches
from bulk_loader.reading.headers import HEADER_SEARCH_ROWS, find_header, header_notes, labels
from bulk_loader.reading.text import formulas as text_formulas
from bulk_loader.reading.text import vendor_list
from bulk_loader.reading.text.delimiters import (
    SAMPLE_ROWS,
    chosen_delimiter,
    find_delimiter,
    has_all_quoted,
    sep_line_delimiter,
)
from bulk_loader.reading.text.encodings import find_encoding
from bulk_loader.reading.text.lines import read_lines
from bulk_loader.reading.text.records import Records
from bulk_loader.reading.text.text_survey import (
    below_header,
    blank_error,
    header_cells,
    survey_text,
)
from bulk_loader.spreadsheets.limits import OverBudgetError, over_budget_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bulk_loader.model import LeadBatch
    from bulk_loader.reading.batching import Row
    from bulk_loader.reading.options import ReadingOptions
    from bulk_loader.reading.text.encodings import Encoding
    from bulk_loader.spreadsheets.limits import Limits


# By which delimiter and header are told; rows of Excel's greatest width have some 200,000.
_SAMPLE_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class TextFile:
    """How to get from the bytes of a file to its rows."""

    path: Path
    encoding: Encoding
    dialect: TextDialect
    limits: Limits

    def records(self) -> Records:
        """All rows, from the start of the file; a line `sep=` is not one."""
        lines = read_lines(self.path, self.encoding, self.limits.max_row_length)
        if self.dialect.has_sep_line:
            next(lines, None)
        return Records(lines, self.dialect.delimiter, self.encoding, self.limits)


@dataclass(frozen=True, slots=True)
class TextTable:
    """The leads of a text file, looked through once and then read as often as needed.

    Attributes:
        is_results: the file is a results file, whose guard against formulas is taken off.
        is_vendor_list: the columns are those of the dialer's own list format.
        has_short_blocks: short rows lack only empty cells at their end, by a habit of Excel.
        has_text_formulas: some cells are texts written as formulas.
    """

    source: Source
    text: TextFile
    is_results: bool
    is_vendor_list: bool
    has_short_blocks: bool
    has_text_formulas: bool

    def batches(self, size: int = 1000) -> Iterator[LeadBatch]:
        """All leads in order; the text of a cell is what stands between its delimiters."""
        records = self.text.records()
        rows = self._as_written(below_header(records, self.source.header_row))
        if self.has_text_formulas:
            rows = text_formulas.with_shown_texts(rows)
        if self.is_vendor_list:
            rows = vendor_list.with_plain_alternatives(rows)
        return lead_batches(rows, self.source.columns, size, records.damages)

    def records(self) -> Iterator[Row]:
        """Every row, a blank one without cells; a text written as a formula stays one."""
        return self._as_written(iter(self.text.records()))

    def _as_written(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows as whoever wrote them meant them."""
        if self.is_results:
            rows = _unguarded(rows)
        if self.is_vendor_list:
            rows = vendor_list.with_agents(rows)
        if self.has_short_blocks:
            rows = _filled_up(rows, self.source.header_row, len(self.source.columns))
        return rows


def open_text(path: Path, digest: str, options: ReadingOptions) -> TextTable:
    """Look through a whole text file.

    Raises:
        SourceError: the file as a whole can't be read; a single bad row is a damage instead.
    """
    encoding = find_encoding(path, options.encoding)
    dialect = _find_dialect(path, encoding, options)
    text = TextFile(path, encoding, dialect, options.limits)
    header_row, header, notes = _find_header(text, options.header_row)
    is_results = set(RESULT_COLUMNS) <= set(header)
    names = [text_formulas.shown(unguard(cell) if is_results else cell) for cell in header]
    options.tally.begin(labels(names, len(names)))
    spender = options.limits.spender(path)
    try:
        found = survey_text(text.records(), header_row, header, spender, options.tally)
    except OverBudgetError as error:
        raise over_budget_error(path, error) from error
    columns = labels(names, found.width)
    source = Source(
        path=path.absolute(),
        format=FileFormat.CSV,
        digest=digest,
        columns=columns,
        leads=found.leads,
        header_row=header_row,
        dialect=dialect,
        notes=(*encoding.notes, *notes, *found.notes),
        file_limit=options.limits.factor,
    )
    return TextTable(
        source,
        text,
        is_results,
        vendor_list.has_labels(columns),
        found.has_short_blocks,
        found.has_text_formulas,
    )


def _find_header(text: TextFile, chosen: int | None) -> tuple[int, list[str], tuple[str, ...]]:
    """The header's row number and cells, and what is to be said of it."""
    if chosen is None:
        first_rows = list(islice(_not_too_wide(text.records()), HEADER_SEARCH_ROWS))
        if vendor_list.is_vendor_list(first_rows):
            return 0, list(vendor_list.LABELS), vendor_list.NOTES
        chosen = find_header(first_rows)
    if chosen is None:
        raise blank_error(HEADER_SEARCH_ROWS)
    header = header_cells(text.records(), chosen)
    return chosen, header, header_notes(chosen, header)


def _find_dialect(path: Path, encoding: Encoding, options: ReadingOptions) -> TextDialect:
    lines = list(islice(_short_sample(_decodable(path, encoding, options.limits)), SAMPLE_ROWS))
    declared = sep_line_delimiter(lines[0]) if lines else None
    body = lines[1:] if declared else lines
    if options.delimiter is not None:
        delimiter = chosen_delimiter(options.delimiter)
    else:
        delimiter = declared or find_delimiter(body)
    return TextDialect(
        encoding=encoding.codec,
        has_bom=bool(encoding.mark),
        delimiter=delimiter,
        quotes_all=has_all_quoted(body, delimiter),
        line_end=_line_end(lines),
        has_sep_line=declared is not None,
    )


def _decodable(path: Path, encoding: Encoding, limits: Limits) -> Iterator[str]:
    """The lines up to one that can't be decoded; the survey names that one by its row."""
    try:
        yield from read_lines(path, encoding, limits.max_row_length)
    except UnicodeError:
        return


def _short_sample(lines: Iterable[str]) -> Iterator[str]:
    """Lines up to a number of characters, the first in any case: one may have millions."""
    length = 0
    for line in lines:
        length += len(line)
        if length > len(line) and length > _SAMPLE_CHARACTERS:
            return
        yield line


def _not_too_wide(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows up to a number of characters, the first in any case."""
    length = 0
    for row in rows:
        length += sum(map(len, row[1])) + len(row[1])
        yield row
        if length > _SAMPLE_CHARACTERS:
            return


def _line_end(lines: list[str]) -> str:
    first = lines[0] if lines else ""
    return next((end for end in ("\r\n", "\r") if first.endswith(end)), "\n")


def _filled_up(rows: Iterable[Row], header_row: int, width: int) -> Iterator[Row]:
    for number, cells in rows:
        is_short = cells and number > header_row and len(cells) < width
        yield number, cells + [""] * (width - len(cells)) if is_short else cells


def _unguarded(rows: Iterable[Row]) -> Iterator[Row]:
    for number, cells in rows:
        yield number, [unguard(cell) if cell[:1] == "'" else cell for cell in cells]
