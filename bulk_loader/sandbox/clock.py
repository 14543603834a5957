"""The dialer's own clock, which may run faster than the day outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

# The ends of what a `datetime` can be, in whole seconds.
_FIRST_S = datetime.min.replace(tzinfo=UTC).timestamp()
_LAST_S = datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp()


@dataclass(frozen=True, slots=True)
class Clock:
    """Shows `shown_s` at the moment `real_s`, and runs from there; both in seconds since 1970.

    Attributes:
        speed: seconds of this clock in one second outside.
    """

    speed: float
    real_s: float
    shown_s: float

    def at(self, real_s: float) -> float:
        """What it shows at a moment outside."""
        return self.shown_s + (real_s - self.real_s) * self.speed


def read_moment(calldate: str | None) -> float | None:
    """A task's date in seconds since 1970, read in the zone of this machine; None where it has none.

    A dialer without a zone of its own goes by its server's. Source: the vendor's manual.
    """
    if not calldate:
        return None
    written = datetime.fromisoformat(calldate)
    try:
        seconds = written.timestamp()
    except (OverflowError, ValueError, OSError):  # within a day of the first or the last year
        seconds = written.replace(tzinfo=UTC).timestamp()
    return min(max(seconds, _FIRST_S), _LAST_S)


def write_moment(seconds: float) -> datetime:
    """The same moment, aware, UTC."""
    return datetime.fromtimestamp(seconds, UTC)
