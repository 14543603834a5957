"""A rehearsal in words: for the terminal and for its page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bulk_loader.model import leads_text
from bulk_loader.rehearsal import span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.rehearsal import CampaignWaits, Figures, Span
    from bulk_loader.workflows.rehearsed import Rehearsal

MAX_CAMPAIGNS = 20
"""Shown one by one, those with the most leads; a list has a handful."""


def assumptions(found: Rehearsal) -> Iterator[str]:
    """What nobody has measured, on which all else hangs."""
    model, plan = found.plan.model, found.plan
    shift = f"work {plan.shift}" if plan.shift else "work around the clock"
    yield f"it begins {at(found.starts_at)}, all leads are in the queue then, and agents {shift}"
    yield (
        f"{model.reached:.0%} of calls are answered, {model.busy:.0%} find the line busy, and "
        f"{model.invalid:.0%} of numbers belong to nobody"
    )
    yield (
        f"a talk takes {length(model.talk_s)} on average, and {length(model.wrap_s)} after it; "
        f"a number is tried again after {length(model.pause_s)}"
    )
    yield "each agent is given one call after the other, oldest lead first"
    if plan.seeds > 1:
        yield f"{plan.seeds} days with different answers: the middle one (least to most)"
    if found.left_out:
        yield f"{leads_text(found.left_out)} would not be sent: see bulk-loader check"


def figures(found: Rehearsal) -> Iterator[tuple[str, str]]:
    """What comes of it: names and what belongs to them."""
    yield "last lead called", _moments(found, lambda day: day.last_lead_s)
    yield "all is over", _moments(found, lambda day: day.ended_s)
    yield "calls", _counts(found, lambda day: sum(day.calls.values()))
    yield "leads reached", _counts(found, lambda day: day.reached)
    yield "agents at work", _shares(found)
    outside = "no calling hours are set (calling_hours)"
    if found.has_hours:
        count = _counts(found, lambda day: day.outside)
        outside = f"{count} calls begin outside of the calling hours"
    yield "outside of hours", outside


def waits(found: Rehearsal) -> list[CampaignWaits]:
    """Those of the campaigns with the most leads, of the first day."""
    return sorted(found.days[0].waits, key=lambda waits: -waits.leads)[:MAX_CAMPAIGNS]


def others(found: Rehearsal) -> Iterator[str]:
    """What an agent less, and one more, would change."""
    for day in filter(None, (found.fewer, found.more)):
        change = day.ended_s - found.days[0].ended_s
        sooner = "sooner" if change < 0 else "later"
        when = at(moment(found, day.ended_s))
        yield f"With {agents_text(day)}: over {when}, {length(abs(change))} {sooner}"


def agents_text(day: Figures) -> str:
    """How many there are."""
    return "1 agent" if day.agents == 1 else f"{day.agents:,} agents"


def moment(found: Rehearsal, at_s: float) -> datetime:
    """By seconds that pass, since the clock of a zone may be set on the way."""
    return datetime.fromtimestamp(found.starts_at.timestamp() + at_s, found.starts_at.tzinfo)


def at(when: datetime) -> str:
    """A moment with its day of the week."""
    return f"{when:%a %Y-%m-%d %H:%M}"


def length(seconds: float) -> str:
    """A time in the two greatest units that it has."""
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


def _span(found: Rehearsal, figure: Callable[[Figures], float]) -> Span:
    return span_of([figure(day) for day in found.days])


def _moments(found: Rehearsal, figure: Callable[[Figures], float]) -> str:
    span = _span(found, figure)
    told = f"{at(moment(found, span.middle))}, after {length(span.middle)}"
    if span.least == span.most:
        return told
    return f"{told} ({length(span.least)} to {length(span.most)})"


def _counts(found: Rehearsal, figure: Callable[[Figures], float]) -> str:
    span = _span(found, figure)
    if span.least == span.most:
        return f"{span.middle:,.0f}"
    return f"{span.middle:,.0f} ({span.least:,.0f} to {span.most:,.0f})"


def _shares(found: Rehearsal) -> str:
    span = _span(found, lambda day: day.busy_share)
    told = f"{span.middle:.0%} of their time"
    return told if span.least == span.most else f"{told} ({span.least:.0%} to {span.most:.0%})"
