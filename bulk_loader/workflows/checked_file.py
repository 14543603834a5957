"""The file that a check writes: the user's rows with what is wrong, to be corrected and uploaded."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError, ResultsError, SettingsError
from bulk_loader.model import Status
from bulk_loader.preparation.pipeline import is_checked_file, is_results_file
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.results import ResultRow, ResultsReport, checked_path, dated_path, write_checked
from bulk_loader.runs.comparing import adds_nothing
from bulk_loader.runs.writable import require_rewritable, require_writable
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.model import LeadTable, Problem


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The file in the making: what is found is noted, batch by batch, and then written."""

    table: LeadTable
    path: Path
    _found: Sentences

    def note(self, row: int, status: Status, sentence: str) -> None:
        """What was found out about a lead that would not be sent; rows come in ascending order."""
        self._found.add(row, f"{status.value} {sentence}")

    def write(self, problems: Sequence[Problem]) -> ResultsReport:
        """Write it whole; what a person has typed into an earlier one is kept.

        Raises:
            LoaderError: it can't be written.
        """
        try:
            kept = _keep_corrections(self.path, self.table)
            report = write_checked(self.table, self._rows(), self.path, problems)
        except OSError as error:
            raise LoaderError(
                f"{self.path} was not written.",
                f"What stands there can't be kept under another name: {error.strerror}.",
                "Give another file with --results.",
            ) from error
        except ResultsError as error:  # no run was stopped
            raise LoaderError(error.what, error.why, error.remedy) from error
        return ResultsReport(report.path, (*kept, *report.notes))

    def _rows(self) -> Iterator[ResultRow]:
        found = iter(self._found)
        row, text = next(found, (0, ""))
        for batch in self.table.batches():
            for number in batch.frame.index.tolist():
                if number != row:
                    yield ResultRow(number, Status.UNSENT)
                    continue
                status, _, sentence = text.partition(" ")
                yield ResultRow(number, Status(status), sentence)
                row, text = next(found, (0, ""))


@contextmanager
def checked_file(table: LeadTable, asked: Path | str) -> Iterator[CheckedFile]:
    """Begin the file.

    Args:
        asked: where it is to go; "" for its usual place beside the list.

    Raises:
        SettingsError: it can't go there, or the list has been sent already.
    """
    source = table.source
    if is_results_file(table):
        raise SettingsError(
            f"{source.path.name} is a results file.",
            "It says what became of its leads, and what is wrong with them; a check would write "
            "over that.",
            f"Correct it as it is, and run: {typed('bulk-loader', 'retry', str(source.path))}",
        )
    usual = checked_path(source.path, source.format)
    path = Path(asked).absolute() if asked else usual
    if not source.is_piped and os.path.realpath(path) == os.path.realpath(source.path):
        _require_own(table)
    else:
        require_writable(path, source, usual)
    with Sentences() as found:
        yield CheckedFile(table, path, found)


def _require_own(table: LeadTable) -> None:
    """Only what a check wrote is written anew in its own place."""
    if not is_checked_file(table):
        raise SettingsError(
            f"The marked file would take the place of {table.source.path.name} itself.",
            "The list as it is now would be lost.",
            "Give --results another name, or none.",
        )
    require_rewritable(table.source)


def _keep_corrections(path: Path, table: LeadTable) -> tuple[str, ...]:
    """Move a file out of the way that holds more than the list does."""
    is_own = os.path.realpath(path) == os.path.realpath(table.source.path)
    if is_own or not path.is_file() or path.is_symlink() or adds_nothing(path, table):
        return ()
    kept = dated_path(path, f"edited-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
    path.rename(kept)
    return (f"{path.name} stood there with other rows: it is kept as {kept.name}.",)
