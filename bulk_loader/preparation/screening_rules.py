"""The rules of screening, with the files that they name read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.model import Field
from bulk_loader.preparation.hours import calling_hours
from bulk_loader.preparation.suppressing import read_suppression
from bulk_loader.screening.campaigns import require_allowed
from bulk_loader.screening.own_schema import OwnSchema
from bulk_loader.screening.rules import Rules
from bulk_loader.screening.schema import find_missing

if TYPE_CHECKING:
    from datetime import datetime

    from bulk_loader.mapping import Defaults
    from bulk_loader.model import ColumnMap
    from bulk_loader.settings import Settings


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
        calling_hours=calling_hours(settings),
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
