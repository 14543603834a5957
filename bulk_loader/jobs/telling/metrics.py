"""Metrics for Prometheus' textfile collector, written by `prometheus_client`, known only here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode
from bulk_loader.jobs.telling.channel import NotToldError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from prometheus_client import CollectorRegistry

    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.records import Earlier

NO_LIBRARY = (
    "metrics need the package prometheus-client, which is not installed: "
    'pip install "bulk-loader[metrics]"'
)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Writes one file for a job, as `bulk_loader_NAME.prom`.

    Attributes:
        folder: what the collector reads (`--collector.textfile.directory`).
    """

    folder: Path
    job: str

    def faults(self) -> Iterator[str]:
        """The library or the folder is not there, or can't be written."""
        try:
            import prometheus_client  # noqa: F401, PLC0415 - an extra
        except ModuleNotFoundError:
            yield NO_LIBRARY
        if not self.folder.is_dir():
            yield f"there is no folder {self.folder}."
        elif not os.access(self.folder, os.W_OK | os.X_OK):
            yield f"{self.folder} can't be written by this user."

    def began(self) -> None:
        """What is known of the last night stays until the end of this one."""

    def ended(self, night: Night, earlier: Earlier) -> None:
        """Write the file anew, whole or not at all."""
        if night.is_turned_away:
            return  # the run that is under way writes it
        try:
            from prometheus_client import write_to_textfile  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise NotToldError(f"No metrics were written: {NO_LIBRARY}") from error
        path = self.folder / f"bulk_loader_{self.job}.prom"
        try:
            write_to_textfile(str(path), registry_of(night, earlier.last_success_at))
            path.chmod(0o644)  # the collector is another user, and counts tell of nobody
        except OSError as error:
            reason = error.strerror or "it can't be written"
            raise NotToldError(f"No metrics were written to {self.folder}: {reason}.") from error


def registry_of(night: Night, last_success_at: datetime | None) -> CollectorRegistry:
    """A night as metrics.

    Args:
        last_success_at: of the nights before; None where none went well.
    """
    from prometheus_client import CollectorRegistry, Gauge  # noqa: PLC0415

    registry = CollectorRegistry()

    def gauge(name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"bulk_loader_{name}", about, ("job", *labels), registry=registry)

    leads = gauge("leads", "Leads of the last run of the job, by status", "status")
    for status, count in night.counts.items():
        leads.labels(night.job, status.value).set(count)
    outcome = gauge("outcome", "How the last run of the job ended; always 1", "outcome")
    outcome.labels(night.job, night.outcome.value).set(1)
    is_success = night.exit_code is ExitCode.OK
    figures = {
        ("success", "Whether the last run of the job ended with 0"): float(is_success),
        ("exit_code", "Exit code of the last run of the job"): float(night.exit_code),
        ("files", "Files of the last run of the job"): float(len(night.files)),
        ("duration_seconds", "How long the last run of the job took"): (
            night.ended_at - night.began_at
        ).total_seconds(),
        ("last_run_timestamp_seconds", "When the last run of the job ended"): (
            night.ended_at.timestamp()
        ),
    }
    for (name, about), figure in figures.items():
        gauge(name, about).labels(night.job).set(figure)
    succeeded_at = night.ended_at if is_success else last_success_at
    if succeeded_at is not None:
        about = "When a run of the job last ended with 0"
        gauge("last_success_timestamp_seconds", about).labels(night.job).set(
            succeeded_at.timestamp()
        )
    return registry
