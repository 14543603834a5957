"""How long to wait before a lead that was certainly not taken is tried again."""

from __future__ import annotations

import random

FIRST_DELAY_S = 0.5
# A pause that no timer keeps exactly would be none.
SHORTEST_FIRST_DELAY_S = 0.01
# "Retry-After: 0", or a date that has just passed, must not become a loop without a pause.
SHORTEST_DELAY_S = 0.1
# A dialer that is restarted is back within minutes; asking twice a minute is enough.
LONGEST_DELAY_S = 30.0


def backoff_s(
    failures: int, first_s: float = FIRST_DELAY_S, chance: random.Random | None = None
) -> float:
    """Exponential back-off with full jitter above one half, in seconds.

    Args:
        failures: how often it failed in a row, from 1.
        first_s: the longest wait after the first failure.
        chance: source of the jitter.
    """
    first_s = max(SHORTEST_FIRST_DELAY_S, first_s)
    longest = min(LONGEST_DELAY_S, first_s * 2.0 ** min(failures - 1, 16))
    return longest * (chance or random).uniform(0.5, 1.0)
