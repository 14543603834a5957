"""The time zone of this machine, by which cron, systemd and Windows go whatever a shell has set."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import tzinfo

_LOCALTIME = Path("/etc/localtime")


@dataclass(frozen=True, slots=True)
class MachineZone:
    """A time zone.

    Attributes:
        rules: None where only the system's own library knows them, as on Windows.
    """

    name: str
    rules: tzinfo | None

    def local(self, moment: datetime) -> datetime:
        """A moment, as the clock on the wall shows it."""
        return moment.astimezone(self.rules)


def machine_zone(localtime: Path = _LOCALTIME) -> MachineZone:
    """The zone that this machine is set to; UTC where a Unix has none, as its C library has it.

    Args:
        localtime: the file, or the link to one, by which systems say it (localtime(5)).
    """
    if os.name != "posix":
        return MachineZone(str(datetime.now().astimezone().tzname()), None)
    try:
        place = os.path.realpath(localtime, strict=True)
        name = place.partition("/zoneinfo/")[2] or str(localtime)
        with Path(place).open("rb") as rules:
            return MachineZone(name, ZoneInfo.from_file(rules, name))
    except (OSError, ValueError):
        return MachineZone("UTC", UTC)
