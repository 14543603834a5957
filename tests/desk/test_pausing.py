"""Pause and go on, in the windows of a desk."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.desk import Desk, DeskOptions
from tests.desk.browsing import Browser, Page
from tests.support.faulty_dialer import Fault, FaultyDialer, Reaction
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass
class Slow:
    """A dialer's answers, of which one is kept back until somebody lets it go."""

    keeps: int = 3
    came: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _request: object) -> Reaction:
        self.keeps -= 1
        if not self.keeps:
            self.came.set()
            self.go.wait()
        return Fault.ACCEPT


@contextmanager
def sending(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> Iterator[tuple[FaultyDialer, Slow, Page]]:
    """A list on its way, whose third request is not answered yet."""
    slow = Slow()
    leads.write(*numbered(40))
    try:
        with FaultyDialer(slow) as dialer:
            to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1")
            checked = browser.submit(browser.drop(leads.path), "/columns")
            last_look = browser.see(f"/lists/{checked.list_id}/send")
            browser.submit(last_look, "/send", target="dialer")
            slow.came.wait()
            try:
                yield dialer, slow, browser.see(f"/lists/{checked.list_id}")
            finally:
                slow.go.set()
                browser.desk.office.sendings.close()
    finally:
        slow.go.set()


def settled(browser: Browser, list_id: str, count: int) -> Page:
    """The page of a sending, once so many leads have their status."""
    while True:
        page = browser.see(f"/lists/{list_id}")
        if f"{count} of 40 leads" in page.text:
            return page


def test_a_pause_holds_the_list_until_it_is_gone_on_with(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """What was under way ends, nothing else begins, and nothing is lost or sent twice."""
    with sending(browser, to_dialer, leads) as (dialer, slow, page):
        paused = browser.submit(page, "/pause")
        assert "Nothing new is sent." in paused.text
        slow.go.set()
        resting = settled(browser, page.list_id, 3)
        assert " left" not in resting.text
        browser.submit(page, "/pause")  # once more changes nothing
        assert len(dialer.received) == 3
        assert "A list of this name is being sent" in browser.drop(leads.path).text
        browser.submit(resting, "/end-pause")
        results = browser.ended(page.list_id)
        assert "The list was sent" in results.text
        assert dialer.recorded == [phone for phone, _ in numbered(40)]


def test_a_list_that_pauses_is_stopped(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """From the same page; the rest is unsent, and can be gone on with."""
    with sending(browser, to_dialer, leads) as (dialer, slow, page):
        paused = browser.submit(page, "/pause")
        slow.go.set()
        settled(browser, page.list_id, 3)
        browser.submit(paused, "/stop")
        stopped = browser.ended(page.list_id)
        assert "unsent 37" in stopped.text
        browser.submit(stopped, "/go-on")
        browser.ended(page.list_id)
        assert dialer.recorded == [phone for phone, _ in numbered(40)]


def test_a_desk_that_is_closed_in_a_pause_ends_gently(
    place: Path, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """Each lead is accounted for, and the next desk goes on with the list."""
    assert place.is_dir()
    with Desk(DeskOptions()) as desk, Browser(desk) as browser:
        with sending(browser, to_dialer, leads) as (dialer, slow, page):
            browser.submit(page, "/pause")
            slow.go.set()
            settled(browser, page.list_id, 3)
            desk.office.sendings.close()
            assert len(dialer.received) == 3
        results = browser.see(f"/lists/{page.list_id}/results")
        assert "accepted 3" in results.text
        assert "unsent 37" in results.text


def test_two_windows_see_the_same_pause(
    desk: Desk, browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """Whoever looks is offered to go on, and a form of the time before changes nothing."""
    with sending(browser, to_dialer, leads) as (dialer, slow, page), Browser(desk) as other:
        theirs = other.see(f"/lists/{page.list_id}")
        browser.submit(page, "/pause")
        seen = other.see(f"/lists/{page.list_id}")
        slow.go.set()
        settled(browser, page.list_id, 3)
        assert other.submit(theirs, "/pause").text == other.see(f"/lists/{page.list_id}").text
        assert len(dialer.received) == 3
        other.submit(seen, "/end-pause")
        browser.ended(page.list_id)
        assert len(dialer.recorded) == 40
