"""The fourth step: a last look, the sending itself, and how it is getting on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.desk.curve import curve_of
from bulk_loader.desk.records import Order
from bulk_loader.desk.rendering import Told
from bulk_loader.desk.told import settings_of
from bulk_loader.model import RunKind, Status

if TYPE_CHECKING:
    from starlette.responses import Response

    from bulk_loader.desk.course import Course, Moment
    from bulk_loader.desk.curve import Curve
    from bulk_loader.desk.records import ListRecord
    from bulk_loader.desk.visit import Visit

TRIAL, DIALER = "trial", "dialer"
"""Where a list may go to, as the form says it."""


@dataclass(frozen=True, slots=True)
class Live:
    """What changes on the page while leads are sent.

    Attributes:
        curve: None where there is too little for one.
        is_closed: the desk ends, and this is the last that the page is told.
    """

    moment: Moment
    counts: list[tuple[Status, int]]
    curve: Curve | None
    is_trial: bool
    is_closed: bool

    @classmethod
    def of(cls, record: ListRecord, course: Course, *, is_closed: bool = False) -> Live:
        """How it is now."""
        moment = course.moment()
        counts = [(status, moment.counts[status]) for status in Status if moment.counts[status]]
        is_trial = record.order is not None and record.order.is_trial
        return cls(moment, counts, curve_of(moment), is_trial, is_closed)


def show(visit: Visit) -> Response:
    """A last look: where to, how many, and what can't be taken back."""
    return _show(visit, visit.record)


def send(visit: Visit) -> Response:
    """Begin to send, once for each time that the page was shown."""
    record, target = visit.record, visit.text("target")
    if record.sends_results:
        return visit.go(record, "retry")
    if target not in (TRIAL, DIALER):
        told = Told(
            "Choose where the leads go.",
            "Neither the dialer nor the trial was chosen.",
            "Nothing was sent.",
            "target",
        )
        return _show(visit, record, told)
    order = Order(kind=RunKind.UPLOAD, is_trial=target == TRIAL)
    return begin(visit, record, order)


def go_on(visit: Visit) -> Response:
    """Send what is left of the last order."""
    record = visit.record
    if record.order is None or not record.can_go_on:
        return _elsewhere(visit, record)
    return begin(visit, record, record.order)


def begin(visit: Visit, record: ListRecord, order: Order) -> Response:
    """Begin an order; a form that is older than the last one begins nothing."""
    if not visit.office.sendings.start(record.id, visit.turn, visit.edition, order):
        return _elsewhere(visit, record)
    return visit.go(record, "progress")


def _elsewhere(visit: Visit, record: ListRecord) -> Response:
    """To where the list is by now, which somebody has changed or sent in another window."""
    now = visit.office.sendings.find(record.id) or record
    if now.is_sending:
        return visit.go(record, "progress", stale="1")
    was_sent = now.last is not None or now.trouble is not None
    return visit.go(record, "results" if was_sent else "check", stale="1")


def progress(visit: Visit) -> Response:
    """How far the sending is."""
    record = visit.record
    course = visit.office.sendings.course(record.id)
    if course is None:  # the record may be older than this look
        now = visit.office.sendings.find(record.id) or record
        return visit.go(record, "results" if now.order else "check")
    live, is_stale = Live.of(record, course), "stale" in visit.query
    return visit.show("progress.html", record=record, live=live, is_stale=is_stale)


def stop(visit: Visit) -> Response:
    """End the sending gently."""
    course = visit.office.sendings.course(visit.record.id)
    if course is not None:
        course.stop()
    return visit.go(visit.record, "progress")


def pause(visit: Visit) -> Response:
    """Begin nothing more for now."""
    course = visit.office.sendings.course(visit.record.id)
    if course is not None:
        course.pause()
    return visit.go(visit.record, "progress")


def end_pause(visit: Visit) -> Response:
    """Go on after a pause."""
    course = visit.office.sendings.course(visit.record.id)
    if course is not None:
        course.go_on()
    return visit.go(visit.record, "progress")


def _show(visit: Visit, record: ListRecord, *errors: Told) -> Response:
    if record.is_sending:
        return visit.go(record, "progress")
    if record.sends_results:
        return visit.go(record, "retry")
    done = visit.office.check(record).wait()
    if done is None or done.result is None:
        return visit.go(record, "check")
    settings = settings_of(visit.office.options.flags, record)
    return visit.show(
        "send.html",
        status=422 if errors else 200,
        errors=errors,
        record=record,
        report=done.result,
        to_send=done.result.counts[Status.UNSENT],
        held=sum(done.result.counts.values()) - done.result.counts[Status.UNSENT],
        url=settings.base_url,
        profile=settings.profile,
    )
