"""What the page of a run tells, by what the ledger knows of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.exit_codes import run_code
from bulk_loader.model import Ending, RunKind, Status, leads_text
from bulk_loader.reports.content import Content, Mood
from bulk_loader.reports.timeline_bytes import from_bytes
from bulk_loader.runs.moments import local_in_full
from bulk_loader.runs.next_step import next_step
from bulk_loader.runs.setup import FORGOTTEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bulk_loader.ledger import Ledger, RunRecord
    from bulk_loader.reports.groups import Group

_VERBS = {RunKind.UPLOAD: "Upload", RunKind.RETRY: "Retry"}
_MOODS = {ExitCode.OK: Mood.GOOD, ExitCode.BAD_LEADS: Mood.OPEN, ExitCode.IN_DOUBT: Mood.OPEN}


def told_of_run(
    ledger: Ledger,
    record: RunRecord,
    counts: Mapping[Status, int],
    groups: Sequence[Group],
    notes: Sequence[str] = (),
) -> Content:
    """All that there is to tell.

    Args:
        record: as the ledger has it now.
        counts: leads by status, of all leads.

    Raises:
        LedgerError: the ledger can't be used.
    """
    timeline = from_bytes(ledger.timelines.newest_of(ledger.runs.chain(record)))
    starts = [local_in_full(session.began_at) for session in timeline.sessions]
    return Content(
        title=f"{_VERBS[record.plan.kind]} of {Path(record.plan.path).name}",
        mood=_MOODS.get(run_code(record.ending, counts), Mood.STOPPED),
        verdict=_verdict(record, counts),
        facts=list(_facts(record)),
        counts=counts,
        next_step=next_step(record, counts),
        groups=groups,
        notes=notes,
        settings=told_settings(record.plan.settings),
        timeline=timeline,
        session_starts=starts if len(starts) > 1 else (),
    )


def _verdict(record: RunRecord, counts: Mapping[Status, int]) -> str:
    leads = sum(counts.values())
    accepted = f"{counts[Status.ACCEPTED]:,} of {leads_text(leads)} accepted"
    match record.ending:
        case Ending.FINISHED:
            return f"Finished: {accepted}."
        case Ending.UNFINISHED:
            return f"Not finished, {accepted} so far: it broke off, or is under way."
        case Ending.STOPPED | Ending.INTERRUPTED:
            return f"Stopped, {accepted} so far: {record.stopped_why}"


def _facts(record: RunRecord) -> Iterator[tuple[str, str]]:
    plan = record.plan
    yield "List", Path(plan.path).name
    yield "Dialer", plan.target
    yield "Run", record.name
    yield "Begun", local_in_full(record.started_at)
    if record.ended_at is not None:
        yield "Ended", local_in_full(record.ended_at)
    yield "Results", Path(plan.results).name


def told_settings(remembered: str) -> list[tuple[str, str]]:
    """Names and values.

    Args:
        remembered: what the ledger keeps, which is neither a secret nor a phone number.
    """
    settings = dict(json.loads(remembered))
    forgotten = settings.pop(FORGOTTEN, [])
    told = [(name, _shown(value)) for name, value in settings.items()]
    return sorted(
        [*told, *((name, "(may hold a phone number, so not kept)") for name in forgotten)]
    )


def _shown(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case list():
            return ", ".join(map(str, value))
        case _:
            return json.dumps(value, ensure_ascii=False)
