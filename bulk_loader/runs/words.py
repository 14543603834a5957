"""What the user is told of the earlier runs of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import AlreadyUploadedError, SettingsError
from bulk_loader.model import Status
from bulk_loader.runs.moments import local
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from bulk_loader.ledger import Ledger, RunPlan, RunRecord
    from bulk_loader.runs.lineage import Lineage


def already_uploaded(ledger: Ledger, same: RunRecord) -> AlreadyUploadedError:
    """The run that has finished this very list."""
    counts = ", ".join(f"{n:,} {s.value}" for s, n in ledger.outcomes.counts(same).items() if n)
    ended = same.ended_at or same.started_at
    return AlreadyUploadedError(
        f"This file was uploaded to this dialer on {local(ended)}.",
        f"Run {same.name}{_where(ledger, same)} is finished: {counts or 'it had no leads'}.",
        "To send what was certainly not taken: "
        f"{typed('bulk-loader', 'retry', same.plan.results)}\n"
        "To send every lead once more, which calls people twice: the same command with --again",
    )


def _where(ledger: Ledger, run: RunRecord) -> str:
    """Which machine it was carried out on, where it may be another one."""
    is_shared = ledger.place.url is not None and run.machine
    return f" on {run.machine}" if is_shared else ""


def other_settings(head: RunRecord, sent: int) -> SettingsError:
    """Its tasks would not be recognised."""
    return SettingsError(
        f"The unfinished run {head.name} of this file was begun with other settings.",
        f"It sent {sent:,} leads, and with the settings of now their tasks look different, so "
        "they would not be recognised and would be sent twice.",
        "Give the same settings to go on, or --again to begin anew and send all leads.",
    )


def changed(head: RunRecord, plan: RunPlan, sent: int) -> str:
    """What a new run goes on with."""
    run = f"run {head.name} of {local(head.started_at)}"
    if head.plan.path != plan.path:
        return (
            f"Going on with {run}, of {head.plan.path}: its leads mostly stand in this list. "
            f"{sent:,} of them were sent."
        )
    how = "The file has changed since" if head.plan.digest != plan.digest else "Going on with"
    return f"{how} {run}: {sent:,} of its leads were sent."


def going_on(ledger: Ledger, head: RunRecord, plan: RunPlan) -> str:
    """How far the very same run has come."""
    counts = ledger.outcomes.counts(head)
    doubt = counts[Status.UNKNOWN]
    settled = sum(counts.values()) - counts[Status.UNSENT] - doubt
    return (
        f"Going on with run {head.name} of {local(head.started_at)}: {settled:,} leads are "
        f"settled, {doubt:,} in doubt, {plan.leads - settled - doubt:,} still to be sent."
    )


def outgrown(lineage: Lineage) -> tuple[str, ...]:
    """Which unfinished runs under this name are not gone on with, since they are too old."""
    hours = f"{lineage.limit.total_seconds() / 3600:.0f} hours"
    return tuple(
        f"Run {head.name} of {local(head.started_at)}, of a file in this place, is unfinished. "
        f"The file has another content since, and the run is older than {hours}, so this "
        "counts as a new list: its people are sent, whether that run sent them or not."
        for head in lineage.outgrown()
    )
