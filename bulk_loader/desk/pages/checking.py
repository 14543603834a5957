"""The third step: what would become of each lead, and how the first tasks look."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import FileResponse

from bulk_loader.desk.rendering import Told
from bulk_loader.desk.visit import NotThereError
from bulk_loader.errors import LoaderError
from bulk_loader.model import Status

if TYPE_CHECKING:
    from starlette.responses import Response

    from bulk_loader.desk.visit import Visit
    from bulk_loader.workflows.check_report import CheckReport

MAX_KINDS = 60
MAX_ROWS = 300
"""Rows with a problem that one page holds."""


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task as the agent's form shows it, and as it is sent.

    Attributes:
        fields: names and values; of `data` each pair stands on its own.
    """

    fields: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]
    call: str


def show(visit: Visit) -> Response:
    """Counts by status, problems by kind, the first tasks."""
    record = visit.record
    if record.is_sending:
        return visit.go(record, "progress")
    try:
        work = visit.office.check(record)
    except LoaderError as error:
        return failed(visit, error)
    done = work.wait()
    if done is None:
        notes = work.course.moment().notes
        return visit.show("waiting.html", record=record, step="check", notes=notes)
    if done.error is not None:
        return failed(visit, done.error)
    assert done.result is not None
    report = done.result
    return visit.show(
        "check.html",
        record=record,
        report=report,
        counts=[(status, report.counts[status]) for status in _ORDER if _is_shown(status, report)],
        to_send=report.counts[Status.UNSENT],
        kinds=report.kinds[:MAX_KINDS],
        more_kinds=max(0, len(report.kinds) - MAX_KINDS),
        problems=report.problems[:MAX_ROWS],
        bad=sum(kind.leads for kind in report.kinds),
        tasks=[shown_task(call) for call in report.first_tasks],
        fed=_fed(report),
        is_stale="stale" in visit.query,
    )


_ORDER = sorted(Status, key=lambda status: status is not Status.UNSENT)


def _is_shown(status: Status, report: CheckReport) -> bool:
    return status is Status.UNSENT or bool(report.counts[status])


def show_marked(visit: Visit) -> Response:
    """The copy of the list with what is wrong marked in it, as soon as it is written."""
    record = visit.record
    if record.is_sending or record.is_results:
        return visit.go(record)
    work = visit.office.mark(record)
    done = work.wait()
    if done is None:
        return visit.show("waiting.html", record=record, step="check", notes=())
    if done.error is not None:
        return failed(visit, done.error)
    assert done.result is not None
    name = done.result.results.name if done.result.results else ""
    return visit.show("marked.html", record=record, name=name, notes=done.result.notes)


def download_marked(visit: Visit) -> Response:
    """That copy, to be saved."""
    done = visit.office.mark(visit.record).wait(None)
    path = done.result.results if done and done.result else None
    if path is None or not path.is_file():
        raise NotThereError(
            "The marked copy is not there.", "", "Check the list once more, and have it marked."
        )
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def shown_task(call: str) -> ShownTask:
    """A task from the text of its form field."""
    values = json.loads(call)
    data = str(values.pop("data"))
    pairs = (pair.partition("=")[::2] for pair in data.split(":") if pair)
    shown = ((name, _shown(value)) for name, value in values.items())
    return ShownTask(tuple(shown), tuple(pairs), call)


def _shown(value: object) -> str:
    match value:
        case None:
            return "as soon as possible"
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _fed(report: CheckReport) -> list[tuple[str, str]]:
    fed = [(name.value, ", ".join(labels)) for name, labels in report.columns.columns.items()]
    if template := report.columns.template_columns:
        fed.append(("data", f"{', '.join(template)} (by its template)"))
    return fed


def failed(visit: Visit, error: LoaderError) -> Response:
    """What can be mended by other columns or another reading is told where those are chosen."""
    if not visit.record.is_results and _is_of_columns(visit):
        return visit.go(visit.record, "columns")
    return visit.show(
        "failed.html", status=422, errors=[Told.of(error)], record=visit.record, step="check"
    )


def _is_of_columns(visit: Visit) -> bool:
    try:
        done = visit.office.look(visit.record).wait(None)
    except LoaderError:
        return True
    return done is not None and done.result is not None and done.result.fault is not None
