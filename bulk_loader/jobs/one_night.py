"""Whose night it is: where machines share a ledger, one of them runs it."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from bulk_loader.errors import ErrorCode, ExitCode, LockedError
from bulk_loader.jobs.hold import OwnNight, SharedNight
from bulk_loader.jobs.night import Fate, Night
from bulk_loader.jobs.places import Places
from bulk_loader.jobs.records import earlier_runs
from bulk_loader.jobs.same_job import make_mark, name_everywhere
from bulk_loader.jobs.schedules.past_runs import times_about
from bulk_loader.jobs.schedules.timetable import Timetable
from bulk_loader.jobs.schedules.zone import machine_zone
from bulk_loader.jobs.shared_runs import earlier_nights, outcome_of_record
from bulk_loader.ledger import NightRecord, night_held, nights_of
from bulk_loader.runs.locks import held_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bulk_loader.jobs.hold import Hold
    from bulk_loader.ledger import HeldNight
    from bulk_loader.settings import Job

# A timer never goes off before its time by its own clock. That of another machine does by this one's:
# by less, where anybody sets the clocks.
EARLY = timedelta(minutes=2)

# After 4, 6 and 130 the same command goes on; with 2 a machine could not even begin, for what its
# own settings say, and another one may.
REPEATED = frozenset({ExitCode.USAGE, ExitCode.STOPPED, ExitCode.LOCKED, ExitCode.INTERRUPTED})


class ElsewhereError(LockedError):
    """Another machine runs the job, and tells of it itself."""

    code = ErrorCode.LOCKED_ELSEWHERE


@contextmanager
def night_of(job: Job, now: datetime, *, is_scheduled: bool) -> Iterator[Hold | Night]:
    """What a run that begins now has of its night, which others leave to it while the body runs.

    Args:
        is_scheduled: a timer has begun it, as it may on other machines at the same time.

    Returns:
        The night itself where another run, here or elsewhere, has brought it to its end.

    Raises:
        ElsewhereError: another machine runs the job.
        LedgerError: the ledger that machines share can't be used.
    """
    earlier = earlier_runs(job.settings.home, job.config, job.name)
    if not (is_scheduled and _is_of_many(job)):
        yield OwnNight(earlier)
        return
    make_mark(job)
    name = name_everywhere(job)
    if name is None:
        yield OwnNight(earlier, (_UNKNOWN,))
        return
    known = nights_of(job.settings.ledger_place, name)
    at = _meant(job, now, known)
    with _begun(job, name, at, known) as found:
        if isinstance(found, NightRecord):
            yield _as_night(job, found)
        else:
            yield SharedNight(earlier_nights(known, at, earlier), found, _notes(found))


_UNKNOWN = (
    "Which job this is on other machines is not known, as the mark of its folder can't be read or "
    "written: each of them may run it."
)


def _is_of_many(job: Job) -> bool:
    settings = job.settings
    has_target = settings.base_url is not None and not settings.sandbox
    return has_target and settings.ledger_place.url is not None and bool(job.rules.at)


def _meant(job: Job, now: datetime, known: Sequence[NightRecord]) -> datetime:
    """The time for which a run is that begins now, maybe a little early.

    While the night before is not over, it is for that one.
    """
    before, after = times_about(Timetable(job.rules.at, job.rules.days), now, machine_zone())
    is_nearly = after - now <= min(EARLY, now - before)
    is_open = any(each.at == before and not each.is_over(REPEATED) for each in known)
    return after if is_nearly and not is_open else before


@contextmanager
def _begun(
    job: Job, name: str, at: datetime, known: Sequence[NightRecord]
) -> Iterator[HeldNight | NightRecord]:
    record = next((each for each in known if each.at == at), None)
    if record is not None and record.is_over(REPEATED):
        yield record
        return
    otherwise = f"The job {job.name} is under way on another machine."
    with ExitStack() as stack:
        held = night_held(job.settings.ledger_place, name, at, REPEATED, otherwise)
        try:
            if record is not None and record.ended_at is None:
                _require_idle(job, otherwise)
            found = stack.enter_context(held)
        except LockedError as error:
            raise ElsewhereError(error.what, error.why, error.remedy) from error
        yield found


def _require_idle(job: Job, otherwise: str) -> None:
    """Whoever is not heard of any more, and still has the folders, only sleeps: nothing is won then."""
    with held_in(Places(job.workspace).of(Fate.WORKING), otherwise):
        pass


def _as_night(job: Job, found: NightRecord) -> Night:
    code = ExitCode(found.exit_code or 0)
    began, ended = found.began_at.astimezone(), (found.ended_at or found.began_at).astimezone()
    why = (
        f"It was run on {found.machine} from {began:%Y-%m-%d %H:%M} to {ended:%H:%M}, ended with "
        f"exit code {int(code)}, and is not run once more."
    )
    outcome = outcome_of_record(found)
    return Night(job.name, outcome, code, began, ended, why, machine=found.machine)


def _notes(held: HeldNight) -> tuple[str, ...]:
    before = held.before
    if before is None or before.ended_at is None:
        return ()  # a night that broke off is told as every run that did
    ended = before.ended_at.astimezone()
    note = (
        f"It goes on with what {before.machine} began, which ended at {ended:%Y-%m-%d %H:%M} with "
        f"exit code {before.exit_code}."
    )
    return (note,)
