"""The lines of a text file become rows, by RFC 4180, and what breaks its rules is named."""

from __future__ import annotations

import csv
from itertools import count
from typing import TYPE_CHECKING

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import SourceError
from bulk_loader.model import Problem
from bulk_loader.reading.text.lines import too_long_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bulk_loader.reading.batching import Row
    from bulk_loader.reading.text.encodings import Encoding
    from bulk_loader.spreadsheets.limits import Limits


class Records:
    """The rows of a text file, once, in order.

    Rows are numbered as a spreadsheet program numbers them: blank lines count, line ends inside
    quotes do not. A blank line is a row without cells. A row whose quotes make no sense is one
    cell, the line as it stands: so it stays as damaged in a results file until it is mended.

    Attributes:
        damages: what was found wrong with a row, added before that row is handed out.
        may_have_text_formulas: some line so far has what begins a text written as `="0991"`.
    """

    def __init__(
        self, lines: Iterable[str], delimiter: str, encoding: Encoding, limits: Limits
    ) -> None:
        self.damages: list[Problem] = []
        self.may_have_text_formulas = False
        self._lines = lines
        self._delimiter = delimiter
        self._encoding = encoding
        self._limits = limits
        self._taken: list[str] = []
        self._has_nul = False
        self._is_at_end = False
        # Global in the csv module, and lower by default than some programs set it.
        csv.field_size_limit(limits.max_cell_length)

    @property
    def line_count(self) -> int:
        """Lines that the row handed out last takes up in the file."""
        return len(self._taken)

    def __iter__(self) -> Iterator[Row]:
        """Rows with their numbers.

        Raises:
            SourceError: what comes after this place can't be told apart into rows.
        """
        reader = csv.reader(self._noted_lines(), delimiter=self._delimiter, strict=True)
        for number in count(1):
            self._taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells = self._mended(number, error)
            except UnicodeError as error:
                raise self._undecodable(number, error) from error
            if self._has_nul:
                self._note_nul(number)
            if len(cells) > self._limits.max_columns or number > self._limits.max_rows:
                raise self._too_much(number, len(cells))
            yield number, cells

    def _noted_lines(self) -> Iterator[str]:
        """The lines, those of the row at hand kept, to tell what is wrong with it."""
        taken = self._taken
        length, max_length = 0, self._limits.max_row_length
        for line in self._lines:
            length = length + len(line) if taken else len(line)
            if length > max_length:
                raise too_long_error(max_length)
            taken.append(line)
            if "\0" in line:
                self._has_nul = True
            if '="' in line:
                self.may_have_text_formulas = True
            yield line
        self._is_at_end = True

    def _mended(self, number: int, error: csv.Error) -> list[str]:
        """A row that breaks the rules of quoting, as one cell: nobody knows where its cells end."""
        if self._is_at_end:
            raise self._unclosed(number) from error
        try:
            next(csv.reader(self._taken, delimiter=self._delimiter))
        except csv.Error:  # also leniently: a cell beyond the limit
            raise too_long_error(self._limits.max_cell_length, number) from error
        if self.line_count > 1:
            raise self._unclosed(number) from error
        self.damages.append(_quote_damage(number))
        return [self._taken[0].rstrip("\r\n")]

    def _note_nul(self, number: int) -> None:
        self._has_nul = False
        fault = "holds a NUL, a character that no text has."
        remedy = "The file may be damaged; write the row again."
        self.damages.append(Problem(ProblemCode.NUL_CHARACTER, number, None, "", fault, remedy))

    def _unclosed(self, number: int) -> SourceError:
        return SourceError(
            f"Row {number} opens a quote that is not closed where a cell ends.",
            f"The quote goes on for {self.line_count} lines of the file, so rows may be lost in it.",
            'Close the quote in that row; a quote that belongs to the text is written twice ("").',
        )

    def _undecodable(self, number: int, error: UnicodeError) -> SourceError:
        byte = (
            f"the byte 0x{error.object[error.start]:02X}"
            if isinstance(error, UnicodeDecodeError)
            else "a byte"
        )
        return SourceError(
            f"Row {number} holds {byte}, which is no character in {self._encoding.name}.",
            "The file is in another encoding, or it was put together from files in several.",
            "Save it anew as CSV UTF-8, or name its encoding, such as --encoding windows-1252.",
        )

    def _too_much(self, number: int, cells: int) -> SourceError:
        columns, rows = self._limits.max_columns, self._limits.max_rows
        return SourceError(
            f"Row {number} has {cells:,} cells.",
            f"No list of leads has more than {columns:,} columns or {rows:,} rows.",
            "Check that the file is the right one; split it if it is.",
        )


def _quote_damage(number: int) -> Problem:
    fault = "has text behind a closing quote, so it can't be told where a cell ends."
    remedy = 'Write a quote that belongs to the text twice ("").'
    return Problem(ProblemCode.TEXT_AFTER_QUOTE, number, None, "", fault, remedy)
