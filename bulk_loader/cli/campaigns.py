"""The campaigns of a list, in words and in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.masking import masked_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.campaigns import Campaigns

# Who has more than these looks for something else than a list on a terminal.
MAX_LINES = 20


def campaigns_json(campaigns: Campaigns) -> dict[str, object]:
    """The keys that tell of campaigns: all that were counted one by one, the fullest first."""
    return {
        "campaigns": [
            {
                "name": masked_label(campaign.name),
                "leads": campaign.leads,
                "dialer": campaign.dialer.value or None,
            }
            for campaign in campaigns.named
        ],
        "leads_of_more_campaigns": campaigns.more_leads,
    }


def campaign_lines(campaigns: Campaigns) -> Iterator[str]:
    """A line for each campaign, and one for those that are too many."""
    yield "Campaigns:"
    for campaign in campaigns.named[:MAX_LINES]:
        name = masked_label(campaign.name) or "(none)"
        yield f"  {name:<22} {campaign.leads:>9,}  {campaign.dialer.value}".rstrip()
    rest = campaigns.named[MAX_LINES:]
    leads = sum(campaign.leads for campaign in rest) + campaigns.more_leads
    if leads:
        how_many = "many" if campaigns.more_leads else f"{len(rest):,}"
        yield f"  {f'and {how_many} more':<22} {leads:>9,}"
