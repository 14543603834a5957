"""Which numbers are called for a record, in which order, and how often each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Nobody has so many phones, and a slip in the sheet must not be called for ever.
MAX_ALTERNATIVES = 20
MAX_RETRIES = 9

# Source: the vendor's list files. What the letters mean is inferred: primero and último.
_RANKS = {"P": 0, "U": 2}
_OTHER_RANK = 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call that may be made for a record.

    Attributes:
        is_retry: the number was called before, so that a while is waited first.
    """

    number: str
    is_retry: bool = False


@lru_cache(maxsize=4096)  # asked for as a call begins, and again as it ends
def attempts_of(destination: str, alternatives: str) -> tuple[Attempt, ...]:
    """The destination once, then its alternatives in order.

    Alternatives are joined by `:`. Each is a number, or `TYPE=RETRIES=NUMBER`, which is called
    once and so many times again. The type P comes before all others and U after them; M, H and W
    say only what kind of phone it is.
    """
    if not alternatives:
        return (Attempt(destination),)
    parts = alternatives.split(":", MAX_ALTERNATIVES)[:MAX_ALTERNATIVES]
    read = (_read(part) for part in parts)
    ranked = sorted((each for each in read if each[-1]), key=lambda each: each[0])
    others = (attempt for _, retries, number in ranked for attempt in _tries(number, retries))
    return (Attempt(destination), *others)


def _read(part: str) -> tuple[int, int, str]:
    """Rank, retries and number; what is not there or not understood counts for nothing."""
    *prefix, number = (piece.strip() for piece in part.split("="))
    kind, retries = (*prefix, "", "")[:2]
    rank = _RANKS.get(kind.upper(), _OTHER_RANK)
    is_count = retries.isascii() and retries.isdigit()
    return rank, min(int(retries[:4]), MAX_RETRIES) if is_count else 0, number


def _tries(number: str, retries: int) -> Iterator[Attempt]:
    yield Attempt(number)
    for _ in range(retries):
        yield Attempt(number, is_retry=True)
