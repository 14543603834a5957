"""A rehearsal in words and in JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from bulk_loader.cli.documents import Document, head
from bulk_loader.model import leads_text
from bulk_loader.rehearsal import span_of
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.rehearsal import CampaignWaits, Figures, Span
    from bulk_loader.workflows.rehearse import Rehearsal

MAX_CAMPAIGNS = 20
"""Shown one by one, those with the most leads; a list has a handful."""


def rehearsal_lines(found: Rehearsal) -> Iterator[str]:
    """For a person, line by line: what was assumed first, since all else hangs on it."""
    return map(on_one_line, _lines(found))


def _lines(found: Rehearsal) -> Iterator[str]:
    first = found.days[0]
    yield from _assumptions(found)
    yield from found.notes
    yield f"{leads_text(first.leads)} with {_agents(first)}:"
    yield f"  last lead called  {_moments(found, lambda day: day.last_lead_s)}"
    yield f"  all is over       {_moments(found, lambda day: day.ended_s)}"
    yield f"  calls             {_counts(found, lambda day: sum(day.calls.values()))}"
    yield f"  leads reached     {_counts(found, lambda day: day.reached)}"
    yield f"  agents at work    {_shares(found)}"
    if found.has_hours:
        outside = _counts(found, lambda day: day.outside)
        yield f"  outside of hours  {outside} calls begin outside of the calling hours"
    else:
        yield "  outside of hours  no calling hours are set (calling_hours)"
    yield "Until the first call of a lead: half of them, 95 %, all"
    most = sorted(first.waits, key=lambda waits: -waits.leads)
    for waits in most[:MAX_CAMPAIGNS]:
        yield f"  {waits.campaign}  {_waits(waits)}  ({leads_text(waits.leads)})"
    if len(most) > MAX_CAMPAIGNS:
        yield f"  and {len(most) - MAX_CAMPAIGNS:,} campaigns more"
    yield from _others(found, first)


def _assumptions(found: Rehearsal) -> Iterator[str]:
    model, plan = found.plan.model, found.plan
    shift = f"work {plan.shift}" if plan.shift else "work around the clock"
    yield "Assumed, and not measured at your dialer:"
    yield (
        f"  it begins {_at(found.starts_at)}, all leads are in the queue then, and agents {shift}"
    )
    yield (
        f"  {model.reached:.0%} of calls are answered, {model.busy:.0%} find the line busy, and "
        f"{model.invalid:.0%} of numbers belong to nobody"
    )
    yield (
        f"  a talk takes {_length(model.talk_s)} on average, and {_length(model.wrap_s)} after it; "
        f"a number is tried again after {_length(model.pause_s)}"
    )
    yield "  each agent is given one call after the other, oldest lead first"
    if plan.seeds > 1:
        yield f"  {plan.seeds} days with different answers: the middle one (least to most)"
    if found.left_out:
        yield f"  {leads_text(found.left_out)} would not be sent: see bulk-loader check"


def _others(found: Rehearsal, first: Figures) -> Iterator[str]:
    for day in filter(None, (found.fewer, found.more)):
        change = day.ended_s - first.ended_s
        sooner = "sooner" if change < 0 else "later"
        yield (
            f"With {_agents(day)}: over {_when(found, day.ended_s)}, "
            f"{_length(abs(change))} {sooner}"
        )


def _agents(day: Figures) -> str:
    return "1 agent" if day.agents == 1 else f"{day.agents:,} agents"


def _span(found: Rehearsal, figure: Callable[[Figures], float]) -> Span:
    return span_of([figure(day) for day in found.days])


def _moments(found: Rehearsal, figure: Callable[[Figures], float]) -> str:
    span = _span(found, figure)
    told = f"{_when(found, span.middle)}, after {_length(span.middle)}"
    if span.least == span.most:
        return told
    return f"{told} ({_length(span.least)} to {_length(span.most)})"


def _counts(found: Rehearsal, figure: Callable[[Figures], float]) -> str:
    span = _span(found, figure)
    if span.least == span.most:
        return f"{span.middle:,.0f}"
    return f"{span.middle:,.0f} ({span.least:,.0f} to {span.most:,.0f})"


def _shares(found: Rehearsal) -> str:
    span = _span(found, lambda day: day.busy_share)
    told = f"{span.middle:.0%} of their time"
    return told if span.least == span.most else f"{told} ({span.least:.0%} to {span.most:.0%})"


def _waits(waits: CampaignWaits) -> str:
    return ", ".join(map(_length, (waits.median_s, waits.p95_s, waits.longest_s)))


def _when(found: Rehearsal, at_s: float) -> str:
    return _at(_moment(found, at_s))


def _moment(found: Rehearsal, at_s: float) -> datetime:
    """By seconds that pass, since the clock of a zone may be set on the way."""
    return datetime.fromtimestamp(found.starts_at.timestamp() + at_s, found.starts_at.tzinfo)


def _at(moment: datetime) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M}"


def _length(seconds: float) -> str:
    """In the two greatest units that it has."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:  # noqa: PLR2004 - two days
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} days {hours} h"


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
        "notes": list(found.notes),
    }
    return json.dumps(values, ensure_ascii=False)


def _day(found: Rehearsal, day: Figures) -> dict[str, object]:
    return {
        "agents": day.agents,
        "last_lead_seconds": day.last_lead_s,
        "ended_seconds": day.ended_s,
        "ended_at": _moment(found, day.ended_s).isoformat(),
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
