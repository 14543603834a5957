"""Whether the jobs of a settings file can run tonight, for who looks at the whole machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.jobs.checking import job_faults
from bulk_loader.settings import load_job_file, read_job
from bulk_loader.shell import typed
from bulk_loader.workflows.doctor import Finding, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def examine_jobs(flags: Mapping[str, object]) -> Iterator[Finding]:
    """One finding for each job; none where the settings file can't be read, which others tell."""
    try:
        names = sorted(load_job_file(flags).jobs)
    except LoaderError:
        return
    yield from (_finding(name, flags) for name in names)


def _finding(name: str, flags: Mapping[str, object]) -> Finding:
    faults = job_faults(
        name, read_job(name, {"config": flags["config"]} if "config" in flags else {})
    )
    if not faults:
        return Finding("job", State.OK, f"{name} can run, as far as its settings go.")
    first, *others = faults
    more = f" And {len(others)} more." if others else ""
    remedy = f"See: {typed('bulk-loader', 'job', 'check', name)}"
    return Finding("job", State.FAULT, f"{name}: {first}{more}", remedy)
