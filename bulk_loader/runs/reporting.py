"""The page of a run that has just ended; whatever goes wrong with it, the run stays what it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.reports.composing import compose
from bulk_loader.reports.groups import groups_of_kinds, most_frequent, with_kinds
from bulk_loader.reports.places import Written, report_path, write_page
from bulk_loader.runs.telling import told_of_run
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.ledger import Ledger, RunRecord
    from bulk_loader.model import Summary
    from bulk_loader.preparation.kinds import ProblemKind
    from bulk_loader.reports.groups import Group
    from bulk_loader.settings import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about the leads of a run.

    Attributes:
        outcomes: by kind, of all leads.
        kinds: the problems of those that were judged in this session.
        notes: what was decided about the file, one sentence each.
    """

    outcomes: Sequence[Group]
    kinds: Sequence[ProblemKind]
    notes: Sequence[str] = ()

    def groups(self, *, whole: bool = False) -> Sequence[Group]:
        """All problems by kind, as the page has them."""
        return with_kinds(self.outcomes, groups_of_kinds(self.kinds, whole=whole))


def reported(
    summary: Summary, found: Found, ledger: Ledger, record: RunRecord, settings: Settings
) -> Summary:
    """The summary, naming what most leads have; and the page beside the results, if wanted."""
    summary = replace(summary, problems=most_frequent(found.groups()))
    if not settings.report:
        return summary
    try:
        written = _write(summary, found, ledger, record, whole=settings.report_values)
    except Exception as error:  # noqa: BLE001 - the leads are sent, and their results are written
        return replace(summary, notes=(*summary.notes, _not_written(error, record)))
    return replace(summary, report=written.path, notes=(*summary.notes, *written.notes))


def _not_written(error: Exception, record: RunRecord) -> str:
    told = getattr(error, "strerror", None) or getattr(error, "what", None)
    again = typed("bulk-loader", "runs", "report", record.name)
    return f"The report was not written ({told or type(error).__name__}); to write it: {again}"


def _write(
    summary: Summary, found: Found, ledger: Ledger, record: RunRecord, *, whole: bool
) -> Written:
    now = ledger.runs.by_id(record.id) or record
    notes = (*found.notes, *summary.notes)
    content = told_of_run(ledger, now, summary.counts, found.groups(whole=whole), notes)
    path = report_path(Path(now.plan.results))
    return write_page(compose(content), path, now.name, summary.file, own_names(ledger, now))


def own_names(ledger: Ledger, record: RunRecord) -> list[str]:
    """Runs whose page that of this one takes the place of: they are of the same results."""
    plan = record.plan
    alike = [*ledger.runs.chain(record), *ledger.runs.with_results(plan.results, plan.target)]
    return [run.name for run in alike]
