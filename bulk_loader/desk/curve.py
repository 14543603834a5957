"""How fast leads are answered, as a line in a drawing of a fixed size, which the page stretches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.desk.course import Moment

FEWEST = 5
"""Pieces below which a line says no more than the figure above it."""

_WIDTH, _HEIGHT = 600, 120
_ROOM = 2  # above the highest level, which the line is drawn on


@dataclass(frozen=True, slots=True)
class Curve:
    """A line, and what it shows in figures.

    Attributes:
        line: points, as SVG has them.
        seconds: that it is about.
        last: answers a second in the last piece, as it is said; `most` likewise.
    """

    line: str
    seconds: float
    last: str
    most: str
    width: int = _WIDTH
    height: int = _HEIGHT


def curve_of(moment: Moment) -> Curve | None:
    """The curve until now; None where there is too little for one."""
    pieces = moment.curve
    if len(pieces) < FEWEST:
        return None
    most = max(pieces)
    return Curve(
        " ".join(_points(pieces, most or 1)),
        len(pieces) * moment.piece_s,
        _told(pieces[-1]),
        _told(most),
    )


def _points(pieces: Sequence[float], most: float) -> Iterator[str]:
    """A level for each piece."""
    width = _WIDTH / len(pieces)
    for at, pace in enumerate(pieces):
        y = _HEIGHT - (_HEIGHT - _ROOM) * pace / most
        yield f"{at * width:.1f},{y:.1f} {(at + 1) * width:.1f},{y:.1f}"


def _told(pace: float) -> str:
    return f"{pace:,.0f}" if pace >= 10 or not pace else f"{pace:.1f}"  # noqa: PLR2004 - two digits
