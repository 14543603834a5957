"""Old results files: which of them can go without anything being lost, and removing them.

They hold phone numbers, so whoever keeps the lists for a time keeps these for a time, too. What they
say stays in the ledger, and as long as the list is there they can be written anew.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LockedError
from bulk_loader.ledger import Ledger
from bulk_loader.model import RunKind, Status
from bulk_loader.runs.locks import locked
from bulk_loader.runs.retained import digest_of

if TYPE_CHECKING:
    from datetime import timedelta

    from bulk_loader.ledger import RunRecord
    from bulk_loader.ledger_place import LikePlace

_EVER = datetime.fromtimestamp(0, UTC)


class Kept(StrEnum):
    """Why a results file stays although it is old."""

    UNFINISHED = "a run of it is unfinished"
    IN_DOUBT = "a lead in it is in doubt"
    CHANGED = "it was changed by hand since it was written"
    IS_LIST = "it was uploaded as a list itself"
    UNDER_WAY = "a run of it is under way"
    REFUSED = "the system does not let it be removed"


@dataclass(frozen=True, slots=True)
class OldResults:
    """The results files whose last run ended so long ago.

    Attributes:
        files: those that can go, or went.
        kept: those that stay, and why.
    """

    files: tuple[Path, ...]
    kept: tuple[tuple[Path, Kept], ...]


def plan_removal(place: LikePlace, older_than: timedelta) -> OldResults:
    """What `remove_results` would remove.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with Ledger.open(place) as ledger:
        return _OldFiles(ledger, datetime.now(UTC) - older_than).sorted_out()


def remove_results(place: LikePlace, older_than: timedelta) -> OldResults:
    """Remove the results files of runs that are over since longer than that.

    One stays in which a lead is in doubt, however old, which somebody has changed since it was
    written, of which a run is unfinished, or which is a list itself. The stamp beside it
    stays, too: it holds no number, and a lost ledger is noticed by it.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with Ledger.open(place) as ledger:
        old = _OldFiles(ledger, datetime.now(UTC) - older_than)
        planned = old.sorted_out()
        failed = {path: why for path in planned.files if (why := old.remove(path))}
        gone = tuple(path for path in planned.files if path not in failed)
        return OldResults(gone, (*planned.kept, *failed.items()))


class _OldFiles:
    def __init__(self, ledger: Ledger, before: datetime) -> None:
        self._ledger = ledger
        self._before = before
        runs = ledger.runs.all()
        self._lists = {run.plan.path for run in runs if run.plan.kind is RunKind.UPLOAD}
        self._over = {run.id for run in ledger.runs.forgettable(before, _EVER)}
        self._in_doubt = {
            doubt.run
            for target in {run.plan.target for run in runs}
            for doubt in ledger.doubts.open_at(target, _EVER)
        }
        self._runs: defaultdict[Path, list[RunRecord]] = defaultdict(list)  # newest first
        for run in runs:
            self._runs[Path(run.plan.results)].append(run)

    def sorted_out(self) -> OldResults:
        old = [path for path, runs in self._runs.items() if self._is_old(path, runs[0])]
        reasons = {path: self._reason(path) for path in old}
        return OldResults(
            tuple(path for path, why in reasons.items() if why is None),
            tuple((path, why) for path, why in reasons.items() if why is not None),
        )

    def _is_old(self, path: Path, newest: RunRecord) -> bool:
        ended = newest.ended_at or newest.started_at
        return ended < self._before and not path.is_symlink() and path.is_file()

    def _reason(self, path: Path) -> Kept | None:
        """Why a file must stay; None where it need not."""
        runs = self._runs[path]
        if str(path) in self._lists:
            return Kept.IS_LIST
        if self._ledger.outcomes.counts(runs[0])[Status.UNKNOWN] or self._has_doubt(runs):
            return Kept.IN_DOUBT
        if not all(run.id in self._over for run in runs):
            return Kept.UNFINISHED
        return None if self._is_ours(path, runs) else Kept.CHANGED

    def _has_doubt(self, runs: list[RunRecord]) -> bool:
        return any(run.id in self._in_doubt for run in runs)

    def _is_ours(self, path: Path, runs: list[RunRecord]) -> bool:
        try:
            writer = self._ledger.runs.that_wrote(digest_of(path))
        except OSError:
            return False
        return writer is not None and writer.id in {run.id for run in runs}

    def remove(self, path: Path) -> Kept | None:
        """Remove a file unless something has changed since it was looked at; then why it stays."""
        newest = self._runs[path][0]
        try:
            with locked(self._ledger.place, newest.plan, path):
                if not self._is_ours(path, self._runs[path]):
                    return Kept.CHANGED
                os.unlink(path)  # noqa: PTH108 - never what a link leads to
        except LockedError:
            return Kept.UNDER_WAY
        except OSError:
            return Kept.REFUSED
        return None
