"""The public holidays of a country, by the library `holidays`, which is known only here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from datetime import date

    from holidays import HolidayBase


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """Those of the whole country, with the days on which one is made up for.

    Attributes:
        country: its two letters.
        has_regional: parts of the country have more of them, which are not known here.
        source: the library and its version.
    """

    country: str
    has_regional: bool
    source: str
    _days: HolidayBase

    @classmethod
    def of(cls, country: str) -> Self:
        """The holidays of this country.

        Raises:
            SettingsError: the library is missing, or does not know the country.
        """
        try:
            from holidays import country_holidays  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise SettingsError(
                f"The public holidays of {country} are not known on this machine.",
                "The package holidays is not installed.",
                'Install it with: pip install "bulk-loader[holidays]". Without it, write hours and '
                "a file of holidays of your own below [calling_hours].",
            ) from error
        try:
            days = country_holidays(country, language="en_US")  # not that of the machine
        except NotImplementedError as error:
            raise SettingsError(
                f"The public holidays of {country} are not known.",
                "The package holidays has none of that country.",
                'Leave country out of [calling_hours], and name a file of dates with "holidays".',
            ) from error
        return cls(country, bool(days.subdivisions), f"holidays {version('holidays')}", days)

    def closed_because(self, day: date) -> str:
        """Why nobody may be called on this day; "" where it is no holiday."""
        if not self._days.start_year <= day.year <= self._days.end_year:
            return f"the public holidays of {self.country} in {day.year} are not known"
        if day not in self._days:
            return ""
        return f"{day} is a public holiday of {self.country} ({self._days[day]})"
