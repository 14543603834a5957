"""How often a number may be loaded, as a user writes it: `1 per 1d`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta  # noqa: TC003 - pydantic asks for it
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, PlainSerializer

from bulk_loader.settings.durations import parse_age, write_duration

_WRITTEN = re.compile(r"(\d{1,9})\s+per\s+(\S.*)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MaxLoads:
    """At most so many loads of a number in any time of this length."""

    most: int
    within: timedelta

    def __str__(self) -> str:
        return f"{self.most} per {write_duration(self.within)}"


def _parse_limits(written: object) -> tuple[MaxLoads, ...]:
    """One limit or a list of them, each once."""
    limits = written if isinstance(written, list | tuple) else (written,)
    return tuple(dict.fromkeys(map(_parse_limit, limits)))


def _parse_limit(written: object) -> MaxLoads:
    if isinstance(written, MaxLoads):
        return written
    found = _WRITTEN.fullmatch(str(written).strip())
    if found is None:
        raise ValueError('holds no limit of loads: write "1 per 1d", or "3 per 7d"')
    try:
        within = parse_age(found[2])
    except ValueError as error:
        raise ValueError(f"holds a time that {error}") from None
    if not int(found[1]) or not within:
        raise ValueError('holds a limit of nothing: write "1 per 1d", or "3 per 7d"')
    return MaxLoads(int(found[1]), within)


LoadLimits = Annotated[
    tuple[MaxLoads, ...],
    BeforeValidator(_parse_limits),
    PlainSerializer(lambda limits: [str(limit) for limit in limits]),
]
LikeLoadLimits: TypeAlias = str | MaxLoads | Sequence[str | MaxLoads]
"""What may be given for them."""
