"""The page of any run that the ledger knows, also of one that was killed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.ledger import Ledger
from bulk_loader.model import Status
from bulk_loader.preparation.kinds import Kinds
from bulk_loader.preparation.pipeline import build_pipeline
from bulk_loader.reports.composing import compose
from bulk_loader.reports.groups import OutcomeGroups
from bulk_loader.reports.places import Written, report_path, write_page
from bulk_loader.runs.reporting import Found, own_names
from bulk_loader.runs.telling import told_of_run
from bulk_loader.workflows.past_runs import find_run, same_file, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.ledger import RunRecord
    from bulk_loader.ledger_place import LikePlace
    from bulk_loader.reports.groups import Group

_FROM_THE_LEDGER = (
    "The list is not there any more as the run read it, so this was written from the ledger, which "
    "holds no value of any row: what is wrong in which cell, the results file says."
)


def write_run_page(place: LikePlace, run_id: str, path: Path | None = None) -> Written:
    """Write the page of a run from what the ledger holds of it.

    What is wrong in which cell is found out anew where the list is there, as the run read it.

    Args:
        path: None for its usual place, beside the results.

    Raises:
        SettingsError: there is no such run.
        LedgerError: the ledger can't be used.
        LoaderError: the page can't be written.
    """
    with Ledger.open(place) as ledger:
        record = find_run(ledger, run_id)
        groups = OutcomeGroups()
        for outcome in ledger.outcomes.of(record):
            groups.add(outcome)
        counts = _all_leads(record, ledger.outcomes.counts(record))
        found = _found(record, groups.listed())
        content = told_of_run(ledger, record, counts, found.groups(), found.notes)
        names = own_names(ledger, record)
    path = path or report_path(Path(record.plan.results))
    try:
        return write_page(compose(content), path, record.name, Path(record.plan.path), names)
    except OSError as error:
        raise LoaderError(
            f"The report was not written to {path}.",
            f"The system says: {error.strerror or error}.",
            "Give another file in a folder of yours with --output.",
        ) from error


def _found(record: RunRecord, outcomes: Sequence[Group]) -> Found:
    settings, began_at, kinds = settings_of(record), record.started_at, Kinds()
    try:
        pipeline = build_pipeline(same_file(record), settings, began_at, began_at)
        for batch in pipeline.table.batches(settings.batch_size):
            screened, _ = pipeline.screen(batch)
            for problem in (*screened.problems, *screened.suppressed):
                kinds.add(problem)
    except LoaderError:
        return Found(outcomes, (), (_FROM_THE_LEDGER,))
    return Found(outcomes, kinds.listed(), pipeline.decisions)


def _all_leads(record: RunRecord, counts: Mapping[Status, int]) -> dict[Status, int]:
    """With those that the run did not come to."""
    left = record.plan.leads - sum(counts.values())
    return {**counts, Status.UNSENT: counts[Status.UNSENT] + max(left, 0)}
