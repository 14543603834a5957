"""Which leads may be sent, and why the others may not; pure."""

from __future__ import annotations

from bulk_loader.choices import PastDates, PhoneFormat
from bulk_loader.screening.calling_hours import CallingHours, parse_holidays
from bulk_loader.screening.phones import read_phone
from bulk_loader.screening.rules import Rules
from bulk_loader.screening.screen import Screen, Screened
from bulk_loader.screening.suppression import SuppressionList

__all__ = [
    "CallingHours",
    "PastDates",
    "PhoneFormat",
    "Rules",
    "Screen",
    "Screened",
    "SuppressionList",
    "parse_holidays",
    "read_phone",
]
