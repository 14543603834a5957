"""When a call is to be made, in the dialer's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from bulk_loader.choices import PastDates
from bulk_loader.codes import ProblemCode
from bulk_loader.screening.dates import check_date_format, parse_date
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.zones import is_shown_twice, is_skipped, open_zone

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulk_loader.screening.rules import Rules

_PAST = Fault(
    ProblemCode.CALLDATE_PAST,
    "has passed.",
    "Write a date to come, or leave the cell empty to call as soon as possible.",
)

AS_SOON_AS_POSSIBLE: Final = frozenset(("", "null"))
"""Texts, in small letters, that leave the date open; `null` is the vendor's own word."""

_WITH_OFFSET = (
    "Write it with its offset, such as 2026-12-25 14:30:00-03:00, or choose another time."
)


@dataclass(frozen=True, slots=True)
class CallDates:
    """Reads `calldate` for one run.

    Attributes:
        date_format: as declared by the user.
        sheet_zone: in which dates are written; None where no zone is known.
        dialer_zone: in which the dialer takes them; None where no zone is known.
        past_dates: what becomes of dates before `limit`.
        limit: aware.
    """

    date_format: str | None
    sheet_zone: ZoneInfo | None
    dialer_zone: ZoneInfo | None
    past_dates: PastDates
    limit: datetime

    @classmethod
    def by(cls, rules: Rules) -> CallDates:
        """What the rules ask for; one zone alone counts for the sheet and the dialer.

        Raises:
            SettingsError: a time zone doesn't exist, or the format of dates is none.
        """
        sheet, dialer = (
            open_zone(name) if name else None for name in (rules.timezone, rules.dialer_timezone)
        )
        if rules.date_format:
            check_date_format(rules.date_format)
        limit = rules.run_began_at or rules.now
        return cls(rules.date_format, sheet or dialer, dialer or sheet, rules.past_dates, limit)

    def read(self, text: str) -> str | Fault:
        """`YYYY-MM-DD HH:MM:SS` for the dialer, or "" for as soon as possible."""
        if text.casefold() in AS_SOON_AS_POSSIBLE:
            return ""
        moment = parse_date(text, self.date_format)
        local = moment if isinstance(moment, Fault) else self._for_dialer(moment)
        if isinstance(local, Fault):
            return local
        written = local.isoformat(sep=" ", timespec="seconds")
        match self.past_dates:
            case PastDates.KEEP:
                return written
            case PastDates.NOW:
                return "" if self._is_past(local) else written
            case PastDates.REJECT:
                return _PAST if self._is_past(local) else written
            case _ as never:
                assert_never(never)

    def _for_dialer(self, moment: datetime) -> datetime | Fault:
        """The local time in the dialer's zone, without a zone."""
        if moment.tzinfo is None:
            fault = self._clock_fault(moment)
            if fault or self.sheet_zone is None or self.sheet_zone == self.dialer_zone:
                return fault or moment
            moment = moment.replace(tzinfo=self.sheet_zone)
        elif self.dialer_zone is None:
            return Fault(
                ProblemCode.CALLDATE_OFFSET,
                "names a time zone, and the dialer's is not known.",
                "Say it with --dialer-timezone, or write the date without an offset.",
            )
        return moment.astimezone(self.dialer_zone).replace(tzinfo=None)

    def _clock_fault(self, moment: datetime) -> Fault | None:
        if self.sheet_zone is None:
            return None
        local = moment.replace(tzinfo=self.sheet_zone)
        if is_skipped(local):
            return Fault(
                ProblemCode.CALLDATE_SKIPPED,
                f"does not exist in {self.sheet_zone}: the clocks were put forward over it.",
                "Write a time that exists.",
            )
        if is_shown_twice(local) and self.sheet_zone != self.dialer_zone:
            return Fault(
                ProblemCode.CALLDATE_TWICE,
                f"comes twice in {self.sheet_zone}: the clocks were put back over it.",
                _WITH_OFFSET,
            )
        return None

    def _is_past(self, local: datetime) -> bool:
        """Judged by the clock of this machine where the dialer's zone is not known."""
        return local < self.limit.astimezone(self.dialer_zone).replace(tzinfo=None)
