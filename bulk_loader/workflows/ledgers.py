"""The ledger itself: whether it is whole, and taking it along to where machines share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import LockedError, SettingsError
from bulk_loader.ledger import Ledger, has_ledger, move_ledger
from bulk_loader.ledger_place import LedgerPlace
from bulk_loader.model import Ending
from bulk_loader.runs.locks import is_held, lock_names
from bulk_loader.workflows.doctor import Finding, State

if TYPE_CHECKING:
    from bulk_loader.ledger import Moved
    from bulk_loader.settings import Settings


def check_ledger(settings: Settings) -> list[Finding]:
    """Look at the ledger that the settings name.

    Raises:
        LedgerError: it can't be used at all.
    """
    place = settings.ledger_place
    if not has_ledger(place):
        told = f"There is none yet; the first run makes it in {place.home}."
        return [Finding("ledger", State.OK, told)]
    with Ledger.open(place) as ledger:
        return [
            Finding(each.about, State.FAULT if each.remedy else State.OK, each.told, each.remedy)
            for each in ledger.verify()
        ]


def take_along(settings: Settings) -> Moved:
    """Move the ledger of this machine into the database that the settings name.

    Raises:
        SettingsError: they name none.
        LockedError: a list is being sent with it.
        LedgerError: one of both can't be used, or they have different keys.
    """
    place = settings.ledger_place
    if place.url is None:
        raise SettingsError(
            "There is nowhere to move the ledger to.",
            settings.where_looked("ledger"),
            "Name the database: BULK_LOADER_LEDGER=postgresql://USER@HOST/NAME",
        )
    own = LedgerPlace(place.home, place.key_file)
    if has_ledger(own):
        with Ledger.open(own) as ledger:
            for run in ledger.runs.all():
                if run.ending is Ending.UNFINISHED and is_held(place.home, lock_names(run.plan)):
                    raise LockedError(
                        f"The list {run.plan.path} is being sent with this ledger.",
                        "Where it stands next would not be known there.",
                        "Wait until it has ended, and give the same command again.",
                    )
    return move_ledger(place)
