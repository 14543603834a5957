"""The two directories of a user: that of the ledger, unless it is moved, and that of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_config_path, user_state_path

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "bulk_loader.toml"
_NAME = "bulk-loader"


def default_home() -> Path:
    """The user's state directory.

    Raises:
        SettingsError: the environment names none. With a path that begins at the working directory
            each of those would have a ledger of its own, and people would be called twice.
    """
    home = user_state_path(_NAME, appauthor=False)
    if not home.is_absolute():
        raise SettingsError(
            "There is no directory for the ledger.",
            f"What the environment says of it, {home}, is no full path.",
            "Set HOME, or BULK_LOADER_HOME to a directory of this user.",
        )
    return home


def configuration() -> Path | None:
    """The user's configuration directory; None where the environment names no full path."""
    found = user_config_path(_NAME, appauthor=False)
    return found if found.is_absolute() else None
