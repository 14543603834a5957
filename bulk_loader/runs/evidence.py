"""What stands beside the list about its earlier runs, held against the ledger before sending."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bulk_loader.errors import LedgerError
from bulk_loader.results import read_stamp
from bulk_loader.runs.comparing import are_results_of
from bulk_loader.runs.retained import digest_of
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bulk_loader.ledger import Ledger, RunPlan
    from bulk_loader.model import LeadTable
    from bulk_loader.results import Stamp


def require_known_results(
    ledger: Ledger, plan: RunPlan, table: LeadTable, paths: Iterable[Path]
) -> None:
    """Make sure that the ledger knows what the results beside a list say was sent.

    Args:
        paths: where results of the list would stand.

    Raises:
        LedgerError: they tell of leads that this ledger knows nothing of: it was lost, is an
            older copy, or another one.
    """
    for path in dict.fromkeys(paths):
        stamp = read_stamp(path)
        if stamp is None:
            _require_known_file(ledger, table, path)
        elif stamp.dialer == plan.target:
            _require_known_run(ledger, plan, table, path, stamp)


def _require_known_run(
    ledger: Ledger, plan: RunPlan, table: LeadTable, path: Path, stamp: Stamp
) -> None:
    if not ledger.runs.is_known(stamp.run):
        if stamp.list_digest == plan.digest or are_results_of(path, table):
            raise _lost(ledger, path, f"run {stamp.run} of {stamp.began_at[:10]}")
        return
    record = ledger.runs.by_name(stamp.run)
    if record is None:
        return  # forgotten on purpose
    known = ledger.outcomes.count_sent(record)
    if stamp.session > record.sessions or stamp.sent > known:
        raise LedgerError(
            f"The ledger {ledger.place.where} is older than what it wrote beside the list.",
            f"Run {stamp.run} had sent {stamp.sent:,} leads, and the ledger knows {known:,}: it "
            "was restored from an old copy, or a part of it is lost.",
            _restore(ledger, path),
        )


def _require_known_file(ledger: Ledger, table: LeadTable, path: Path) -> None:
    """The same for a results file that says nothing of itself."""
    # Not pathlib's, which fails at a name that is too long, and that is no file either.
    is_file = os.path.isfile(path)  # noqa: PTH113
    if not is_file or ledger.runs.newest_with_results(str(path.resolve())) is not None:
        return
    if ledger.runs.that_wrote(digest_of(path)) is None and are_results_of(path, table):
        raise _lost(ledger, path, "a run that it does not know")


def _lost(ledger: Ledger, path: Path, run: str) -> LedgerError:
    return LedgerError(
        f"Leads of this list were sent to this dialer before, and the ledger {ledger.place.where} "
        "does not know of it.",
        f"{path.name}, or what stands beside it, tells of {run}. The ledger was lost, or this is "
        "not the one that was used.",
        _restore(ledger, path),
    )


def _restore(ledger: Ledger, path: Path) -> str:
    is_shared = ledger.place.url is not None
    what, name = ("database", "LEDGER") if is_shared else ("directory", "HOME")
    right = (
        f"Restore the ledger's {what} from a backup, or name the right one with "
        f"BULK_LOADER_{name}, and give the same command again."
    )
    retry = typed("bulk-loader", "retry", str(path))
    rest = f"Without it, to send what the results call not taken: {retry}" if path.exists() else ""
    again = "To send every lead once more, which calls people twice: the same command with --again"
    return "\n".join(line for line in (right, rest, again) if line)
