"""The calling hours of a run, and what is said of hours that come from a law."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.screening.calling_hours import CallingHours, parse_holidays
from bulk_loader.screening.public_holidays import PublicHolidays
from bulk_loader.screening.zones import open_zone
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.settings import Settings
    from bulk_loader.settings.hours import HoursTable
    from bulk_loader.settings.laws import CallingLaw
    from bulk_loader.settings.windows import Week

_MOST_OF_HOLIDAYS = 1 << 20  # bytes; a century of a country's holidays has about 50 KB
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def calling_hours(settings: Settings) -> CallingHours | None:
    """When people may be called; None for at any time.

    Raises:
        SettingsError: their time zone is not known, or holidays can't be found out.
    """
    hours = settings.calling_hours
    if hours is None:
        return None
    windows = {
        day: tuple((window.opens, window.closes) for window in spans)
        for day, spans in enumerate(hours.by_weekday)
        if spans
    }
    holidays = parse_holidays(_lines(hours.holidays)) if hours.holidays else frozenset()
    country = hours.country_of_holidays
    public = PublicHolidays.of(country) if country else None
    return CallingHours(windows, open_zone(_zone(hours, settings)), holidays, public)


def told_hours(settings: Settings, hours: CallingHours | None) -> Iterator[str]:
    """Which hours and holidays of a country are in force, from where, and what is not known."""
    table = settings.calling_hours
    if table is None or hours is None:
        return
    if law := table.law:
        yield _of_law(law, hours)
    if public := hours.public_holidays:
        regional = ""
        if public.has_regional:
            regional = (
                " Those of its regions are not among them: write them into a file of holidays."
            )
        yield f"Public holidays of {public.country} are taken from {public.source}.{regional}"


def _of_law(law: CallingLaw, hours: CallingHours) -> str:
    off = (
        "public holidays are days like any other" if law.on_holidays else "none on public holidays"
    )
    beside = f" Not known to this program: {law.beside}." if law.beside else ""
    return (
        f"Calling hours of {law.country}, in the time of {hours.zone}: {_in_words(law.week)}; {off}. "
        f"So says {law.name}, of calls for {law.covers}, by {law.source}, read on {law.looked_up}."
        f"{beside} Exceptions, and what has changed since, are not known either. This is no legal "
        "advice."
    )


def _in_words(week: Week) -> str:
    told = []
    for windows, group in groupby(zip(_DAYS, week, strict=True), key=lambda pair: pair[1]):
        days = [day for day, _ in group]
        span = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
        told.append(f"{span} {' and '.join(map(str, windows)) or 'none'}")
    return ", ".join(told)


def _zone(hours: HoursTable, settings: Settings) -> str:
    law = hours.law
    if law is not None:
        zone = hours.zone or law.zone
        if zone is None:
            raise SettingsError(
                f"The calling hours of {law.country} have no time zone.",
                "The country has several, and where the people called live is not known.",
                f'Write a table [calling_hours] with country = "{hours.country}" and zone, the '
                "zone of these people.",
            )
        return zone
    if zone := hours.zone or settings.dialer_timezone or settings.timezone:
        return zone
    raise SettingsError(
        "The calling hours have no time zone.",
        'Looked at "zone" in [calling_hours], --dialer-timezone and --timezone.',
        "Add one of them, such as America/Montevideo.",
    )


def _lines(path: Path) -> list[str]:
    try:
        return read_small(path, _MOST_OF_HOLIDAYS).content.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The holidays in {path} can't be read.",
            f"{getattr(error, 'strerror', None) or 'It is no text in UTF-8'}.",
            "Give a text file with one date such as 2026-12-25 a line.",
        ) from error
