from __future__ import annotations

from bulk_loader.campaigns import Campaign, Campaigns
from bulk_loader.cli.campaigns import MAX_LINES, campaign_lines, campaigns_json


def test_campaigns_that_are_too_many_share_a_line() -> None:
    """Of those beyond a screenful, and of those that nobody counted, the leads are told."""
    named = tuple(Campaign(f"C{number}->", 100 - number) for number in range(MAX_LINES + 2))
    lines = list(campaign_lines(Campaigns(named)))
    assert len(lines) == MAX_LINES + 2
    assert lines[1] == "  C0->                         100  Progressive or Preview"
    assert lines[-1] == "  and 2 more                   159"
    assert list(campaign_lines(Campaigns(named, 7)))[-1] == "  and many more                166"


def test_a_name_that_reads_like_a_phone_is_masked() -> None:
    """In words and in JSON."""
    campaigns = Campaigns((Campaign("0991234567", 1),))
    assert "0991234567" not in "".join(campaign_lines(campaigns))
    assert campaigns_json(campaigns)["campaigns"] == [{"name": "…4567", "leads": 1, "dialer": None}]
