"""Look: which sheets and columns a file has, what stands in them, and what each would feed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError, SourceError
from bulk_loader.mapping import match_columns
from bulk_loader.model import ColumnMap
from bulk_loader.preparation.pipeline import build_pipeline, is_results_file, open_table
from bulk_loader.reading.sheet_names import sheet_names

if TYPE_CHECKING:
    from bulk_loader.model import LeadTable, Source
    from bulk_loader.settings import Settings

SAMPLES = 3
"""Values that are shown of each column: enough to see what it is."""


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column, and its first cells that are not empty."""

    label: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a person needs to see before saying what is what.

    Attributes:
        source: None where the file can't be read as it is meant to be.
        sheets: of a workbook, the one in front first.
        columns: in the order of the file.
        fed: which columns feed which field; none where that can't be told.
        is_results: it says what became of its leads, so that it is for a retry.
        fault: why it could not be sent as it is understood; None where nothing stands in the way.
    """

    source: Source | None
    sheets: tuple[str, ...] = ()
    columns: tuple[SeenColumn, ...] = ()
    fed: ColumnMap = field(default_factory=lambda: ColumnMap({}))
    is_results: bool = False
    fault: LoaderError | None = None


def look(file: Path | str, settings: Settings) -> Look:
    """Look into a file; nothing is sent, and neither a dialer nor the ledger is needed."""
    file = Path(file)
    sheets: tuple[str, ...] = ()
    with suppress(SourceError, OSError):  # the reading says it better
        sheets = sheet_names(file)
    try:
        table = open_table(file, settings)
    except LoaderError as error:
        return Look(None, sheets, fault=error)
    columns = _columns(table)
    if is_results_file(table):
        return Look(table.source, sheets, columns, is_results=True)
    fed, fault = ColumnMap({}), None
    try:
        fed = match_columns(table.source.columns, settings.map, settings.data)
        build_pipeline(table, settings, datetime.now(UTC))
    except LoaderError as error:
        fault = error
    return Look(table.source, sheets, columns, fed, fault=fault)


def _columns(table: LeadTable) -> tuple[SeenColumn, ...]:
    frame = next(iter(table.batches())).frame
    return tuple(
        SeenColumn(label, tuple(cell for cell in frame[label].tolist() if cell.strip())[:SAMPLES])
        for label in table.source.columns
    )
