"""From what a page tells to its bytes, with curves where they can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.reports.charts import (
    NARROW,
    WIDE,
    is_worth_a_curve,
    pace_chart,
    queue_chart,
    times_chart,
)
from bulk_loader.reports.course_section import Curves, Drawing
from bulk_loader.reports.drawing import EXTRA, DrawingError, can_draw, draw
from bulk_loader.reports.page import page
from bulk_loader.reports.rehearsal_page import rehearsal_page

if TYPE_CHECKING:
    from bulk_loader.reports.content import Content
    from bulk_loader.reports.rehearsal_page import RehearsalContent
    from bulk_loader.reports.timeline import Timeline


def compose(content: Content) -> bytes:
    """The page, in UTF-8."""
    return page(content, _curves(content.timeline))


def compose_rehearsal(told: RehearsalContent) -> bytes:
    """The page of a rehearsal, in UTF-8."""
    if not can_draw():
        note = f"With the extra {EXTRA} installed, the queue is drawn as a curve, too."
        return rehearsal_page(told, None, note)
    try:
        wide, narrow = (draw(queue_chart(told.queue, size)) for size in (WIDE, NARROW))
    except DrawingError as error:
        return rehearsal_page(told, None, f"The curve is missing: {error}")
    return rehearsal_page(told, Drawing(wide, narrow))


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
