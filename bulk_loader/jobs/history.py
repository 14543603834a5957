"""What the ledger knows of a list that a job has taken, and where it is told that the list moved."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError
from bulk_loader.ledger import Ledger, has_ledger
from bulk_loader.model import Ending

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from bulk_loader.ledger import RunRecord
    from bulk_loader.model import Status
    from bulk_loader.settings import Settings


@dataclass(frozen=True, slots=True)
class Begun:
    """The run of a list that was taken before.

    Attributes:
        counts: leads by status, as far as the run came.
    """

    run_id: str
    ending: Ending
    counts: Mapping[Status, int]
    results: Path

    @property
    def is_finished(self) -> bool:
        """All of its leads are settled, and its results were written."""
        return self.ending is Ending.FINISHED


def begun_with(settings: Settings, list_path: Path) -> Begun | None:
    """The run of the list at this path; None where none was begun.

    Raises:
        LedgerError: the ledger can't be used.
    """
    with Ledger.open(settings.ledger_place) as ledger:
        record = ledger.runs.newest_of(os.path.realpath(list_path))
        if record is None:
            return None
        counts = ledger.outcomes.counts(record)
        return Begun(record.name, record.ending, counts, Path(record.plan.results))


@dataclass(frozen=True, slots=True)
class TakenList:
    """A list that a job has taken, as the ledger remembers it.

    Attributes:
        file: where it stands now.
        counts: leads by status, as far as the run came.
    """

    run_id: str
    file: Path
    began_at: datetime
    ending: Ending
    counts: Mapping[Status, int]
    results: Path


def taken_lists(settings: Settings, folders: Collection[Path], most: int) -> list[TakenList]:
    """The last lists whose files stand in the folders of a job, newest first.

    Raises:
        LedgerError: the ledger can't be used.
    """
    if not settings.home.exists():
        return []
    with Ledger.open(settings.ledger_place) as ledger:
        found = islice(_of_folders(ledger.runs.all(), folders), most)
        return [
            TakenList(
                record.name,
                Path(record.plan.path),
                record.started_at,
                record.ending,
                ledger.outcomes.counts(record),
                Path(record.plan.results),
            )
            for record in found
        ]


def _of_folders(records: Iterable[RunRecord], folders: Collection[Path]) -> Iterator[RunRecord]:
    places = {os.path.realpath(folder) for folder in folders}
    return (record for record in records if os.path.dirname(record.plan.path) in places)  # noqa: PTH120 - a path for each run of the ledger


def note_moved(settings: Settings, run_id: str, list_path: Path, results: Path) -> None:
    """Tell the ledger where list and results of a run stand now.

    A ledger that can't be told only names the old place, where nothing stands any more.
    """
    with suppress(LedgerError), Ledger.open(settings.ledger_place) as ledger:
        record = ledger.runs.by_name(run_id)
        if record is not None:
            where = os.path.realpath(list_path), os.path.realpath(results)
            ledger.runs.move_list(record, *where)


def was_loaded(settings: Settings, target: str, digest: str) -> bool:
    """Whether a list of this content is known as loaded; without a ledger none is.

    Raises:
        LedgerError: the ledger can't be used.
    """
    if not has_ledger(settings.ledger_place):
        return False
    with Ledger.open(settings.ledger_place) as ledger:
        runs = ledger.runs.of_list("", digest, target)
        return any(run.ending is Ending.FINISHED for run in runs)
