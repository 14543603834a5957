"""Calling hours: when a lead's call may be made, by weekday, or by the law of a country."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from bulk_loader.settings.laws import LAWS, CallingLaw
from bulk_loader.settings.values import Region, Zone
from bulk_loader.settings.windows import Week, Windows

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of `datetime.weekday()`."""


class HoursTable(BaseModel):
    """The hours of the table `[calling_hours]`; a weekday without any is a day without calls.

    Attributes:
        country: nobody is called on its public holidays; where no weekday has hours, they are
            those of its law, and so is what becomes of holidays.
        zone: where the people called live; None for that of the law, or else the dialer's.
        holidays: file of dates without calls, one `YYYY-MM-DD` a line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    country: Region | None = None
    zone: Zone | None = None
    holidays: Path | None = None
    monday: Windows = ()
    tuesday: Windows = ()
    wednesday: Windows = ()
    thursday: Windows = ()
    friday: Windows = ()
    saturday: Windows = ()
    sunday: Windows = ()

    @model_validator(mode="after")
    def _has_hours(self) -> Self:
        if self.country and not any(self._written) and self.country not in LAWS:
            *known, last = sorted(LAWS)
            raise ValueError(
                f"names {self.country}, whose hours are not known; known are {', '.join(known)} and "
                f"{last}. Write hours of your own below [calling_hours], "
                'such as monday = "09:00-18:00".'
            )
        return self

    @property
    def _written(self) -> Week:
        return tuple(getattr(self, day) for day in WEEKDAYS)

    @property
    def law(self) -> CallingLaw | None:
        """The law that gives the hours; None where they are the user's own."""
        return LAWS[self.country] if self.country and not any(self._written) else None

    @property
    def by_weekday(self) -> Week:
        """The windows of each day, Monday first, as `datetime.weekday()` counts."""
        return self.law.week if self.law else self._written

    @property
    def country_of_holidays(self) -> str | None:
        """Of which country the public holidays are days without calls; None for none."""
        return None if self.law and self.law.on_holidays else self.country


_COUNTRY = re.compile(r"country\s*:(.*)", re.IGNORECASE | re.DOTALL)


def _table_of(written: object) -> object:
    """The table that a text such as `country:CO` stands for."""
    if not isinstance(written, str):
        return written
    found = _COUNTRY.fullmatch(written.strip())
    if found is None:
        raise ValueError(
            'is no country: write "country:CO", or hours of your own below [calling_hours] in the '
            "file"
        )
    return {"country": found[1]}


Hours = Annotated[HoursTable, BeforeValidator(_table_of)]

LikeHours: TypeAlias = HoursTable | Mapping[str, object] | str
"""What may be given for them: the table as it stands in the settings file, or `country:CO`."""
