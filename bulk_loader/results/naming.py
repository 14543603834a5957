"""What the results file is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import FileFormat

if TYPE_CHECKING:
    from pathlib import Path

_MARK = ".results"

_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})

_ARCHIVE_SUFFIXES = frozenset({".gz", ".zip"})


def results_path(source: Path, file_format: FileFormat) -> Path:
    """`NAME.results.EXT` beside the input; for a results file, the file itself.

    The extension tells what the results file is, whatever the input was called: a text file
    named `.xls` gives `.csv`, a format that can't be written gives `.xlsx`.
    """
    stem, suffix = source.stem, source.suffix
    if suffix.lower() in _ARCHIVE_SUFFIXES:
        inner = source.with_name(stem)
        if inner.suffix.lower() in _TEXT_SUFFIXES | {f".{known}" for known in FileFormat}:
            stem, suffix = inner.stem, inner.suffix
    return source.with_name(f"{stem.removesuffix(_MARK)}{_MARK}{_suffix(suffix, file_format)}")


def _suffix(suffix: str, file_format: FileFormat) -> str:
    match file_format:
        case FileFormat.CSV:
            fitting, otherwise = _TEXT_SUFFIXES, ".csv"
        case FileFormat.XLSM:
            fitting, otherwise = frozenset({".xlsm"}), ".xlsm"
        case FileFormat.XLSX:  # a plain copy of a workbook with macros is named as that was
            fitting, otherwise = frozenset({".xlsx", ".xlsm"}), ".xlsx"
        case _:
            fitting, otherwise = frozenset({".xlsx"}), ".xlsx"
    return suffix if suffix.lower() in fitting else otherwise
