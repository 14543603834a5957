"""A job is run now: a last look, the run itself, and how it is getting on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bulk_loader.desk.nights import Seen
from bulk_loader.desk.page_words import at_desk
from bulk_loader.desk.pages.jobs import reading_of
from bulk_loader.desk.rendering import Told
from bulk_loader.jobs.checking import Would, check_job
from bulk_loader.jobs.marks import JobId
from bulk_loader.jobs.running import is_under_way
from bulk_loader.model import Status

if TYPE_CHECKING:
    from starlette.responses import Response

    from bulk_loader.desk.nights import NightWork
    from bulk_loader.desk.visit import Visit

WOULD_WORDS = {
    Would.LOAD: "is loaded",
    Would.GO_ON: "is gone on with",
    Would.PUT_AWAY: "is only put away: all of it was sent",
    Would.REPEAT: "goes to repeated, and nothing of it is sent",
    Would.FAIL: "goes to failed, and nothing of it is sent",
    Would.WAIT: "is waited for",
    Would.LEAVE: "is left where it is",
}


def show(visit: Visit) -> Response:
    """A last look: to which dialer, which files, and what can't be taken back."""
    reading = reading_of(visit)
    name = visit.named["job"]
    job = reading.job
    if job is None or reading.faults or is_under_way(job):
        return visit.go_to(f"/jobs/{name}")
    seen = visit.office.nights.seen(job)
    done = visit.office.prospects.ask(name, lambda: check_job(name, reading, datetime.now(UTC)))
    if done is None:
        return visit.show("job_looking.html", name=name)
    if done.error is not None:
        raise done.error
    assert done.result is not None
    check = done.result
    errors = [Told("The job can't run as it is.", at_desk(str(fault))) for fault in check.faults]
    return visit.show(
        "job_run.html",
        status=422 if errors else 200,
        errors=errors,
        job=job,
        check=check,
        to_send=sum(
            step.counts.get(Status.UNSENT, 0) for step in check.steps if step.would is Would.LOAD
        ),
        begun=sum(step.would is Would.GO_ON for step in check.steps),
        unseen=check.unchecked + sum(step.would is Would.WAIT for step in check.steps),
        would_words=WOULD_WORDS,
        seen=seen,
    )


def run(visit: Visit) -> Response:
    """Begin a run, once for each time that the page was shown.

    Raises:
        SettingsError: something is wrong with the job.
    """
    job = reading_of(visit).require_job()
    seen = Seen(visit.turn, visit.text("began_at"))
    if visit.office.nights.start(job, seen):
        return visit.go_to(f"/jobs/{job.name}/progress")
    begun = _begun(visit)
    is_here = begun is not None and begun.is_active
    return visit.go_to(f"/jobs/{job.name}{'/progress' if is_here else ''}?stale=1")


def progress(visit: Visit) -> Response:
    """How far the run is, file by file."""
    begun = _begun(visit)
    if begun is None or not begun.is_active:
        return visit.go_to(f"/jobs/{visit.named['job']}")
    moment = begun.course.moments()
    return visit.show(
        "job_progress.html",
        name=visit.named["job"],
        moment=moment,
        files=[
            (
                name,
                each,
                [(status, each.counts[status]) for status in Status if each.counts[status]],
            )
            for name, each in moment.files
        ],
        notes=begun.work.course.moment().notes,
        is_stale="stale" in visit.query,
    )


def stop(visit: Visit) -> Response:
    """End the run gently."""
    begun = _begun(visit)
    if begun is not None:
        begun.course.stop()
    return visit.go_to(f"/jobs/{visit.named['job']}/progress")


def _begun(visit: Visit) -> NightWork | None:
    reading = reading_of(visit)
    return visit.office.nights.find(JobId(visit.named["job"], reading.config))
