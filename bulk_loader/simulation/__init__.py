"""A dialer and its agents without any dialer: records go in, calls come out, nobody is called.

Pure: it reads no clock and no file. Moments are seconds from whatever begin the caller has, so
that a day can be played at once as well as beside a clock.

All agents work for all campaigns, and whoever has waited longest is called next. That is the
order of arrival in each campaign; a record with a date has its turn from that date on.
"""

from bulk_loader.simulation.answers import AnswerModel
from bulk_loader.simulation.attempts import MAX_ALTERNATIVES, MAX_RETRIES, Attempt, attempts_of
from bulk_loader.simulation.simulation import Simulation
from bulk_loader.simulation.values import (
    Answer,
    Began,
    Call,
    Ended,
    Event,
    Record,
    Snapshot,
    State,
    Turn,
)

__all__ = [
    "MAX_ALTERNATIVES",
    "MAX_RETRIES",
    "Answer",
    "AnswerModel",
    "Attempt",
    "Began",
    "Call",
    "Ended",
    "Event",
    "Record",
    "Simulation",
    "Snapshot",
    "State",
    "Turn",
    "attempts_of",
]
