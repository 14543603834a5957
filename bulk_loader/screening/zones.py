"""Time zones by name, and the hours that clocks skip or show twice."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from datetime import datetime


def open_zone(name: str) -> ZoneInfo:
    """The zone of this name.

    Raises:
        SettingsError: there is no such zone, or this machine has no list of zones.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f'"{name}" is not a time zone known on this machine.',
            "Zones are named by continent and city, after the IANA database.",
            "Write it like America/Montevideo.",
        ) from error


def is_skipped(local: datetime) -> bool:
    """No clock of the zone ever showed this local time, since it was put forward over it."""
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(
        tzinfo=None
    )


def is_shown_twice(local: datetime) -> bool:
    """The zone's clocks show this local time twice, since they were put back over it."""
    return not is_skipped(local) and local.utcoffset() != local.replace(fold=1).utcoffset()
