"""Which settings the ledger never keeps, so that a retry must be given them again."""

from __future__ import annotations

import re
from typing import Final

MAY_HOLD_NUMBERS: Final = frozenset({"agent", "alternatives", "data", "source"})
"""Settings in which a phone number may stand."""

# Extensions of agents have up to five digits; the shortest numbers of subscribers have six.
_DIGITS_OF_A_PHONE = 6


def holds_number(text: str) -> bool:
    """Whether a phone number may stand in a text, outside of the braces of a template."""
    outside = re.sub(r"\{[^{}]*\}", "", text)
    return sum(character.isdigit() for character in outside) >= _DIGITS_OF_A_PHONE
