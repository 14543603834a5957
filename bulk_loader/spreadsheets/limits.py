"""Bounds that keep a hostile or broken file from eating the machine."""

from __future__ import annotations

from dataclasses import dataclass

from bulk_loader.spreadsheets.references import MAX_COLUMNS


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may ask of this machine; a list of millions of leads stays far below.

    Passing a limit is a `SourceError` that names the limit, never a cut or skipped value.

    Attributes:
        max_columns: cells of one row.
        max_rows: rows of the sheet that hold anything, the header included.
        max_cell_length: characters of one cell.
        max_row_length: characters of one row of a text file, its quoted line ends included.
        max_unpacked_bytes: bytes that an archive or workbook really unpacks to, all parts together.
        max_compression_ratio: unpacked bytes for one packed byte.
        ratio_applies_above_bytes: unpacked bytes below which the ratio is not looked at.
        max_parts: files inside a workbook or archive.
    """

    max_columns: int = MAX_COLUMNS
    max_rows: int = 10_000_000  # ten times the longest sheet of Excel (1,048,576)
    max_cell_length: int = 131_072  # csv's own default; four times Excel's longest cell (32,767)
    max_row_length: int = 4_194_304  # a row as wide as Excel's widest, 256 characters a cell
    max_unpacked_bytes: int = 4_294_967_296  # 1,000,000 rows of 40 columns in xlsx take about 2 GB
    max_compression_ratio: int = 100  # real sheets of leads reach about 11
    ratio_applies_above_bytes: int = 67_108_864  # 64 MiB fit in memory, however well they pack
    max_parts: int = 10_000  # a workbook has some ten parts, and one or two for each sheet
