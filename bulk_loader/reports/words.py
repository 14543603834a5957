"""Numbers and lengths of time as a page shows them."""

from __future__ import annotations

# A unit never begins a line.
_SPACE = "\u00a0"
_MINUTE_S, _HOUR_S = 60, 3600
# From here on a decimal says nothing.
_LARGE = 10
# Percent that a decimal can't show any more.
_LITTLE = 0.1


def part_of(count: int, whole: int) -> str:
    """A percentage, which is 0 % and 100 % only where that is exact."""
    percent = 100 * count / whole if whole else 0.0
    if 0 < percent < _LITTLE:
        return f"<{_SPACE}{_LITTLE}{_SPACE}%"
    if 100 - _LITTLE < percent < 100:  # noqa: PLR2004
        return f">{_SPACE}{100 - _LITTLE}{_SPACE}%"
    return f"{percent:.1f}".removesuffix(".0") + f"{_SPACE}%"


def took(seconds: float | None) -> str:
    """A short length of time; a dash for none."""
    if seconds is None:
        return "—"
    if seconds < 1:
        return f"{1000 * seconds:,.0f}{_SPACE}ms"
    return f"{seconds:,.1f}{_SPACE}s" if seconds < _LARGE else f"{seconds:,.0f}{_SPACE}s"


def clock(seconds: float) -> str:
    """Hours, minutes and seconds since the beginning, such as 1:02:03."""
    hours, rest = divmod(round(seconds), _HOUR_S)
    minutes, left = divmod(rest, _MINUTE_S)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def pace(per_second: float) -> str:
    """Answers a second."""
    return f"{per_second:,.1f}" if per_second < _LARGE else f"{per_second:,.0f}"
