"""What the ledger that machines share knows of a job's nights, in the words of the last run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.night import NightOutcome
from bulk_loader.jobs.records import Earlier, LastRun
from bulk_loader.jobs.same_job import name_everywhere
from bulk_loader.ledger import nights_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulk_loader.ledger import NightRecord
    from bulk_loader.settings import Job


def earlier_nights(known: Sequence[NightRecord], at: datetime, own: Earlier) -> Earlier:
    """What the night of a time is held against, wherever the one before it was run.

    Args:
        known: the newest first.
        own: what this machine has kept, which knows of runs by hand, too.
    """
    before = next((each for each in known if each.at <= at), None)
    if before is None:
        return own
    good = [each.ended_at for each in known if each.exit_code == ExitCode.OK]
    succeeded_at = max(filter(None, (*good, own.last_success_at)), default=None)
    if before.ended_at is None:
        return Earlier(None, None, succeeded_at, before.began_at, before.machine)
    return Earlier(outcome_of_record(before), before.exit_code, succeeded_at)


def outcome_of_record(record: NightRecord) -> NightOutcome:
    """How a night ended; a word of a newer release as the nearest that this one knows."""
    try:
        return NightOutcome(record.outcome)
    except ValueError:
        is_loaded = record.exit_code in {ExitCode.OK, ExitCode.BAD_LEADS, ExitCode.IN_DOUBT}
        return NightOutcome.LOADED if is_loaded else NightOutcome.HELD


def last_shared_run(job: Job) -> LastRun | None:
    """The last night of a job on whatever machine; None where none is known.

    Raises:
        LedgerError: the ledger that machines share can't be used.
    """
    place, name = job.settings.ledger_place, name_everywhere(job)
    if place.url is None or name is None:
        return None
    for last in nights_of(place, name)[:1]:
        if last.ended_at is None:
            is_under_way = last.is_under_way
            return LastRun(last.began_at, machine=last.machine, is_under_way=is_under_way)
        outcome, code = outcome_of_record(last), last.exit_code
        return LastRun(last.began_at, last.ended_at, outcome, code, machine=last.machine)
    return None
