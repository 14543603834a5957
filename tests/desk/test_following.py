"""Pages that are told what changes while a list is sent."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bulk_loader.desk.following import MOST_A_SESSION
from tests.desk.test_pausing import sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from bulk_loader.desk import Desk
    from tests.desk.browsing import Browser
    from tests.support.uploads import Leads


class Stream:
    """An open page, as far as it listens."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def next(self) -> tuple[str, str]:
        """What happens next: its name, and the part of the page."""
        name = next(self._lines).removeprefix("event: ")
        html = json.loads(next(self._lines).removeprefix("data: "))
        assert next(self._lines) == ""
        return name, html

    def until(self, wanted: str) -> str:
        """The part of the page when this happens, or holds this."""
        while True:
            name, html = self.next()
            if wanted == name or wanted in html:
                return html


@contextmanager
def listening(browser: Browser, list_id: str) -> Iterator[Stream]:
    """Somebody whose page is open."""
    with browser.client.stream("GET", f"{browser.at}/lists/{list_id}/events") as answer:
        yield Stream(answer)


def test_a_page_is_told_what_changes_until_the_end(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """Counts, a pause and its end, and then that there is something else to be seen."""
    with (
        sending(browser, to_dialer, leads) as (_, slow, page),
        listening(browser, page.list_id) as stream,
    ):
        assert stream.answer.headers["Content-Type"].startswith("text/event-stream")
        assert "2 of 40 leads" in stream.next()[1]
        paused = browser.submit(page, "/pause")
        assert "Nothing new is sent." in stream.next()[1]
        slow.go.set()
        stream.until("3 of 40 leads")
        browser.submit(paused, "/end-pause")
        stream.until("over")


def test_what_is_told_is_the_part_of_the_page(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """With the form's token of the same session, so that its buttons work."""
    with (
        sending(browser, to_dialer, leads) as (_, _slow, page),
        listening(browser, page.list_id) as stream,
    ):
        told = stream.next()[1].split('id="actions"')[1]
        shown = page.answer.text.split('id="actions"')[1]
        assert told.split("</form>")[:2] == shown.split("</form>")[:2]


def test_a_page_is_told_that_the_desk_ends(
    desk: Desk, browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """There will be no page to go to; the one that is open says so."""
    with (
        sending(browser, to_dialer, leads) as (_, slow, page),
        listening(browser, page.list_id) as stream,
    ):
        slow.go.set()
        desk.office.sendings.close()
        assert "The desk was closed" in stream.until("closed")


def test_only_the_newest_pages_of_a_browser_are_told(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """A browser has six connections for all of its tabs; an older page has to ask instead."""
    with sending(browser, to_dialer, leads) as (_, _slow, page), ExitStack() as stack:
        oldest, *newest = [
            stack.enter_context(listening(browser, page.list_id)) for _ in range(MOST_A_SESSION + 1)
        ]
        assert all("2 of 40" in stream.next()[1] for stream in newest)
        oldest.until("ask")


def test_nobody_else_is_told_anything(
    desk: Desk, browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """Neither without a session nor after it."""
    with sending(browser, to_dialer, leads) as (_, _slow, page):
        url = f"{browser.at}/lists/{page.list_id}/events"
        with listening(browser, page.list_id) as stream:
            stream.next()
            cookies = list(browser.client.cookies.jar)
            browser.client.cookies.clear()
            assert browser.client.get(url).status_code == 403
            for _ in range(16):
                desk.office.door.open(desk.office.door.key)
            stream.until("ask")
            for cookie in cookies:
                browser.client.cookies.jar.set_cookie(cookie)
            assert browser.client.get(url).status_code == 403


def test_a_list_that_is_not_sent_has_nothing_to_tell(browser: Browser, leads: Leads) -> None:
    """A browser does not ask again."""
    leads.write(("0991234567", "Ana"))
    dropped = browser.drop(leads.path)
    assert browser.client.get(f"{browser.at}/lists/{dropped.list_id}/events").status_code == 204
    assert browser.client.get(f"{browser.at}/lists/nothing/events").status_code == 204
