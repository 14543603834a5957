"""The runs of this machine's ledger, whoever began them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.desk.visit import NotThereError, whole_number
from bulk_loader.errors import SettingsError
from bulk_loader.model import Status
from bulk_loader.settings import load_settings
from bulk_loader.workflows.past_runs import past_run, past_runs

if TYPE_CHECKING:
    from starlette.responses import Response

    from bulk_loader.desk.visit import Visit

RUNS_A_PAGE = 50


def runs(visit: Visit) -> Response:
    """A part of them, newest first."""
    after = whole_number(visit.query.get("after", ""), 0)
    settings = load_settings(visit.office.options.flags)
    part = slice(after, after + RUNS_A_PAGE + 1)
    found = past_runs(settings.ledger_place, part=part)
    return visit.show(
        "runs.html",
        runs=found[:RUNS_A_PAGE],
        newer=max(0, after - RUNS_A_PAGE) if after else None,
        older=after + RUNS_A_PAGE if len(found) > RUNS_A_PAGE else None,
    )


def run(visit: Visit) -> Response:
    """One of them."""
    settings = load_settings(visit.office.options.flags)
    try:
        found = past_run(settings.ledger_place, visit.named["run_id"])
    except SettingsError as error:
        raise NotThereError(error.what, error.why, "Look for it among all runs.") from error
    counts = [(status, found.counts[status]) for status in Status if found.counts.get(status)]
    sent = [(status, found.sent[status]) for status in Status if found.sent.get(status)]
    return visit.show("run.html", run=found, counts=counts, sent=sent)
