"""The page of a check: what would become of the leads, and what is wrong with the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulk_loader.model import Status, leads_text
from bulk_loader.reports.composing import compose
from bulk_loader.reports.content import Content, Mood, NextStep
from bulk_loader.reports.groups import groups_of_kinds
from bulk_loader.reports.places import checked_report_path, write_page
from bulk_loader.runs.moments import local_in_full
from bulk_loader.runs.setup import remember
from bulk_loader.runs.telling import told_settings
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.settings import Settings
    from bulk_loader.workflows.check_report import CheckReport


def with_page(report: CheckReport, settings: Settings, decisions: Sequence[str]) -> CheckReport:
    """The same, and its page beside the list; where that can't be written, a note says so.

    Args:
        decisions: about the file, one sentence each.
    """
    source = report.source.path
    path = checked_report_path(source)
    try:
        page = compose(told_of_check(report, settings, decisions))
        written = write_page(page, path, f"check-{report.source.digest}", source)
    except OSError as error:
        why = f"The report was not written to {path}: {error.strerror or error}."
        return replace(report, notes=(*report.notes, why))
    return replace(report, report=written.path, notes=(*report.notes, *written.notes))


def told_of_check(report: CheckReport, settings: Settings, decisions: Sequence[str]) -> Content:
    """All that there is to tell."""
    counts = report.counts
    ready = "to be sent" if report.resends is None else "to be sent again"
    return Content(
        title=f"Check of {report.source.path.name}",
        mood=Mood.OPEN if counts[Status.INVALID] else Mood.GOOD,
        verdict=(
            f"Nothing was sent. {counts[Status.UNSENT]:,} of {leads_text(report.source.leads)} are "
            f"{ready}; {counts[Status.INVALID]:,} are invalid."
        ),
        facts=list(_facts(report)),
        counts=counts,
        next_step=_next_step(report),
        groups=groups_of_kinds(report.kinds, whole=settings.report_values),
        notes=(*decisions, *report.notes),
        settings=told_settings(remember(settings)),
        names={Status.UNSENT: ready},
        question="What would become of",
    )


def _facts(report: CheckReport) -> Iterator[tuple[str, str]]:
    source = report.source
    yield "List", source.path.name
    if source.sheet is not None:
        yield "Sheet", source.sheet
    yield "Header", f"row {source.header_row}" if source.header_row else "none"
    yield "Checked", local_in_full(report.started_at)
    if report.results is not None:
        yield "Marked", report.results.name


def _next_step(report: CheckReport) -> NextStep:
    source, wrong = report.source, report.counts[Status.INVALID]
    if report.resends is not None:
        verb, file = "retry", str(source.path)
    else:
        verb, file = "upload", str(report.results or source.path)
    if source.is_piped:
        return NextStep(
            "Save the list as a file, with what is named below corrected, and upload that."
        )
    if wrong:
        return NextStep(
            f"Correct the {leads_text(wrong)} named below, save the file, and run, with the same "
            "options:",
            typed("bulk-loader", verb, file),
        )
    return NextStep("Send it, with the same options:", typed("bulk-loader", verb, file))
