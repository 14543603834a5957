"""What is said of a law can be looked up."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bulk_loader.settings.laws import LAWS, CallingLaw


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_every_law_has_a_source_and_a_date(law: CallingLaw) -> None:
    """Nothing is claimed that a reader could not hold against a page."""
    assert law.source.startswith("https://")
    assert law.looked_up <= datetime.now(UTC).date()
    assert law.name
    assert law.covers


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_every_law_has_a_whole_week_in_a_zone_that_exists(law: CallingLaw) -> None:
    """Seven days, some of which have hours."""
    assert len(law.week) == 7
    assert any(law.week)
    assert law.zone is None or ZoneInfo(law.zone)
