"""The page of a rehearsal, beside the list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulk_loader.model import leads_text
from bulk_loader.reports.composing import compose_rehearsal
from bulk_loader.reports.places import rehearsal_report_path, write_page
from bulk_loader.reports.rehearsal_page import RehearsalContent, queue_rows
from bulk_loader.workflows import rehearsal_words as words

if TYPE_CHECKING:
    from bulk_loader.workflows.rehearsed import Rehearsal


def with_page(found: Rehearsal) -> Rehearsal:
    """The same, and its page beside the list; where that can't be written, a note says so."""
    source = found.source.path
    path = rehearsal_report_path(source)
    try:
        page = compose_rehearsal(told_of_rehearsal(found))
        written = write_page(page, path, f"rehearsal-{found.source.digest}", source)
    except OSError as error:
        why = f"The report was not written to {path}: {error.strerror or error}."
        return replace(found, notes=(*found.notes, why))
    return replace(found, report=written.path, notes=(*found.notes, *written.notes))


def told_of_rehearsal(found: Rehearsal) -> RehearsalContent:
    """All that there is to tell, with the queue of the first day."""
    first = found.days[0]
    figures = list(words.figures(found))
    over = dict(figures)["all is over"]
    return RehearsalContent(
        title=f"Rehearsal of {found.source.path.name}",
        verdict=(
            f"{leads_text(first.leads)} with {words.agents_text(first)}: over {over}, if all is as "
            "assumed. Nobody was called."
        ),
        assumptions=list(words.assumptions(found)),
        figures=figures,
        waits=[
            (
                waits.campaign,
                f"{waits.leads:,}",
                *map(words.length, (waits.median_s, waits.p95_s, waits.longest_s)),
            )
            for waits in words.waits(found)
        ],
        others=list(words.others(found)),
        notes=found.notes,
        queue=first.queue,
        times=[words.at(words.moment(found, at_s)) for at_s, _ in queue_rows(first.queue)],
    )
