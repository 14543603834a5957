"""What a list is sent with: the settings of the command line, with a person's choices above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.settings import load_job_file, load_settings
from bulk_loader.workflows.retry import remembered_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulk_loader.desk.records import ListRecord, Order
    from bulk_loader.settings import Settings


def settings_of(
    flags: Mapping[str, object], record: ListRecord, order: Order | None = None
) -> Settings:
    """The settings of a list.

    Args:
        order: what is sent; None where only a look is taken.

    Raises:
        SettingsError: all that is wrong.
    """
    return load_settings(_given(flags, record, order))


def settings_of_rehearsal(flags: Mapping[str, object], record: ListRecord) -> Settings:
    """The settings of a list that is rehearsed, whose page is always written.

    Raises:
        SettingsError: all that is wrong.
    """
    return load_settings({**_given(flags, record, None), "report": True})


def settings_of_results(
    flags: Mapping[str, object], record: ListRecord, results: Path, order: Order | None = None
) -> Settings:
    """The settings of a retry: what is not said is as it was at the first upload.

    Raises:
        SettingsError: all that is wrong.
        LedgerError: the ledger can't be used.
    """
    given = _given(flags, record, order)
    own = load_settings(given)
    remembered = remembered_settings(results, own.ledger_place)
    return load_settings(given, remembered=remembered)


def _given(
    flags: Mapping[str, object], record: ListRecord, order: Order | None
) -> Mapping[str, object]:
    trial = {"sandbox": True} if order is not None and order.is_trial else {}
    report = {"report": order is not None}
    return {**flags, **record.choices.flags(), **trial, **report, **_OWN}


# Whatever the other places say: results stand beside the list at the desk, where they can be saved
# from, no list is sent once more as a whole, and a pause is one of all that is sent.
_OWN = {"results": None, "again": False, "spread": False}


def profile_names(flags: Mapping[str, object]) -> tuple[str, ...]:
    """Those of the settings file; none where there is none, or none that can be read."""
    try:
        return tuple(sorted(load_job_file(flags).profiles))
    except LoaderError:
        return ()
