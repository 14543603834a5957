"""Retry: what a results file says was not taken is sent again, as it stands there now."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError, SourceError
from bulk_loader.ledger import Ledger
from bulk_loader.model import RESULT_COLUMNS, Field, RunKind, Status
from bulk_loader.preparation.counting import campaign_tally
from bulk_loader.preparation.foresight import foresee
from bulk_loader.preparation.pipeline import (
    build_pipeline,
    is_checked_file,
    is_results_file,
    open_table,
)
from bulk_loader.reading import HiddenRows, ReadingOptions, open_leads, pipe_name
from bulk_loader.results import columns_digest, foresee_results, read_stamp, stamps_in
from bulk_loader.runs.online import look_online
from bulk_loader.runs.retained import digest_of
from bulk_loader.runs.running import RunRequest, carry_out
from bulk_loader.runs.selection import ALWAYS, ON_REQUEST, Selection
from bulk_loader.runs.setup import FORGOTTEN
from bulk_loader.runs.watch import Silent
from bulk_loader.runs.writable import require_rewritable
from bulk_loader.settings import TARGETS, Settings
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from bulk_loader.ledger import RunRecord
    from bulk_loader.ledger_place import LikePlace
    from bulk_loader.model import LeadTable, Summary
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.runs.watch import Watch


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
    settings = settings or Settings()
    remembered = remember(results, settings.ledger_place)
    settings = completed(settings, remembered)
    tally = campaign_tally(settings)
    table = open_table(results, settings, tally=tally)
    require_results(table)
    require_rewritable(table.source)
    settings.require_target()
    watch.opened(table.source)
    pipeline = build_pipeline(table, settings, started_at)
    watch.noted(pipeline.decision)
    foresight = foresee(pipeline, tally, settings)
    for note in (*foresight.sentences, *look_online(settings, foresight.campaigns)):
        watch.noted(note)
    for note in foresee_results(table.source):
        watch.noted(note)
    if not remembered.run:
        _require_known(results, settings, pipeline)
    request = RunRequest(
        RunKind.RETRY,
        pipeline,
        settings,
        table.source.path,
        started_at,
        selection=Selection(ALWAYS | include),
        origin=remembered.run,
    )
    return replace(carry_out(request, watch), campaigns=foresight.campaigns)


def require_results(table: LeadTable) -> None:
    """Make sure that a file says what became of its leads.

    Raises:
        SettingsError: it does not.
    """
    file = table.source.path
    if is_checked_file(table):
        raise SettingsError(
            f"{file.name} is what a check wrote.",
            "None of its leads was sent yet, so there is nothing to retry.",
            f"To send them: {typed('bulk-loader', 'upload', str(file))}",
        )
    if not is_results_file(table):
        raise SettingsError(
            f"{file.name} is not a results file.",
            f"It lacks the columns {', '.join(RESULT_COLUMNS)}.",
            f"To send all of its leads: {typed('bulk-loader', 'upload', str(file))}",
        )


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the ledger knows of a results file.

    Attributes:
        settings: of the first upload, by name; empty where the ledger does not know the file.
        forgotten: names of settings that it does not keep.
        run: name of the run whose results they are; "" where it is not known.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    forgotten: Sequence[str] = ()
    run: str = ""


def remembered_settings(results: Path, place: LikePlace) -> Mapping[str, Any]:
    """What the first upload of a results file was told; empty where the ledger has none."""
    return remember(results, place).settings


def remember(results: Path, place: LikePlace) -> Remembered:
    """Find the run of a results file: by what it says of itself, by its path, or by its content.

    Raises:
        SettingsError: it comes through a pipe.
        LedgerError: the ledger can't be used.
    """
    if name := pipe_name(results):
        raise SettingsError(
            f"A retry can't read its results file from {name}.",
            "It writes the answers into that file, and nothing can be written into a pipe.",
            "Give the file itself: bulk-loader retry FILE",
        )
    with Ledger.open(place) as ledger:
        record = _run_of(ledger, results)
    if record is None:
        return Remembered()
    settings: dict[str, Any] = json.loads(record.plan.settings)
    if settings.get("header_row") == 0:
        del settings["header_row"]  # a results file has a header in any case
    forgotten = settings.pop(FORGOTTEN, [])
    return Remembered(settings, forgotten, record.name)


def _run_of(ledger: Ledger, results: Path) -> RunRecord | None:
    stamp = read_stamp(results)
    record = ledger.runs.by_name(stamp.run) if stamp else None
    record = record or ledger.runs.newest_with_results(os.path.realpath(results))
    # Not pathlib's, which fails at names that are no file's, as the reading says in our words.
    if record is None and os.path.isfile(results):  # noqa: PTH113
        record = ledger.runs.that_wrote(digest_of(results)) or _by_neighbour(ledger, results)
    return record


def _by_neighbour(ledger: Ledger, results: Path) -> RunRecord | None:
    """The run of a text file that was renamed or copied: its stamp stands beside the old name."""
    stamps = list(stamps_in(results.absolute().parent))
    if not stamps:
        return None
    try:
        source = open_leads(results, ReadingOptions(hidden=HiddenRows.SEND)).source
    except SourceError:
        return None  # with the settings that it lacks now, it will be told what is wrong
    labels = [label for label in source.columns if label not in RESULT_COLUMNS]
    wanted = columns_digest(labels), source.leads
    found = [
        record
        for stamp in stamps
        if (stamp.columns, stamp.leads) == wanted and (record := ledger.runs.by_name(stamp.run))
    ]
    # Several lists of one form may lie there; what they were told must be the same then.
    if len({(record.plan.settings, record.plan.target) for record in found}) != 1:
        return None
    return max(found, key=lambda record: record.id)


def completed(settings: Settings, remembered: Remembered) -> Settings:
    """The settings, and where they say nothing those of the first upload."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    _require_forgotten(remembered.forgotten, given)
    known = dict(remembered.settings)
    if given.keys() & TARGETS:
        known = {name: value for name, value in known.items() if name not in TARGETS}
    if known.keys() <= given.keys():
        return settings
    return Settings(**{**known, **given})


def _require_known(results: Path, settings: Settings, pipeline: Pipeline) -> None:
    """Make sure that nothing is sent empty only because the first upload is not known.

    Raises:
        SettingsError: `data` has no column, and nothing is said of it.
    """
    if Field.DATA in pipeline.columns.columns or "data" in settings.model_fields_set:
        return
    empty = [
        name.value
        for name in (Field.DATA, Field.AGENT, Field.ALTERNATIVES, Field.CALLDATE)
        if name not in pipeline.columns.columns and name.value not in settings.model_fields_set
    ]
    raise SettingsError(
        f"The ledger does not know which upload {results.name} is of, so its settings are not "
        "known either.",
        f"Nothing would be sent in: {', '.join(empty)}. The first upload may have filled them by "
        "--data and the like.",
        'Give them as at the first upload, such as --data "idcustomer={ID}"; if data was empty, '
        '--data "" says so.',
    )


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
