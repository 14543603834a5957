"""The third step: what would become of each lead, and how the first tasks look."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.desk.rendering import Told
from bulk_loader.errors import ErrorCode, LoaderError
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
        return _failed(visit, error)
    done = work.wait()
    if done is None:
        notes = work.course.moment().notes
        return visit.show("waiting.html", record=record, step="check", notes=notes)
    if done.error is not None:
        if done.error.code in (ErrorCode.COLUMNS, ErrorCode.SETTINGS) and not record.is_results:
            return visit.go(record, "columns")
        return _failed(visit, done.error)
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


def _failed(visit: Visit, error: LoaderError) -> Response:
    return visit.show(
        "failed.html", status=422, errors=[Told.of(error)], record=visit.record, step="check"
    )
