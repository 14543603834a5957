"""The rules of screening, with the files that they name read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.model import Field
from bulk_loader.preparation.suppressing import read_suppression
from bulk_loader.screening.calling_hours import CallingHours, parse_holidays
from bulk_loader.screening.campaigns import require_allowed
from bulk_loader.screening.own_schema import OwnSchema
from bulk_loader.screening.rules import Rules
from bulk_loader.screening.schema import find_missing
from bulk_loader.screening.zones import open_zone
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.mapping import Defaults
    from bulk_loader.model import ColumnMap
    from bulk_loader.settings import Settings

_MOST_OF_HOLIDAYS = 1 << 20  # bytes; a century of a country's holidays has about 50 KB


def screening_rules(settings: Settings, now: datetime, began_at: datetime) -> Rules:
    """What the run asks of its leads.

    Args:
        began_at: of the run that is gone on with; `now` for a new one.

    Raises:
        SettingsError: a file can't be read, or a rule can't be applied.
    """
    require_allowed(settings.campaign.strip(), settings.campaigns)
    return Rules(
        now=now,
        run_began_at=began_at,
        tidy_phones=settings.tidy_phones,
        phone_format=settings.phone_format,
        phone_region=settings.phone_region,
        date_format=settings.date_format,
        timezone=settings.timezone,
        dialer_timezone=settings.dialer_timezone,
        past_dates=settings.past_dates,
        campaigns=settings.campaigns,
        separators=settings.data_separators,
        own_schema=OwnSchema.load(settings.schema_file) if settings.schema_file else None,
        suppression=read_suppression(settings, now),
        calling_hours=_calling_hours(settings),
    )


def require_fields(columns: ColumnMap, defaults: Defaults, settings: Settings) -> None:
    """Make sure that every field that must be filled can be.

    Raises:
        SettingsError: one has neither a column nor a default.
    """
    texts = defaults.texts()
    given = [name for name in Field if name in columns.columns or texts[name]]
    for name in find_missing(given):
        raise SettingsError(
            f"No {name.value} given.",
            settings.where_looked(name.value),
            f"Add one of them, or a column named {name.value}.",
        )


def _calling_hours(settings: Settings) -> CallingHours | None:
    hours = settings.calling_hours
    if hours is None:
        return None
    zone = hours.zone or settings.dialer_timezone or settings.timezone
    if zone is None:
        raise SettingsError(
            "The calling hours have no time zone.",
            'Looked at "zone" in [calling_hours], --dialer-timezone and --timezone.',
            "Add one of them, such as America/Montevideo.",
        )
    windows = {
        day: tuple((window.opens, window.closes) for window in spans)
        for day, spans in enumerate(hours.by_weekday)
        if spans
    }
    holidays = parse_holidays(_lines(hours.holidays)) if hours.holidays else frozenset()
    return CallingHours(windows, open_zone(zone), holidays)


def _lines(path: Path) -> list[str]:
    try:
        return read_small(path, _MOST_OF_HOLIDAYS).content.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The holidays in {path} can't be read.",
            f"{getattr(error, 'strerror', None) or 'It is no text in UTF-8'}.",
            "Give a text file with one date such as 2026-12-25 a line.",
        ) from error
