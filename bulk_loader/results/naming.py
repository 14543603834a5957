"""What the results file is called."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.model import FileFormat

_RESULTS, _CHECKED = ".results", ".checked"
_LONGEST_NAME = 255  # what most file systems allow, in bytes

_ARCHIVE_SUFFIXES = frozenset({".gz", ".zip"})


def results_path(source: Path, file_format: FileFormat) -> Path:
    """`NAME.results.EXT` beside the input; for a results file, the file itself.

    The extension tells what the results file is, whatever the input was called: a text file
    named `.xls` gives `.csv`, a format that can't be written gives `.xlsx`. What a check wrote has
    the results of its list, so that both are known to be of one.
    """
    return _marked(source, file_format, _RESULTS)


def checked_path(source: Path, file_format: FileFormat) -> Path:
    """`NAME.checked.EXT` beside the input; for what a check wrote, the file itself."""
    return _marked(source, file_format, _CHECKED)


def copy_name(source: Path, file_format: FileFormat) -> str:
    """What a copy of the input is called: as that, where the name fits what a copy can be."""
    return "".join(_fitting(source, file_format))


def _marked(source: Path, file_format: FileFormat, mark: str) -> Path:
    stem, suffix = _fitting(source, file_format)
    return source.with_name(f"{stem.removesuffix(mark).removesuffix(_CHECKED)}{mark}{suffix}")


def _fitting(source: Path, file_format: FileFormat) -> tuple[str, str]:
    """Stem and suffix of a name for what can be written, no archive round it."""
    stem, suffix = source.stem, source.suffix
    fitting = FORMATS[file_format].results_suffixes
    if suffix.lower() in _ARCHIVE_SUFFIXES:
        inner = source.with_name(stem)
        if any(inner.suffix.lower() in known.suffixes for known in FORMATS.values()):
            stem, suffix = inner.stem, inner.suffix
    if suffix.lower() not in fitting:
        suffix = fitting[0]
    return stem, suffix


def longest_name(folder: Path) -> int:
    """How many bytes the name of a file may have there."""
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, ValueError, AttributeError):  # Windows can't be asked
        return _LONGEST_NAME


def dated_path(results: Path, tag: str) -> Path:
    """A name beside a results file that nobody has taken, for what is kept under a tag.

    A name that would become too long loses the end of what stands before the tag.
    """
    number, most = 1, longest_name(results.parent)
    while True:
        end = f".{tag}{'' if number == 1 else f'-{number}'}{results.suffix}"
        stem = results.stem
        while stem and len(os.fsencode(stem + end)) > most:
            stem = stem[:-1]
        path = results.with_name(stem + end)
        if not os.path.lexists(path):  # a link that leads nowhere has taken it, too
            return path
        number += 1
