"""One thing that was looked at in a ledger."""

from __future__ import annotations

from typing import NamedTuple


class Verified(NamedTuple):
    """What was found.

    Attributes:
        remedy: what to do; "" where it is good.
    """

    about: str
    told: str
    remedy: str = ""
