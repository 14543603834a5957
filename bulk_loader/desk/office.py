"""All that the pages share: the lists, what is known of them, and who is at the desk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.desk.corrections import Corrections
from bulk_loader.desk.fresh import Fresh
from bulk_loader.desk.logins import Logins
from bulk_loader.desk.memory import Memory
from bulk_loader.desk.nights import Nights
from bulk_loader.desk.sending import Sendings
from bulk_loader.desk.told import settings_of, settings_of_rehearsal, settings_of_results
from bulk_loader.desk.works import Works
from bulk_loader.workflows.bad_cells import find_bad_cells
from bulk_loader.workflows.check import check
from bulk_loader.workflows.look import look
from bulk_loader.workflows.rehearsal_plan import read_plan
from bulk_loader.workflows.rehearse import rehearse

if TYPE_CHECKING:
    from collections.abc import Hashable

    from bulk_loader.desk.door import Door
    from bulk_loader.desk.options import DeskOptions
    from bulk_loader.desk.records import ListRecord, RehearsalWish
    from bulk_loader.desk.shelf import Shelf
    from bulk_loader.desk.works import Work
    from bulk_loader.jobs.checking import JobCheck
    from bulk_loader.settings import Settings
    from bulk_loader.workflows.bad_cells import BadCells
    from bulk_loader.workflows.check_report import CheckReport
    from bulk_loader.workflows.login import LoginStatus
    from bulk_loader.workflows.look import Look
    from bulk_loader.workflows.rehearsed import Rehearsal


@dataclass(frozen=True, slots=True)
class Office:
    """What the pages work with.

    Attributes:
        place: the first part of every address. Cookies know no ports, so any server on this machine
            that a browser visits would be given ours; with this as their path none is, for nobody
            else knows it. Where a password lets people in, it is the root path, which they can keep
            as a bookmark.
    """

    options: DeskOptions
    place: str
    door: Door
    shelf: Shelf
    sendings: Sendings
    memory: Memory
    looks: Works[Look]
    checks: Works[CheckReport]
    marks: Works[CheckReport]
    rehearsals: Works[Rehearsal]
    cells: Works[BadCells]
    corrections: Corrections
    nights: Nights
    prospects: Fresh[JobCheck]
    logins: Logins
    statuses: Fresh[LoginStatus]

    @classmethod
    def open(cls, options: DeskOptions, place: str, door: Door, shelf: Shelf) -> Office:
        """With nothing looked at yet."""
        sendings = Sendings(shelf, options)
        return cls(
            options,
            place,
            door,
            shelf,
            sendings,
            Memory(shelf.folder),
            Works(options.crashed, "looking"),
            Works(options.crashed, "checking"),
            Works(options.crashed, "marking"),
            Works(options.crashed, "rehearsing"),
            Works(options.crashed, "finding"),
            Corrections(shelf, sendings, options.crashed),
            Nights(options),
            Fresh(options.crashed, "looking at a job"),
            Logins(options.crashed),
            Fresh(options.crashed, "looking at credentials"),
        )

    def close(self) -> None:
        """Begin nothing more, end gently what goes on, and wait for it."""
        self.nights.stop()
        self.sendings.close()
        self.nights.close()

    def look(self, record: ListRecord) -> Work[Look]:
        """A look into a list, which may be over already.

        Raises:
            SettingsError: all that is wrong with the settings.
        """
        settings, file = settings_of(self.options.flags, record), self.shelf.file(record)
        return self.looks.get(_key(record, settings), lambda _course: look(file, settings))

    def check(self, record: ListRecord) -> Work[CheckReport]:
        """A check of a list, or of a results file what a retry would do; it may be over already.

        Raises:
            SettingsError: all that is wrong with the settings.
            LedgerError: of a results file, the ledger can't be used.
        """
        if record.to_correct == record.name:  # one look serves both steps
            settings, cells = self.settings_to_correct(record), self.bad_cells(record)
            key = *_key(record, settings), record.turn
            return self.checks.get(key, lambda _course: _report(cells))
        settings, file = settings_of(self.options.flags, record), self.shelf.file(record)
        return self.checks.get(_key(record, settings), lambda course: check(file, settings, course))

    def rehearse(self, record: ListRecord, wish: RehearsalWish) -> Work[Rehearsal]:
        """A list played through the simulated dialer; it may be over already.

        Raises:
            SettingsError: all that is wrong with the settings, or with what is assumed.
        """
        plan = read_plan(wish.written())
        settings = settings_of_rehearsal(self.options.flags, record)
        file = self.shelf.file(record)
        return self.rehearsals.get(
            (*_key(record, settings), wish), lambda course: rehearse(file, settings, plan, course)
        )

    def mark(self, record: ListRecord) -> Work[CheckReport]:
        """A check that writes a copy of the list with what is wrong marked in it.

        Raises:
            SettingsError: all that is wrong with the settings.
        """
        settings, file = settings_of(self.options.flags, record), self.shelf.file(record)
        return self.marks.get(
            _key(record, settings), lambda course: check(file, settings, course, results="")
        )

    def bad_cells(self, record: ListRecord) -> Work[BadCells]:
        """What can be corrected in a list, or in its results once it was sent.

        Raises:
            SettingsError: all that is wrong with the settings.
            LedgerError: of a results file, the ledger can't be used.
        """
        settings, file = self.settings_to_correct(record), self.shelf.to_correct(record)
        key = *_key(record, settings), record.turn, record.to_correct
        return self.cells.get(key, lambda course: find_bad_cells(file, settings, course))

    def settings_to_correct(self, record: ListRecord) -> Settings:
        """By which the file is read whose cells are corrected.

        Raises:
            SettingsError: all that is wrong.
            LedgerError: of a results file, the ledger can't be used.
        """
        if record.to_correct == record.name and not record.is_results:
            return settings_of(self.options.flags, record)
        return settings_of_results(self.options.flags, record, self.shelf.to_correct(record))


def _report(cells: Work[BadCells]) -> CheckReport:
    """What a check found out, once the cells are known."""
    done = cells.wait(None)
    assert done is not None
    if done.error is not None:
        raise done.error
    assert done.result is not None
    return done.result.report


def _key(record: ListRecord, settings: Settings) -> tuple[Hashable, ...]:
    """What the finding depends on: the file, and how it is meant to be read and sent."""
    shape = json.dumps(settings.shape(), sort_keys=True)
    return record.id, record.edition, shape, settings.base_url, settings.sandbox
