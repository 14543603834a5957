"""Where a results file may go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def require_place(results: Path, source: Path, usual: Path) -> None:
    """Make sure, before anything is sent, that the results can be written there.

    Args:
        usual: where they would go unasked; its extension is that of their format.

    Raises:
        SettingsError: they can't, or the user's own file would be lost.
    """
    if results.resolve() == source.resolve():
        raise SettingsError(
            f"The results file would take the place of {source.name} itself.",
            "The list as it was before the upload would be lost.",
            "Give --results another name, or leave it out.",
        )
    why = _obstacle(results, usual)
    if why:
        raise SettingsError(
            f"The results can't be written to {results}.",
            why,
            f"Give a file such as {usual.name} in a folder of yours with --results.",
        )


def _obstacle(results: Path, usual: Path) -> str:
    folder = results.absolute().parent
    if results.is_dir():
        return "It is a folder."
    if not folder.is_dir():
        return f"There is no folder {folder}."
    if not os.access(folder, os.W_OK):
        return f"The folder {folder} can't be written."
    if (results.suffix.lower() in _WORKBOOKS) != (usual.suffix.lower() in _WORKBOOKS):
        return f"They are written as {usual.suffix}, and this name promises something else."
    return ""


_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
