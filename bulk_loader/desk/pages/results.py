"""The last step: what became of the leads, the file that says it, and what to send again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import FileResponse

from bulk_loader.desk.pages.sending import begin
from bulk_loader.desk.records import Order
from bulk_loader.desk.rendering import Told
from bulk_loader.desk.told import settings_of_results
from bulk_loader.desk.visit import NotThereError
from bulk_loader.errors import LoaderError
from bulk_loader.model import Ending, RunKind, Status
from bulk_loader.runs.selection import ALWAYS, ON_REQUEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from bulk_loader.desk.records import ListRecord
    from bulk_loader.desk.visit import Visit


def show(visit: Visit) -> Response:
    """What became of the leads, and what to do next."""
    record = visit.record
    if record.is_sending:
        return visit.go(record, "progress")
    last = record.last
    if last is None and record.trouble is None:
        return visit.go(record, "check")
    counts = last.counts if last else {}
    return visit.show(
        "results.html",
        errors=[Told.of(record.trouble)] if record.trouble else [],
        record=record,
        last=last,
        is_finished=last is not None and last.ending is Ending.FINISHED,
        counts=[(status, counts[status]) for status in Status if counts.get(status)],
        to_correct=counts.get(Status.INVALID, 0) + counts.get(Status.REJECTED, 0),
        in_doubt=counts.get(Status.UNKNOWN, 0),
        can_correct=bool(counts.get(Status.INVALID)) and last is not None and not last.is_trial,
        can_retry=_can_retry(visit, record, counts),
        report=last.report if last and visit.office.shelf.report(record) else "",
        has_file=visit.office.shelf.results(record) is not None,
        is_stale="stale" in visit.query,
    )


def _can_retry(visit: Visit, record: ListRecord, counts: Mapping[Status, int]) -> bool:
    has_file = visit.office.shelf.results(record) is not None
    return has_file and any(counts.get(status) for status in (*ALWAYS, *ON_REQUEST))


def download(visit: Visit) -> Response:
    """The results file, to be saved."""
    record = visit.record
    path = visit.office.shelf.results(record)
    if path is None:
        raise NotThereError(
            f"{record.name} has no results file.",
            "It was never sent, or its results were not written.",
            "Look at the list's results for what became of it.",
        )
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def download_report(visit: Visit) -> Response:
    """The page that tells all of a run, to be saved; it is not shown here, for it is no page of ours."""
    path = visit.office.shelf.report(visit.record)
    if path is None:
        raise NotThereError(
            "There is no report.", "The list was never sent, or it was not written.", ""
        )
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def show_retry(visit: Visit) -> Response:
    """What would be sent again, with a tick for each status that is only on request."""
    return _show_retry(visit, visit.record)


def retry(visit: Visit) -> Response:
    """Send again."""
    record = visit.record
    ticked = visit.texts("include")
    include = frozenset(status for status in ON_REQUEST if status.value in ticked)
    counts = _counts(visit, record)
    if counts is not None and not any(counts.get(status) for status in (*ALWAYS, *include)):
        told = Told(
            "Choose what is to be sent again.",
            "None of the leads that always are is left, and no other was chosen.",
            "Nothing was sent.",
            "include",
        )
        return _show_retry(visit, record, told)
    is_trial = record.order is not None and record.order.is_trial
    order = Order(kind=RunKind.RETRY, is_trial=is_trial, include=include)
    return begin(visit, record, order)


def _counts(visit: Visit, record: ListRecord) -> Mapping[Status, int] | None:
    """Leads by the status that stands beside them; None where that is still being found out."""
    if record.last is not None:
        return record.last.counts
    done = visit.office.check(record).wait()
    if done is None:
        return None
    if done.error is not None:
        raise done.error
    assert done.result is not None
    return done.result.counts


def _show_retry(visit: Visit, record: ListRecord, *errors: Told) -> Response:
    if record.is_sending:
        return visit.go(record, "progress")
    path = visit.office.shelf.results(record)
    if path is None:
        return visit.go(record)
    counts = _counts(visit, record)
    if counts is None:
        return visit.go(record, "check")
    told = list(errors)
    target = "a sandbox inside the desk: nobody is called"
    try:
        settings = settings_of_results(visit.office.options.flags, record, path, record.order)
        if not settings.sandbox:
            target = settings.base_url or ""
    except LoaderError as error:
        target, told = "", [*told, Told.of(error)]
    asked = (Status.DUPLICATE, Status.SUPPRESSED, Status.UNKNOWN)
    return visit.show(
        "retry.html",
        status=422 if told else 200,
        errors=told,
        record=record,
        target=target,
        always=[(status, counts[status]) for status in Status if _is_always(status, counts)],
        asked=[(status, counts[status]) for status in asked if counts.get(status)],
        ticked=visit.texts("include"),
    )


def _is_always(status: Status, counts: Mapping[Status, int]) -> bool:
    return status in ALWAYS and bool(counts.get(status))
