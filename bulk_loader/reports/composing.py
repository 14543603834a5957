"""From what a page tells to its bytes, with curves where they can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.reports.charts import NARROW, WIDE, is_worth_a_curve, pace_chart, times_chart
from bulk_loader.reports.course_section import Curves, Drawing
from bulk_loader.reports.drawing import EXTRA, DrawingError, can_draw, draw
from bulk_loader.reports.page import page

if TYPE_CHECKING:
    from bulk_loader.reports.content import Content
    from bulk_loader.reports.timeline import Timeline


def compose(content: Content) -> bytes:
    """The page, in UTF-8."""
    return page(content, _curves(content.timeline))


def _curves(timeline: Timeline) -> Curves:
    if not is_worth_a_curve(timeline):
        return Curves()
    if not can_draw():
        return Curves(note=f"With the extra {EXTRA} installed, the course is drawn as curves, too.")
    try:
        return Curves(
            Drawing(draw(pace_chart(timeline, WIDE)), draw(pace_chart(timeline, NARROW))),
            Drawing(draw(times_chart(timeline, WIDE)), draw(times_chart(timeline, NARROW))),
        )
    except DrawingError as error:
        return Curves(note=f"The curves are missing: {error}")
