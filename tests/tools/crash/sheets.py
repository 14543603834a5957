"""Tables of text as files: written in the forms in which people save a list, and read back."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING, Literal, TextIO

from openpyxl import Workbook, load_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def write_sheet(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """The header and the rows; the name tells the form: `.csv`, `.csv.gz` or `.xlsx`."""
    if path.suffix == ".xlsx":
        _write_workbook(path, rows)
        return
    with _opened(path, "wt") as file:
        csv.writer(file).writerows(rows)


def read_sheet(path: Path) -> list[dict[str, str]]:
    """The rows below the header, each as cells by column; nothing where there is no file."""
    if not path.exists():
        return []
    if path.suffix == ".xlsx":
        return _read_workbook(path)
    with _opened(path, "rt") as file:
        return list(csv.DictReader(file))


def results_beside(path: Path) -> Path:
    """Where the results of a list go."""
    ending = "xlsx" if path.suffix == ".xlsx" else "csv"
    return path.with_name(f"{path.name.partition('.')[0]}.results.{ending}")


def _opened(path: Path, mode: Literal["rt", "wt"]) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, mode, encoding="utf-8", newline="")
    return path.open(mode, encoding="utf-8", newline="")


def _write_workbook(path: Path, rows: Iterable[Sequence[str]]) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.number_format = "@"  # text, as a careful person formats a column of numbers
    workbook.save(path)


def _read_workbook(path: Path) -> list[dict[str, str]]:
    workbook = load_workbook(path, read_only=True)
    assert workbook.active is not None
    rows = workbook.active.iter_rows(values_only=True)
    header, *others = [["" if cell is None else str(cell) for cell in row] for row in rows]
    workbook.close()
    return [dict(zip(header, row, strict=True)) for row in others]
