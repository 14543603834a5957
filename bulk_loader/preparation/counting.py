"""The campaigns of a list are counted while it is looked through, at next to no cost."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bulk_loader.campaigns import Campaign, Campaigns
from bulk_loader.choices import HiddenRows
from bulk_loader.errors import LoaderError
from bulk_loader.mapping import match_columns
from bulk_loader.model import Field
from bulk_loader.reading import Counted, Tally
from bulk_loader.reading.text.formulas import shown
from bulk_loader.screening.call_dates import AS_SOON_AS_POSSIBLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.model import ColumnMap, Source
    from bulk_loader.settings import Settings

_COUNTED = (Field.CAMPAIGN, Field.AGENT, Field.CALLDATE)


def campaign_tally(settings: Settings) -> Tally:
    """What counts the campaigns of a list, and who is called by whom and when."""

    def choose(labels: Sequence[str]) -> Counted | None:
        try:
            columns = match_columns(labels, settings.map, settings.data).columns
        except LoaderError:
            return None  # it is told when the columns are matched for the run
        by, *beside = ((columns.get(name) or (None,))[0] for name in _COUNTED)
        return Counted(by, tuple(beside)) if any((by, *beside)) else None

    return Tally(choose, skips_hidden=settings.hidden is HiddenRows.SKIP)


def count_campaigns(
    source: Source, columns: ColumnMap, tally: Tally, settings: Settings
) -> Campaigns:
    """The campaigns of the leads; those that name none have the default."""
    default = settings.campaign.strip()
    has_agent = bool(settings.agent.strip())
    has_date = settings.calldate.strip().casefold() not in AS_SOON_AS_POSSIBLE
    if tally.counted is None:
        leads = source.leads
        if Field.CAMPAIGN in columns.columns:  # so far right that the first rows do not reach it
            return Campaigns((), leads)
        return Campaigns((Campaign(default, leads, 0, leads * has_agent, leads * has_date),))
    merged: defaultdict[str, list[Campaign]] = defaultdict(list)
    for text, count in tally.counts.items():
        name = (shown(text) if source.dialect else text).strip() or default
        agents, dates = count.filled
        agents, dates = count.leads if has_agent else agents, count.leads if has_date else dates
        merged[name].append(Campaign(name, count.leads, count.first_row, agents, dates))
    named = sorted(map(_merged, merged.values()), key=lambda campaign: -campaign.leads)
    return Campaigns(tuple(named), tally.more)


def _merged(same: Sequence[Campaign]) -> Campaign:
    """One campaign of those whose names were only written otherwise."""
    return Campaign(
        same[0].name,
        sum(campaign.leads for campaign in same),
        min(campaign.first_row for campaign in same),
        sum(campaign.with_agent for campaign in same),
        sum(campaign.dated for campaign in same),
    )
