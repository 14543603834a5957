"""Courses of runs that never were, as tests of pages need them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from bulk_loader.model import Status
from bulk_loader.reports.timeline import Timeline

BEGAN = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def course(answers: int = 200, *, per_second: float = 20.0, sessions: int = 1) -> Timeline:
    """A dialer that slows down in the middle, refuses some records and is unclear about a few."""
    chance, timeline = random.Random(7), Timeline()
    each = answers // sessions
    for session in range(sessions):
        timeline.begin(BEGAN + timedelta(hours=5 * session))
        for number in range(each):
            slow = 4 if 0.4 < number / each < 0.6 else 1
            status = chance.choices(
                [Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN], [950, 40, 10]
            )[0]
            timeline.add(number / per_second, status, slow * chance.lognormvariate(-2, 0.5))
    return timeline
