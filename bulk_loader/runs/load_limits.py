"""How often a number may be loaded: what the ledger is asked, and what is said of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bulk_loader.ledger import LoadLimit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bulk_loader.ledger import Ledger
    from bulk_loader.settings import Settings


def load_limits(settings: Settings) -> tuple[LoadLimit, ...]:
    """The limits in the words of the ledger."""
    return tuple(
        LoadLimit(limit.most, limit.within.total_seconds(), str(limit))
        for limit in settings.max_loads
    )


def told_limits(
    limits: tuple[LoadLimit, ...], ledger: Ledger, target: str, now: datetime
) -> Iterator[str]:
    """What counts, and what can't be counted."""
    if not limits:
        return
    yield (
        f"A number is loaded at most {' and '.join(limit.words for limit in limits)} (--max-loads), "
        "counted over all campaigns and lists of this ledger. Only destinations count, no "
        "alternatives."
    )
    since = now - timedelta(seconds=max(limit.within_s for limit in limits))
    if until := ledger.outcomes.unnumbered_until(target, since):
        yield (
            f"What was loaded until {until.astimezone():%Y-%m-%d %H:%M} is not counted: an older "
            "release noted it without the number."
        )
