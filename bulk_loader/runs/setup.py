"""From settings to what each part of a run is told."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bulk_loader.choices import Duplicates
from bulk_loader.delivery import ErrorLimit, Policy
from bulk_loader.ledger import RunPlan
from bulk_loader.model import Status
from bulk_loader.runs.beginning import Intent
from bulk_loader.runs.load_limits import load_limits
from bulk_loader.runs.targets import concurrency_of
from bulk_loader.settings.forgetting import MAY_HOLD_NUMBERS, holds_number

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.model import RunKind, Source
    from bulk_loader.screening.calling_hours import CallingHours
    from bulk_loader.settings import Settings

FORGOTTEN = "forgotten"
"""Key of the list of settings that the ledger does not keep."""


def delivery_policy(
    settings: Settings, hours: CallingHours | None = None, began_at: datetime | None = None
) -> Policy:
    """How to send.

    Args:
        hours: by which leads without a date were judged, at the moment `began_at`.
    """
    limit = settings.max_errors
    return Policy(
        concurrency=concurrency_of(settings),
        is_tuned=settings.concurrency == "auto",
        rate=settings.rate,
        retry_for_s=settings.retry_for.total_seconds(),
        max_doubts=settings.max_doubts,
        max_errors=None if limit is None else ErrorLimit(limit.amount, limit.is_percent),
        canary=settings.canary,
        closed=lambda: _closed_since(began_at, hours) if hours and began_at else "",
    )


def _closed_since(began_at: datetime, hours: CallingHours) -> str:
    why = "" if hours.closed_because(began_at) else hours.closed_because(datetime.now(UTC))
    return f"The calling hours ended during a pause: {why}." if why else ""


def past_intent(
    settings: Settings, *, is_trial: bool, resends: frozenset[Status] = frozenset()
) -> Intent:
    """How much earlier runs matter."""
    return Intent(
        again=settings.again,
        loaded_within=settings.skip_loaded_within,
        hold_doubts=settings.hold_doubts,
        limits=load_limits(settings),
        is_trial=is_trial,
        skips_duplicates=settings.duplicates is Duplicates.SKIP and Status.DUPLICATE not in resends,
        resends=resends,
    )


def remember(settings: Settings) -> str:
    """What the ledger keeps of the settings: JSON without a secret or a phone number.

    The names of those left out stand under `FORGOTTEN`, so that a retry can ask for them.
    """
    told = settings.remembered()
    forgotten = sorted(name for name in MAY_HOLD_NUMBERS & told.keys() if holds_number(told[name]))
    kept = {name: value for name, value in told.items() if name not in forgotten}
    return json.dumps({**kept, FORGOTTEN: forgotten} if forgotten else kept, sort_keys=True)


def plan_run(
    kind: RunKind, source: Source, settings: Settings, target: str, results: Path
) -> RunPlan:
    """What the ledger is told of the run before it begins."""
    shape = json.dumps(settings.shape(), sort_keys=True)
    return RunPlan(
        kind=kind,
        path=str(source.path.resolve()),
        digest=source.digest,
        target=target,
        results=str(results.resolve()),
        settings=remember(settings),
        shape=hashlib.sha256(shape.encode()).hexdigest()[:16],
        leads=source.leads,
    )
