"""One list that a job has taken: loaded by the same code as every upload, then put away."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode, LoaderError, RuleError, SourceError
from bulk_loader.exit_codes import exit_code, run_code
from bulk_loader.jobs.history import begun_with, note_moved
from bulk_loader.jobs.night import (
    Fate,
    FileReport,
    NightOutcome,
    fate,
    outcome_of,
    outcome_of_error,
)
from bulk_loader.jobs.pages import with_page_of_run, without_page
from bulk_loader.jobs.places import Places, came_as
from bulk_loader.jobs.rules import require_valid, require_whole
from bulk_loader.runs.watch import Silent
from bulk_loader.workflows.check import check
from bulk_loader.workflows.check_page import with_page
from bulk_loader.workflows.upload import upload

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import TypeAlias

    from bulk_loader.jobs.history import Begun
    from bulk_loader.model import Source, Summary
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import BadLeadLimit, Job

    Watches: TypeAlias = Callable[[], AbstractContextManager[Watch]]
    """Gives a watch for one list."""


def silent() -> AbstractContextManager[Watch]:
    """Nobody is told."""
    return nullcontext(Silent())


@dataclass(frozen=True, slots=True)
class Loading:
    """Loads lists for one job."""

    job: Job
    places: Places
    watches: Watches = silent

    def load(self, path: Path) -> FileReport:
        """Send what is to be sent of a list in `working`, and put it where it belongs.

        A list whose run was finished before a crash is only put away.
        """
        begun: Begun | None = None
        try:
            begun = begun_with(self.job.settings, path)
            report = _of_begun(path, begun) if begun and begun.is_finished else None
            report = report or _of_summary(path, self._upload(path, is_new=begun is None))
        except LoaderError as error:
            report = of_error(came_as(path), error)
        except KeyboardInterrupt:
            report = FileReport(
                came_as(path),
                NightOutcome.INTERRUPTED,
                ExitCode.INTERRUPTED,
                "It was interrupted; the next run of the job goes on.",
            )
        if not report.run_id and begun is not None:
            results = begun.results if begun.results.is_file() else None
            report = replace(report, results=results, run_id=begun.run_id)
        return self._put_away(path, report)

    def _upload(self, path: Path, *, is_new: bool) -> Summary:
        """Judge the list where no run of it was begun, and send it.

        A list of which leads were sent is not judged once more: rules that were kept then may be
        broken now, when dates are over, and to stop in the middle helps nobody.
        """
        rules, settings = self.job.rules, with_page_of_run(self.job.settings)
        with self.watches() as watch:
            if not is_new:
                return upload(path, settings, watch)
            digest = None
            if rules.max_invalid is not None:
                digest = self._judge(path, rules.max_invalid)
            return upload(path, settings, watch, partial(self._require, digest))

    def _judge(self, path: Path, max_invalid: BadLeadLimit) -> str:
        """Hold the list against the rules of the job; its digest.

        Raises:
            RuleError: it breaks one. A page beside the list tells what is wrong with it.
        """
        rules, settings = self.job.rules, without_page(self.job.settings)
        report = check(path, settings)
        try:
            require_whole(report.source, rules)  # what lacks explains why leads are invalid
            require_valid(path.name, report.counts, max_invalid)
        except RuleError:
            with_page(report, settings, report.source.notes)
            raise
        return report.source.digest

    def _require(self, digest: str | None, source: Source) -> None:
        if digest not in {None, source.digest}:
            raise SourceError(
                f"{source.path.name} was changed after its leads had been looked at.",
                "What the rules of the job were held against is not what stands in it now.",
                "Let whoever writes it write it elsewhere first, then move it into the folder.",
            )
        require_whole(source, self.job.rules)

    def _put_away(self, path: Path, report: FileReport) -> FileReport:
        where = fate(report.outcome)
        if where is Fate.WORKING:
            return replace(report, place=path)
        try:
            place, results, page = self.places.put_away(path, report.results, where)
        except FileNotFoundError:
            note = f"{path.name} is not in {path.parent} any more; somebody has moved it."
            return replace(report, notes=(*report.notes, note))
        except OSError as error:
            return _stuck(path, report, self.places.of(where), error)
        if report.run_id and results is not None:
            note_moved(self.job.settings, report.run_id, place, results)
        return replace(report, place=place, results=results, report=page)


def _of_summary(path: Path, summary: Summary) -> FileReport:
    code = exit_code(summary)
    return FileReport(
        came_as(path),
        outcome_of(code),
        code,
        summary.stopped_why,
        summary.counts,
        summary.run_id,
        summary.results,
        fault=summary.fault,
        notes=summary.notes,
        report=summary.report,
        problems=summary.problems,
    )


def _of_begun(path: Path, begun: Begun) -> FileReport | None:
    """What the earlier run made of it; None where some leads are still to be sent."""
    code = run_code(begun.ending, begun.counts)
    outcome = outcome_of(code)
    if outcome is not NightOutcome.LOADED:
        return None
    why = "An earlier run of the job had loaded it, and did not come to putting it away."
    return FileReport(came_as(path), outcome, code, why, begun.counts, begun.run_id, begun.results)


def of_error(name: str, error: LoaderError) -> FileReport:
    """What became of a file that an error kept from being loaded."""
    return FileReport(
        name,
        outcome_of_error(error),
        error.exit_code,
        f"{error.what} {error.why}".rstrip(),
        error=error,
    )


def _stuck(path: Path, report: FileReport, folder: Path, error: OSError) -> FileReport:
    """All that was to be sent is sent, and the next run must know it."""
    why = (
        f"It can't be moved to {folder}: {error.strerror}. What became of it is in the ledger, and "
        "the next run of the job moves it."
    )
    return replace(
        report, outcome=NightOutcome.STOPPED, exit_code=ExitCode.STOPPED, why=why, place=path
    )
