"""What the results file is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.model import FileFormat

_MARK = ".results"

_ARCHIVE_SUFFIXES = frozenset({".gz", ".zip"})


def results_path(source: Path, file_format: FileFormat) -> Path:
    """`NAME.results.EXT` beside the input; for a results file, the file itself.

    The extension tells what the results file is, whatever the input was called: a text file
    named `.xls` gives `.csv`, a format that can't be written gives `.xlsx`.
    """
    stem, suffix = source.stem, source.suffix
    fitting = FORMATS[file_format].results_suffixes
    if suffix.lower() in _ARCHIVE_SUFFIXES:
        inner = source.with_name(stem)
        if any(inner.suffix.lower() in known.suffixes for known in FORMATS.values()):
            stem, suffix = inner.stem, inner.suffix
    if suffix.lower() not in fitting:
        suffix = fitting[0]
    return source.with_name(f"{stem.removesuffix(_MARK)}{_MARK}{suffix}")
