"""Jobs and settings of the desk in a real browser; where none is installed, this is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desk.test_browser import OVER, launched, opened
from tests.desk.test_jobs import JOB, put
from tests.support.browsers import needs_axe, obstacles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.desk import Desk
    from bulk_loader.sandbox import Sandbox

__all__ = ["launched"]

BROKEN = ("[job.broken]", 'min_rows = "many"')


@pytest.fixture
def prepared(sandbox: Sandbox, to_dialer: Callable[..., None], place: Path) -> Sandbox:
    """A job with one list that is good and one that is refused, and a job that is broken."""
    to_dialer(sandbox.url, 'campaign = "X<-"', *JOB, "min_rows = 3", 'at = "02:00"', *BROKEN)
    put(place, "few.csv", 1)
    put(place, "leads.csv", 5, first=20)
    return sandbox


def steps_of_jobs(page: Any) -> Iterator[str]:
    """From page to page, with its name, until a job has run."""
    page.click("header >> text=Jobs")
    yield "jobs"
    page.click("tbody a >> text=broken")
    yield "broken job"
    page.click("text=All jobs")
    page.click("tbody a >> text=night")
    yield "job that never ran"
    page.click("text=Run it now")
    page.wait_for_selector("text=A last look")
    yield "last look"
    page.click("button >> text=Run night now")
    page.wait_for_selector("text=Last night")
    yield "job that ran"


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_a_job_is_run_with_and_without_script(
    launched: Any,  # noqa: F811 - the fixture
    desk: Desk,
    prepared: Sandbox,
    options: dict[str, Any],
) -> None:
    """No page needs one; where none is there, it comes anew by itself."""
    with opened(launched, desk, **options) as page:
        assert len(list(steps_of_jobs(page))) == 5
    assert prepared.queued == 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@needs_axe
def test_the_pages_of_jobs_are_accessible(
    launched: Any,  # noqa: F811 - the fixture
    desk: Desk,
    prepared: Sandbox,
    scheme: str,
) -> None:
    """By all rules of axe, in light and dark; and nothing is to be scrolled sideways on a phone."""
    with opened(launched, desk, color_scheme=scheme, bypass_csp=True) as page:
        for step in steps_of_jobs(page):
            assert (step, obstacles(page)) == (step, [])
            page.set_viewport_size({"width": 360, "height": 800})
            assert (step, page.evaluate(OVER)) == (step, 0)
            page.set_viewport_size({"width": 1100, "height": 800})
    assert prepared.queued == 5
