"""Retry: what a results file says was not taken is sent again, as it stands there now."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.ledger import Ledger
from bulk_loader.model import RESULT_COLUMNS, LeadBatch, Outcome, Status
from bulk_loader.settings import TARGETS, Settings
from bulk_loader.workflows.pipeline import build_pipeline, is_results_file, open_table
from bulk_loader.workflows.preparing import without_rows
from bulk_loader.workflows.running import RunRequest, Selection, carry_out
from bulk_loader.workflows.sentences import KEPT
from bulk_loader.workflows.setup import FORGOTTEN
from bulk_loader.workflows.watch import Silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from bulk_loader.model import Summary
    from bulk_loader.workflows.preparing import Explained
    from bulk_loader.workflows.watch import Watch

ALWAYS = frozenset({Status.REJECTED, Status.INVALID, Status.UNSENT})
"""Sent again whenever `retry` is run."""

ON_REQUEST = frozenset({Status.UNKNOWN, Status.DUPLICATE, Status.SUPPRESSED})
"""Sent again where the user includes them by name; an accepted lead never is."""


def retry(
    results: Path | str,
    settings: Settings | None = None,
    watch: Watch | None = None,
    include: frozenset[Status] = frozenset(),
) -> Summary:
    """Send the leads of a results file that are to be sent again, and update the file.

    Args:
        results: what an upload wrote, perhaps corrected since.
        settings: what they do not say is as it was at the first upload, where the ledger
            knows the file.
        include: statuses to be sent again besides rejected, invalid and unsent.

    Raises:
        SettingsError: it is no results file, or a setting is missing or wrong.
        SourceError: the file can't be read.
        LockedError: another run of this file is under way.
        LedgerError: the ledger can't be used.
        ResultsError: the leads are settled in the ledger, but the file is not updated.
    """
    results, watch = Path(results), watch or Silent()
    started_at = datetime.now(UTC)
    _require_on_request(include)
    settings = _completed(settings or Settings(), results)
    table = open_table(results, settings)
    if not is_results_file(table):
        raise SettingsError(
            f"{results.name} is not a results file.",
            f"It lacks the columns {', '.join(RESULT_COLUMNS)}.",
            f"To send all of its leads: bulk-loader upload {results}",
        )
    settings.require_target()
    watch.opened(table.source)
    again = ALWAYS | include
    selection = Selection(
        keep=keep_all_but(again),
        taken=lambda batch: _taken(batch, again),
        resends=again,
    )
    pipeline = build_pipeline(table, settings, started_at)
    watch.noted(pipeline.decision)
    return carry_out(
        RunRequest("retry", pipeline, settings, table.source.path, started_at, selection), watch
    )


def remembered_settings(results: Path, home: Path) -> dict[str, Any]:
    """What the first upload of a results file was told; empty where the ledger has none."""
    remembered, _ = _first_upload(results, home)
    return remembered


def _first_upload(results: Path, home: Path) -> tuple[dict[str, Any], list[str]]:
    """The settings that the ledger keeps, and the names of those that it does not."""
    with Ledger.open(home) as ledger:
        record = ledger.run_with_results(str(results.resolve()))
    remembered: dict[str, Any] = json.loads(record.plan.settings) if record else {}
    if remembered.get("header_row") == 0:
        del remembered["header_row"]  # a results file has a header in any case
    return remembered, remembered.pop(FORGOTTEN, [])


def _completed(settings: Settings, results: Path) -> Settings:
    """The settings, and where they say nothing those of the first upload."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    remembered, forgotten = _first_upload(results, settings.home)
    _require_forgotten(forgotten, given)
    if given.keys() & TARGETS:
        remembered = {name: value for name, value in remembered.items() if name not in TARGETS}
    if remembered.keys() <= given.keys():
        return settings
    return Settings(**{**remembered, **given})


def _require_forgotten(names: Sequence[str], given: Mapping[str, object]) -> None:
    lacking = [f"--{name}" for name in names if name not in given]
    if lacking:
        raise SettingsError(
            f"The first upload was given {' and '.join(lacking)}, which must be given again.",
            "It holds a phone number, and the ledger keeps none.",
            f"Add it to the command: bulk-loader retry FILE {' ... '.join(lacking)} ...",
        )


def _require_on_request(include: frozenset[Status]) -> None:
    if not include <= ON_REQUEST:
        raise SettingsError(
            f"--include can't take {', '.join(sorted(include - ON_REQUEST))}.",
            "An accepted lead is never sent again; rejected, invalid and unsent ones always are.",
            f"It takes: {', '.join(sorted(ON_REQUEST))}.",
        )


def _statuses(batch: LeadBatch) -> dict[int, Status | None]:
    """By row number; None where the cell holds no status."""
    cells = batch.frame["dialer_status"]
    known = {status.value: status for status in Status}
    return {
        row: known.get(cell.strip().lower())
        for row, cell in zip(cells.index.tolist(), cells.tolist(), strict=True)
    }


def keep_all_but(again: frozenset[Status]) -> Callable[[LeadBatch], Explained]:
    """Picks the leads of a results file that have another status, with what stands beside them."""
    return lambda batch: _kept(batch, again)


def _kept(batch: LeadBatch, again: frozenset[Status]) -> Explained:
    errors = dict(
        zip(batch.frame.index.tolist(), batch.frame["dialer_error"].tolist(), strict=True)
    )
    return {
        row: (Outcome(row, status, KEPT), errors[row])
        for row, status in _statuses(batch).items()
        if status is not None and status not in again
    }


def _taken(batch: LeadBatch, again: frozenset[Status]) -> LeadBatch:
    """Accepted leads, and those that may have been taken and are not to be sent again."""
    taken = {Status.ACCEPTED, Status.UNKNOWN} - again
    statuses = _statuses(batch)
    return without_rows(batch, [row for row, status in statuses.items() if status not in taken])
