"""A sandbox's dialing without its server and its thread, beside a clock that a test moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bulk_loader.model import DialerTask
from bulk_loader.sandbox.dialing import Dialing
from bulk_loader.sandbox.options import SandboxOptions
from bulk_loader.sandbox.store import Store

if TYPE_CHECKING:
    from pathlib import Path

NOON_S = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400


class Floor:
    """Two agents and whoever is to be called.

    Args:
        db: None for memory.
    """

    def __init__(self, db: Path | None = None, at_s: float = NOON_S, **options: object) -> None:
        self.store = Store(db)
        self.options = SandboxOptions(**{"agents": ("1001", "1002"), **options})  # type: ignore[arg-type]
        self.time_s = at_s
        self.begin()

    def begin(self) -> None:
        """Begin to dial, anew or as after a kill: nothing was said to the dialing before."""
        self.dialing = Dialing(self.options, self.store, print, lambda: self.time_s)

    def take(self, *destinations: str, **changes: object) -> None:
        """Tasks arrive now."""
        received = datetime.fromtimestamp(self.time_s, UTC)
        self.store.add((received, task(each, **changes)) for each in destinations)

    def run(self, seconds: float, steps: int = 1) -> None:
        """Let real time pass."""
        for _ in range(steps):
            self.time_s += seconds / steps
            self.dialing.step()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What stands in the file."""
        return self.store.database.rows(sql)

    def close(self) -> None:
        """Close the file."""
        self.store.close()


def task(destination: str, **changes: object) -> DialerTask:
    """A task with some of its keys changed."""
    usual: dict[str, object] = {
        "calldate": None,
        "campaign": "A<-",
        "destination": destination,
        "alternatives": "",
        "agent": "",
        "data": "name=Ana",
        "source": "source",
        "bulk": False,
        "automatic": True,
    }
    return DialerTask(**{**usual, **changes})  # type: ignore[arg-type]


def many(count: int) -> list[str]:
    """So many numbers."""
    return [f"0991{number:06d}" for number in range(count)]
