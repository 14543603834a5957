"""Judges one experiment while it goes on: every upload that ends, every crash, and the end of all."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import ExitCode
from bulk_loader.model import Status
from tests.crash import verdict
from tests.crash.ledger_view import look
from tests.crash.verdict import Name, Told
from tests.faulty_dialer import read_record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.crash.processes import Upload
    from tests.crash.scene import Scene


@dataclass(slots=True)
class Figures:
    """One experiment in numbers.

    Attributes:
        kills: of the uploader and of the dialer, signals and full disks included.
        doubt: most leads in doubt after a crash, as a multiple of the concurrency.
    """

    kills: int = 0
    leads: int = 0
    recorded: int = 0
    accepted: int = 0
    unknown: int = 0
    twice: int = 0
    lost: int = 0
    doubt: float = 0.0


class Judge:
    """Holds what the program says against what the dialer recorded.

    Attributes:
        violations: sentences; none where the promise held.
        is_finished: an upload came to its end, with nothing left to do.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._doubted: Counter[Name] = Counter()
        self.figures = Figures()
        self.violations: list[str] = []
        self.is_finished = False

    def see_crash(self) -> None:
        """Look into the ledger that a crash left: how many leads are in doubt, and which."""
        self.figures.kills += 1
        left = look(self._scene.home)
        self.is_finished, rows = left.is_finished, left.in_doubt
        concurrency = self._scene.conditions.concurrency
        self.figures.doubt = max(self.figures.doubt, len(rows) / concurrency)
        if len(rows) > 2 * concurrency:
            self._blame(f"{len(rows)} leads in doubt after a crash, of {concurrency} at a time")
        # A crash at the start may leave the run of the file as it was before an edit.
        if left.digest == self._scene.file.digest:
            leads = (self._scene.file.rows[row - 2] for row in rows)  # row 1 is the header
            self._doubted |= Counter(lead.name for lead in leads)

    def see_end(self, upload: Upload, *allowed: ExitCode) -> None:
        """Hold an upload that ended by itself against the record, and its code against the design.

        Args:
            allowed: codes besides those of a finished run.
        """
        try:
            code = upload.end()
        except TimeoutError as error:
            self._blame(str(error))
            return
        grown = self._scene.dialer.recorded - self._scene.recorded_before
        if code < 0 and ExitCode.INTERRUPTED in allowed and not upload.has_begun:
            return  # before its first line a program can't have a word about signals
        # The one before may have been cut off between its last deed and its end.
        is_refused = code == ExitCode.USAGE and "is finished: " in upload.errors
        self.is_finished = is_refused or code in verdict.FINISHED
        if not self.is_finished and code not in allowed:
            self._blame(f"{self._newest} ended with {code}")
        if code == ExitCode.USAGE and grown:
            self._blame(f"{self._newest} ended with 2 and yet sent {grown} leads")
        if "Traceback" in upload.errors or (self._scene.home / "crashes").exists():
            self._blame(f"{self._newest} failed with a traceback")
        told = json.loads(upload.output) if upload.output.strip() else {}
        if "counts" in told:  # an error gives a line too, which sums nothing up
            self._hear(told, code)
        elif code in verdict.FINISHED:
            self._blame(f"{self._newest} ended with {code} and no summary")

    def _hear(self, summary: dict[str, Any], code: int) -> None:
        told = read_results(self._scene.results)
        self._compare(told)
        self._blame(*verdict.miscounted(summary, told))
        self._blame(*verdict.miscoded(code, told))
        if summary["exit_code"] != code:
            self._blame(f"the exit code is {code}, the summary says {summary['exit_code']}")

    def sum_up(self) -> None:
        """After the last upload: what the final results file says of everything that happened."""
        told, recorded, names = read_results(self._scene.results), self._recorded(), self._names()
        self._compare(told)
        for unfinished in self._scene.directory.glob(".results-*"):
            self._blame(f"{unfinished.name} was left behind")
        repeated = verdict.repeated(recorded, self._scene.file.most, all_sent=self._scene.repeats)
        self._blame(*(f"{phone} was recorded {n} times too often" for phone, n in repeated.items()))
        self._blame(*verdict.forgotten(self._doubted, told))
        statuses = Counter(row.status for row in told)
        figures = self.figures
        figures.leads = len(names)
        figures.recorded = recorded.total()
        figures.accepted = statuses[Status.ACCEPTED]
        figures.unknown = statuses[Status.UNKNOWN]
        figures.twice = repeated.total()
        figures.lost = verdict.lost(told, names, recorded)
        if figures.lost:
            self._blame(f"{figures.lost} leads are lost")

    def _compare(self, told: Sequence[Told]) -> None:
        self._blame(*verdict.incomplete(told, self._names()))
        self._blame(*verdict.untrue(told, self._recorded()))

    @property
    def _newest(self) -> str:
        return f"upload {self._scene.uploads}"

    def _names(self) -> list[Name]:
        return [lead.name for lead in self._scene.file.rows]

    def _recorded(self) -> Counter[Name]:
        record = read_record(self._scene.dialer.record)
        return Counter((task["destination"], task["data"]) for task in record)

    def _blame(self, *sentences: str) -> None:
        self.violations.extend(sentences)


def read_results(path: Path) -> list[Told]:
    """What a results file says, row by row; nothing where there is none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Told((row["phone"], row["data"]), row["dialer_status"], row["dialer_result"])
            for row in csv.DictReader(file)
        ]
