"""Where a results file may go, and what becomes of one that stands there already."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError, SettingsError
from bulk_loader.model import Ending

if TYPE_CHECKING:
    from bulk_loader.ledger import Ledger, RunRecord


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


def keep_other_results(
    ledger: Ledger, record: RunRecord, trial: str, *, goes_on: bool
) -> tuple[str, ...]:
    """Move a results file of another run out of the way; nothing that was told is lost.

    Args:
        record: the run that is about to write, as it was when this session of it began.
        trial: target whose results are nobody's loss.
        goes_on: this is not its first session, so that a file of unknown origin is its own.

    Returns:
        A note on what was moved, if anything was.
    """
    plan = record.plan
    results = Path(plan.results)
    if not results.exists() or record.ending is not Ending.UNFINISHED:
        return ()
    others = _others(ledger, record)
    uploads = [run for run in others if run.plan.kind == plan.kind]
    # Where there are only retries, they are those of this very list.
    is_own = goes_on or bool(others)
    is_nobodys_loss = uploads[0].plan.target == trial if uploads else is_own
    if is_nobodys_loss:
        return ()
    tag = uploads[0].name if uploads else f"before-{record.name}"
    kept = results.with_name(f"{results.stem}.{tag}{results.suffix}")
    if kept.exists():
        return ()
    results.rename(kept)
    for run in others:
        ledger.move_results(run, str(kept))
    return (f"The file that stood there before is kept as {kept.name}.",)


def _others(ledger: Ledger, record: RunRecord) -> list[RunRecord]:
    """Runs with the same results file that this one does not go on with, newest first."""
    try:
        own = {run.id for run in ledger.chain(record)}
        runs = ledger.runs()
    except LedgerError:
        return []  # a ledger that failed meanwhile can't tell, so what is there counts as foreign
    return [run for run in runs if run.plan.results == record.plan.results and run.id not in own]
