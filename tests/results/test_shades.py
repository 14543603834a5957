from __future__ import annotations

from bulk_loader.model import Status
from bulk_loader.results.shades import SHADES, status_styles


def test_every_status_has_a_shade() -> None:
    """A new status is not left without a colour, and the shades are all in use."""
    styles = status_styles(5)
    assert set(styles) == set(Status)
    assert set(styles.values()) == set(range(5, 5 + len(SHADES)))
