"""A rehearsal in words and in JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bulk_loader.cli.documents import Document, head
from bulk_loader.model import leads_text
from bulk_loader.visible import on_one_line
from bulk_loader.workflows import rehearsal_words as words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.rehearsal import Figures
    from bulk_loader.workflows.rehearsed import Rehearsal


def rehearsal_lines(found: Rehearsal) -> Iterator[str]:
    """For a person, line by line: what was assumed first, since all else hangs on it."""
    return map(on_one_line, _lines(found))


def _lines(found: Rehearsal) -> Iterator[str]:
    first = found.days[0]
    yield "Assumed, and not measured at your dialer:"
    yield from (f"  {each}" for each in words.assumptions(found))
    yield from found.notes
    yield f"{leads_text(first.leads)} with {words.agents_text(first)}:"
    yield from (f"  {name:<16}  {told}" for name, told in words.figures(found))
    yield "Until the first call of a lead: half of them, 95 %, all"
    shown = words.waits(found)
    for waits in shown:
        told = ", ".join(map(words.length, (waits.median_s, waits.p95_s, waits.longest_s)))
        yield f"  {waits.campaign}  {told}  ({leads_text(waits.leads)})"
    if more := len(first.waits) - len(shown):
        yield f"  and {more:,} campaigns more"
    yield from words.others(found)
    if found.report is not None:
        yield f"Report: {found.report}"


def rehearsal_json(found: Rehearsal) -> str:
    """All of it as one line; every day, and the assumptions."""
    plan, model = found.plan, found.plan.model
    values = {
        **head(Document.REHEARSAL),
        "exit_code": 0,
        "file": str(found.source.path),
        "starts_at": found.starts_at.isoformat(),
        "assumed": {
            "agents": found.days[0].agents,
            "shift": None if plan.shift is None else str(plan.shift),
            "reached": model.reached,
            "busy": model.busy,
            "invalid": model.invalid,
            "talk_seconds": model.talk_s,
            "wrap_up_seconds": model.wrap_s,
            "pause_seconds": model.pause_s,
        },
        "leads": found.days[0].leads,
        "left_out": found.left_out,
        "has_calling_hours": found.has_hours,
        "days": [_day(found, day) for day in found.days],
        "one_agent_less": found.fewer and _day(found, found.fewer),
        "one_agent_more": _day(found, found.more),
        "report": None if found.report is None else str(found.report),
        "notes": list(found.notes),
    }
    return json.dumps(values, ensure_ascii=False)


def _day(found: Rehearsal, day: Figures) -> dict[str, object]:
    return {
        "agents": day.agents,
        "last_lead_seconds": day.last_lead_s,
        "ended_seconds": day.ended_s,
        "ended_at": words.moment(found, day.ended_s).isoformat(),
        "calls": {answer.value: count for answer, count in day.calls.items()},
        "reached": day.reached,
        "busy_share": day.busy_share,
        "outside_hours": day.outside,
        "waits": [
            {
                "campaign": waits.campaign,
                "leads": waits.leads,
                "median_seconds": waits.median_s,
                "p95_seconds": waits.p95_s,
                "longest_seconds": waits.longest_s,
            }
            for waits in day.waits
        ],
        "queue": [[at, waiting] for at, waiting in day.queue],
    }
