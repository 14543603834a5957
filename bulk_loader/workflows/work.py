"""Work: help with a list that another machine sends with `--spread`."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulk_loader.errors import ErrorCode, LedgerError, SettingsError, SourceError
from bulk_loader.ledger import Ledger, open_shares
from bulk_loader.preparation.pipeline import build_pipeline, open_table
from bulk_loader.runs.helping import HelpRequest, help_with
from bulk_loader.runs.setup import FORGOTTEN
from bulk_loader.runs.watch import Silent
from bulk_loader.settings import dialer_identity
from bulk_loader.workflows.retry import Remembered, completed

if TYPE_CHECKING:
    from bulk_loader.ledger import RunRecord, Terms
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.runs.helping import Help
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import Settings

LOOK_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class SharedList:
    """A list that can be helped with.

    Attributes:
        remembered: what the machine that began it was told.
    """

    record: RunRecord
    terms: Terms
    remembered: Remembered


def find_list(settings: Settings, run: str = "", wait_s: float = 0.0) -> SharedList:
    """The list of that run, or the oldest one to the dialer of the settings that can be helped with.

    Args:
        run: name of the run, or how it begins; "" for any.
        wait_s: how long to wait until there is one.

    Raises:
        SettingsError: there is none.
        LedgerError: the ledger can't be used.
    """
    if settings.ledger_place.url is None:
        raise SettingsError(
            "A worker needs a ledger that machines share.",
            "By the ledger of this machine no other one is seen.",
            "Name a PostgreSQL database: ledger in bulk_loader.toml, or BULK_LOADER_LEDGER.",
        )
    deadline_s = time.monotonic() + wait_s
    while True:
        try:
            if found := _look(settings, run):
                return found
        except LedgerError as error:
            if error.code is not ErrorCode.LEDGER_AWAY or time.monotonic() >= deadline_s:
                raise
        if time.monotonic() >= deadline_s:
            raise _nothing(run)
        time.sleep(LOOK_AGAIN_S)


def _look(settings: Settings, run: str) -> SharedList | None:
    place, url = settings.ledger_place, settings.base_url
    with Ledger.open(place) as ledger, open_shares(place) as shares:
        for number in shares.runs():
            record, terms = ledger.runs.by_id(number), shares.under_way(number)
            if record is None or terms is None:
                continue  # it has come to its end meanwhile
            is_ours = url is None or dialer_identity(url) == record.plan.target
            if record.name.startswith(run) if run else is_ours:
                return SharedList(record, terms, _remembered(record))
    return None


def work(
    shared: SharedList, settings: Settings, watch: Watch | None = None, file: Path | None = None
) -> Help:
    """Send parts of a list that another machine has begun, until nothing of it is left.

    Args:
        settings: what they do not say is as the other machine was told.
        file: the list, where it is not at the path that it has there.

    Raises:
        SettingsError: a setting is missing or another one.
        SourceError: the file can't be read, or is not that list.
        LedgerError: the ledger can't be used.
    """
    watch = watch or Silent()
    record, terms = shared.record, shared.terms
    settings = completed(settings, shared.remembered)
    file = file or Path(record.plan.path)
    table = open_table(file, settings, watch.noted)
    if table.source.digest != record.plan.digest:
        raise SourceError(
            f"{file} is not the list of run {record.name}.",
            f"{record.machine} began it with a file of another content.",
            "Name the same list: bulk-loader worker FILE",
        )
    watch.opened(table.source)
    pipeline = _as_it_was_begun(build_pipeline(table, settings, _moment(terms.judged_at)), terms)
    return help_with(HelpRequest(record, terms, pipeline, settings), watch)


def _as_it_was_begun(pipeline: Pipeline, terms: Terms) -> Pipeline:
    if terms.began_at == terms.judged_at:
        return pipeline
    return replace(pipeline, screener=pipeline.screener.begun_at(_moment(terms.began_at)))


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _remembered(record: RunRecord) -> Remembered:
    told: dict[str, Any] = json.loads(record.plan.settings)
    forgotten = told.pop(FORGOTTEN, [])
    return Remembered(told, forgotten, record.name)


def _nothing(run: str) -> SettingsError:
    return SettingsError(
        f"Run {run} can't be helped with." if run else "There is no list to help with.",
        f"No machine sends {'it' if run else 'one'} with --spread at this moment.",
        "Begin it on one machine: bulk-loader upload FILE --spread\n"
        "Or wait for it: bulk-loader worker --wait 10m",
    )
