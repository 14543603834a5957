"""Upload: every row of a spreadsheet goes to the dialer once, and the results file says how."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ResultsFileError
from bulk_loader.model import RunKind
from bulk_loader.preparation.counting import campaign_tally
from bulk_loader.preparation.foresight import foresee
from bulk_loader.preparation.pipeline import build_pipeline, is_results_file, open_table
from bulk_loader.results import foresee_results, results_path
from bulk_loader.runs.online import look_online
from bulk_loader.runs.running import RunRequest, carry_out
from bulk_loader.runs.spreading import require_spreadable
from bulk_loader.runs.watch import Silent, Watch
from bulk_loader.runs.writable import require_writable
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.model import Source, Summary
    from bulk_loader.settings import Settings


def upload(
    file: Path | str,
    settings: Settings,
    watch: Watch | None = None,
    require: Callable[[Source], None] = lambda _source: None,
    made_from: frozenset[str] = frozenset(),
) -> Summary:
    """Send every lead of a file, or the rest of them where an earlier run broke off.

    Args:
        require: is told what was found out about the file, before anything is sent, and may refuse
            it by an error.
        made_from: digests of contents that this list was certainly made from by correcting cells:
            what was sent of them, however long ago, is not sent again.

    Returns:
        What became of the leads; `ending` and `stopped_why` say whether the run was cut short,
        and then the same call goes on.

    Raises:
        SettingsError: a setting is missing or wrong.
        SourceError: the file can't be read, or its columns do not fit.
        AlreadyUploadedError: an earlier run of this file is finished.
        LockedError: another run of this file is under way.
        LedgerError: the ledger can't be used.
        ResultsError: the leads are settled in the ledger, but the results file is not written.
            After every other error nothing was sent by this call.
    """
    file, watch = Path(file), watch or Silent()
    started_at = datetime.now(UTC)
    settings.require_target()
    require_spreadable(settings)
    tally = campaign_tally(settings)
    table = open_table(file, settings, watch.noted, tally)
    if is_results_file(table):
        raise ResultsFileError(
            f"{file.name} is a results file.",
            "To upload it would send its accepted leads once more.",
            f"Run: {typed('bulk-loader', 'retry', str(file))}",
        )
    watch.opened(table.source)
    require(table.source)
    pipeline = build_pipeline(table, settings, started_at)
    watch.noted(pipeline.decision)
    foresight = foresee(pipeline, tally, settings)
    for note in (*foresight.sentences, *look_online(settings, foresight.campaigns)):
        watch.noted(note)
    usual = results_path(table.source.path, table.source.format)
    results = settings.results or usual
    require_writable(results, table.source, usual)
    table.require_unchanged()
    for note in foresee_results(table.source):
        watch.noted(note)
    request = RunRequest(
        RunKind.UPLOAD,
        pipeline,
        settings,
        results.absolute(),
        started_at,
        earlier_results=(results.absolute(), usual),
        made_from=made_from,
    )
    return replace(carry_out(request, watch), campaigns=foresight.campaigns)
