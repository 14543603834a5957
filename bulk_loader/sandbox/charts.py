"""The charts of the page: shapes as SVG, which stretch, and words as HTML, which do not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bulk_loader.simulation import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bulk_loader.sandbox.views import Point, Timeline

_WIDTH, _HEIGHT = 600, 160  # of the drawing; the page stretches it
_GAP = 0.15  # of a bar's place


def queue_chart(timeline: Timeline) -> str:
    """How many waited."""
    counts = [point.waiting for point in timeline.points]
    if not counts:
        return ""
    most = max(counts)
    line = " ".join(_steps(counts, most or 1))
    shapes = (
        f'<polygon class="area" points="0,{_HEIGHT} {line} {_WIDTH},{_HEIGHT}"/>'
        f'<polyline class="line" points="{line}"/>'
    )
    words = f"Tasks that wait: {counts[-1]:,} now, {most:,} at the most."
    return _chart("queue", shapes, words, most, timeline)


def answers_chart(timeline: Timeline) -> str:
    """What became of the calls, stretch by stretch."""
    most = max((sum(point.answers.values()) for point in timeline.points), default=0)
    if not most:
        return ""
    shapes = "".join(_bars(timeline.points, most))
    each = "a minute" if timeline.minutes == 1 else f"{timeline.minutes} minutes"
    words = f"Calls that ended, {each} a bar, {most:,} at the most."
    return _chart("answers", shapes, words, most, timeline)


def _steps(counts: list[int], most: int) -> Iterator[str]:
    """A level for each stretch."""
    width = _WIDTH / len(counts)
    for at, count in enumerate(counts):
        y = _HEIGHT * (1 - count / most)
        yield f"{at * width:.1f},{y:.1f} {(at + 1) * width:.1f},{y:.1f}"


def _bars(points: Iterable[Point], most: int) -> Iterator[str]:
    points = list(points)
    width = _WIDTH / len(points)
    for at, point in enumerate(points):
        top = float(_HEIGHT)
        for answer in Answer:
            height = _HEIGHT * point.answers[answer] / most
            top -= height
            if height:
                yield (
                    f'<rect class="{answer.value}" x="{(at + _GAP / 2) * width:.1f}" y="{top:.1f}"'
                    f' width="{(1 - _GAP) * width:.1f}" height="{height:.1f}"/>'
                )


def _chart(name: str, shapes: str, words: str, most: int, timeline: Timeline) -> str:
    first, last = timeline.points[0].at, timeline.points[-1].at + timeline.minutes * 60
    return (
        f'<p class="most" aria-hidden="true">{most:,}</p>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-labelledby="{name}-words">{shapes}</svg>'
        f'<p class="axis"><span>{time_of_day(first)}</span><span>{time_of_day(last)}</span></p>'
        f'<p class="quiet" id="{name}-words">{words}</p>'
    )


def time_of_day(seconds: float, form: str = "%H:%M") -> str:
    """A moment in the zone of this machine."""
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone():{form}}"
