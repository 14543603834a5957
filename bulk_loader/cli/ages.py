"""Ages as they are given to a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from datetime import timedelta


def age(option: str, written: str, refusal: str) -> timedelta:
    """The length of time that was given with an option.

    Args:
        refusal: what happened instead, where it is none.

    Raises:
        SettingsError: it is no length of time, or has no unit.
    """
    from bulk_loader.settings import parse_age

    try:
        return parse_age(written)
    except ValueError as error:
        raise SettingsError(
            refusal, f"{option}: {written} {error}.", f"Give, for example: {option} 90d"
        ) from error
