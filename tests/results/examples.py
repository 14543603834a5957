"""Tables, results and ways to look into what was written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.model import FileFormat, LeadBatch, LeadTable, Source, Status, TextDialect
from bulk_loader.reading import ReadingOptions, open_leads
from bulk_loader.results import ResultRow, Stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

STATUSES = tuple(Status)


def stamp(run: str = "20260102-0304-abcdef") -> Stamp:
    """What a results file says of itself."""
    return Stamp(run, "d" * 64, "https://acme.ucontactcloud.com", "2026-01-02", 1, 3, 4, "c" * 16)


@dataclass(frozen=True)
class RowsTable:
    """A table whose rows are given; its file need not exist."""

    source: Source
    rows: Sequence[tuple[int, list[str]]]

    def batches(self, size: int = 1000) -> Iterator[LeadBatch]:
        """Not asked for by the results."""
        raise NotImplementedError(size)

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows."""
        return iter(self.rows)


def table_of(
    path: Path,
    rows: Sequence[tuple[int, list[str]]],
    leads: int,
    *,
    columns: tuple[str, ...] = ("phone", "name"),
    file_format: FileFormat = FileFormat.CSV,
    header_row: int = 1,
    dialect: TextDialect | None = None,
) -> RowsTable:
    """A table with these rows and this number of leads."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    sheet = None if file_format is FileFormat.CSV else "Leads"
    source = Source(path, file_format, digest, columns, leads, header_row, dialect, sheet)
    return RowsTable(source, rows)


def opened(path: Path, delimiter: str | None = None) -> LeadTable:
    """The table as the program reads it."""
    return open_leads(path, ReadingOptions(delimiter=delimiter))


def leads_of(table: LeadTable) -> list[tuple[int, list[str]]]:
    """Row numbers and the user's own cells of all leads."""
    own = [name for name in table.source.columns if not name.startswith("dialer_")]
    return [
        (int(number), cells)
        for batch in table.batches()
        for number, cells in zip(
            batch.frame.index, batch.frame[own].to_numpy().tolist(), strict=True
        )
    ]


def damaged_rows(table: LeadTable) -> set[int]:
    """Numbers of the rows that are damaged as a whole."""
    return {
        damage.row for batch in table.batches() for damage in batch.damages if damage.column is None
    }


def results_in(table: LeadTable) -> dict[int, tuple[str, str, str]]:
    """The three columns of all leads, by row number."""
    names = ["dialer_result", "dialer_status", "dialer_error"]
    return {
        int(number): tuple(cells)
        for batch in table.batches()
        for number, cells in zip(
            batch.frame.index, batch.frame[names].to_numpy().tolist(), strict=True
        )
    }


def some_results(table: LeadTable, shift: int = 0) -> list[ResultRow]:
    """A result for every lead: every status in turn, but invalid for damaged rows."""
    numbers = [int(number) for batch in table.batches() for number in batch.frame.index]
    damaged = damaged_rows(table)
    return [
        result(
            number,
            Status.INVALID if number in damaged else STATUSES[(place + shift) % len(STATUSES)],
        )
        for place, number in enumerate(numbers)
    ]


def result(row: int, status: Status = Status.ACCEPTED) -> ResultRow:
    """A result with a sentence where its status needs one."""
    error = "" if status is Status.ACCEPTED else f'column "phone": row {row} <is> {status} & "so".'
    return ResultRow(row, status, error)
