"""Where the ledger stands unless BULK_LOADER_HOME moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_state_path

if TYPE_CHECKING:
    from pathlib import Path


def default_home() -> Path:
    """The user's state directory."""
    return user_state_path("bulk-loader", appauthor=False)
