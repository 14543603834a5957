"""Where a ledger is, and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """A ledger of this machine, or one that machines share.

    Attributes:
        home: directory of the locks, and of the ledger itself where no machines share it.
        key_file: None for `ledger.key` in `home`.
        url: of the PostgreSQL database, with its password where one stands in it; None for SQLite.
        patience_s: how long a database that is away in the middle of a run is waited for.
    """

    home: Path
    key_file: Path | None = None
    url: str | None = None
    patience_s: float = 0.0

    def __repr__(self) -> str:
        shared = ", shared" if self.url else ""  # a password may stand in the address
        return f"LedgerPlace({str(self.home)!r}{shared})"

    @property
    def where(self) -> str:
        """The words that follow "the ledger"."""
        return f"in {self.home}" if self.url is None else f"at {shown_url(self.url)}"

    @classmethod
    def of(cls, place: LikePlace) -> LedgerPlace:
        """A directory is the place of the ledger in it."""
        return cls(place) if isinstance(place, Path) else place


LikePlace: TypeAlias = LedgerPlace | Path


def shown_url(url: str) -> str:
    """An address that can be shown: without a password, and what stands behind a question mark."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return f"{parts.scheme}://{user}{host}{parts.path}"
