"""Which country's numbering plan all numbers of a list follow, where only one can be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import phonenumbers
from phonenumbers import NumberParseException

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of all countries some plan would nearly always fit by chance, so only those are asked of whose
# languages the rest of the program knows: Spanish, Portuguese and English, in America and Iberia.
REGIONS: Final = (
    "AR", "BO", "BR", "CA", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GT", "HN", "MX", "NI", "PA",
    "PE", "PR", "PT", "PY", "SV", "US", "UY", "VE",
)  # fmt: skip

# Of fewer numbers a second plan may fit by chance.
FEWEST = 20


def common_region(numbers: Sequence[str]) -> str | None:
    """The region whose plan has all of these numbers, if it is the only one; None for a few.

    Args:
        numbers: as `read_phone` gives them, different ones; a bounded sample is enough.
    """
    if len(numbers) < FEWEST:
        return None
    fitting = [region for region in REGIONS if all(_has(number, region) for number in numbers)]
    return fitting[0] if len(fitting) == 1 else None


def _has(number: str, region: str) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(parsed, region)
