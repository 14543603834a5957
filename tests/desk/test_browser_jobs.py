"""Jobs and settings of the desk in a real browser; where none is installed, this is left out."""

from __future__ import annotations

from itertools import chain
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

pytest.importorskip("tomlkit")

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


def steps_of_settings(page: Any) -> Iterator[str]:
    """From the file through a profile that is added, and refused once, to its credentials."""
    page.click("header >> text=Settings")
    yield "settings"
    page.fill("#profile", "north")
    page.click("text=Add it")
    page.wait_for_selector("text=It was saved")
    yield "profile"
    page.fill("#url", "http://127.0.0.1:1")
    page.fill("#agent", "7")
    page.click("summary >> text=How they are sent")
    page.fill("#concurrency", "eight")
    page.click("button >> text=Save")
    page.wait_for_selector("text=There is a problem")
    yield "profile with an error"
    page.click("#summary a")
    assert page.evaluate("location.hash") == "#concurrency"
    page.fill("#concurrency", "8")
    page.click("button >> text=Save")
    page.wait_for_selector("text=It was saved")
    yield "profile that was saved"
    page.click("main >> text=credentials")
    page.wait_for_selector("text=What a run would use")
    yield "credentials"
    page.click("text=Keep it")
    yield "credentials with an error"
    page.click("text=Back to the settings")
    page.click("text=What holds where")
    yield "for all"


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_settings_are_changed_with_and_without_script(
    launched: Any, desk: Desk, prepared: Sandbox, place: Path, options: dict[str, Any]
) -> None:
    """What is typed stands in the file then, below what stood there."""
    before = (place / "bulk_loader.toml").read_text("utf-8")
    with opened(launched, desk, **options) as page:
        assert len(list(steps_of_settings(page))) == 7
    added = '[profile.north]\nurl = "http://127.0.0.1:1"\nagent = "7"\nconcurrency = 8\n'
    assert (place / "bulk_loader.toml").read_text("utf-8") == f"{before}\n\n{added}"
    assert prepared.queued == 0


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_a_job_is_run_with_and_without_script(
    launched: Any,
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
def test_every_page_is_accessible(
    launched: Any,
    desk: Desk,
    prepared: Sandbox,
    scheme: str,
) -> None:
    """By all rules of axe, in light and dark; and nothing is to be scrolled sideways on a phone."""
    with opened(launched, desk, color_scheme=scheme, bypass_csp=True) as page:
        for step in chain(steps_of_jobs(page), steps_of_settings(page)):
            assert (step, obstacles(page)) == (step, [])
            page.set_viewport_size({"width": 360, "height": 800})
            assert (step, page.evaluate(OVER)) == (step, 0)
            page.set_viewport_size({"width": 1100, "height": 800})
    assert prepared.queued == 5
