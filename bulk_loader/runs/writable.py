"""Where a results file may go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.results import obstacle

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.model import Source


def require_writable(results: Path, source: Source, usual: Path) -> None:
    """Make sure, before anything is sent, that the results can be written there.

    Args:
        usual: where they would go unasked; its extension is that of their format.

    Raises:
        SettingsError: they can't, or the user's own file would be lost.
    """
    if os.path.realpath(results) == os.path.realpath(source.path) and not source.is_piped:
        raise SettingsError(
            f"The results file would take the place of {source.path.name} itself.",
            "The list as it was before the upload would be lost.",
            "Give --results another name, or leave it out.",
        )
    why = obstacle(results, _size(source)) or _promise(results, usual)
    if why:
        raise SettingsError(
            f"The results can't be written to {results}.",
            why,
            f"Give a file such as results{usual.suffix} in a folder of yours with --results.",
        )


def require_rewritable(source: Source) -> None:
    """Make sure, before anything is sent, that the answers of a retry can be written into its file.

    Raises:
        SettingsError: they can't.
    """
    if why := obstacle(source.path, _size(source)):
        raise SettingsError(
            f"The answers can't be written into {source.path}.",
            why,
            "Copy the file into a folder of yours, and retry that copy.",
        )


def _size(source: Source) -> int:
    """Bytes that its results have at least; 0 where that is not known."""
    try:
        return 0 if source.is_piped else source.path.stat().st_size
    except OSError:
        return 0  # whoever reads it next says so


def _promise(results: Path, usual: Path) -> str:
    if (results.suffix.lower() in _WORKBOOKS) != (usual.suffix.lower() in _WORKBOOKS):
        return f"They are written as {usual.suffix}, and this name promises something else."
    return ""


_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
