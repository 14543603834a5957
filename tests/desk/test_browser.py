"""The desk in a real browser; where none is installed, this is left out."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.desk.key_page import KeyPage
from tests.support.browsers import chromium, needs_axe, obstacles
from tests.support.faulty_dialer import Fault, FaultyDialer, Reaction
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.desk import Desk
    from bulk_loader.sandbox import Sandbox

DAMAGED = Path(__file__).parents[2] / "sample_files" / "damaged.xlsx"
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def launched() -> Iterator[Any]:
    """Chromium without a window."""
    with chromium() as started:
        yield started


@contextmanager
def opened(launched: Any, desk: Desk, /, **options: Any) -> Iterator[Any]:
    """A window at the desk."""
    context = launched.new_context(**options)
    page = context.new_page()
    page.goto(desk.url)
    yield page
    context.close()


def dropped(page: Any, file: Path) -> None:
    """A list, as far as its columns."""
    page.set_input_files("#file", file)
    page.click("text=Read it")
    page.wait_for_selector("#map-destination")


def steps(page: Any, file: Path) -> Iterator[str]:
    """From step to step, with its name, until all leads are sent."""
    yield "home"
    page.click("text=Read it")
    yield "home with an error"
    dropped(page, file)
    yield "columns"
    page.fill("#header_row", "two")
    page.click("text=Read it so")
    page.wait_for_selector("#summary")
    yield "columns with an error"
    page.fill("#header_row", "")
    page.click("text=Read it so")
    page.click("text=Check the list")
    page.wait_for_selector("text=What is wrong")
    yield "check"
    page.click("text=Mark it in a copy")
    page.wait_for_selector("text=Save damaged.checked.xlsx")
    yield "marked"
    page.click("text=Back to the check")
    page.click("text=Go on to send")
    yield "last look"
    page.click("text=Send 7 leads")
    yield "last look with an error"
    page.check("#to-dialer")
    page.click("text=Send 7 leads")
    page.wait_for_url("**/results")
    yield "results"
    page.click("text=Send again what was not accepted")
    yield "retry"
    page.click("text=History")
    yield "history"
    page.click("tbody a")
    yield "run"
    page.click("header >> text=Lists")
    yield "home with a list"
    page.click("tbody >> text=Remove")
    yield "remove"


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_the_way_is_gone_with_and_without_script(
    launched: Any, desk: Desk, sandbox: Sandbox, options: dict[str, Any]
) -> None:
    """A browser is let through by what it says of itself, and no step needs a script."""
    with opened(launched, desk, **options) as page:
        assert len(list(steps(page, DAMAGED))) == 14
    assert sandbox.queued == 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
@needs_axe
def test_every_step_is_accessible(launched: Any, desk: Desk, sandbox: Sandbox, scheme: str) -> None:
    """By all rules of axe, in light and dark; and nothing is to be scrolled sideways on a phone."""
    assert sandbox.queued == 0
    with opened(launched, desk, color_scheme=scheme, bypass_csp=True) as page:
        for step in steps(page, DAMAGED):
            assert (step, obstacles(page)) == (step, [])
            page.set_viewport_size({"width": 360, "height": 800})
            assert (step, page.evaluate(OVER)) == (step, 0)
            page.set_viewport_size({"width": 1100, "height": 800})


def test_a_list_is_sent_by_keyboard(
    launched: Any, desk: Desk, sandbox: Sandbox, leads: Leads
) -> None:
    """The last look has no stop that leads nowhere, and the first radio is not chosen by itself."""
    leads.write(*numbered(3))
    with opened(launched, desk) as page:
        dropped(page, leads.path)
        page.click("text=Check the list")
        page.click("text=Go on to send")
        page.focus("#target")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/results")
    assert sandbox.queued == 3


def test_an_error_is_gone_to(launched: Any, desk: Desk) -> None:
    """Who hears the page, or has it enlarged, is at the summary; from there a link leads to the field."""
    with opened(launched, desk) as page:
        page.click("text=Read it")
        assert page.evaluate("document.activeElement.id") == "summary"
        page.click("#summary a")
        assert page.evaluate("location.hash") == "#file"


def test_the_sending_is_followed_and_outlives_its_window(
    launched: Any, desk: Desk, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """The page changes by itself, the focus stays where it is, and a closed browser stops nothing."""
    leads.write(*numbered(20))
    came, go, rest = threading.Event(), threading.Event(), threading.Event()

    def slow(_request: object) -> Reaction:
        (rest if came.is_set() else go).wait()
        came.set()
        return Fault.ACCEPT

    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1")
        with opened(launched, desk) as page:
            dropped(page, leads.path)
            page.click("text=Check the list")
            page.click("text=Go on to send")
            page.check("#to-dialer")
            page.click("text=Send 20 leads")
            page.wait_for_selector("text=0 of 20 leads")
            page.focus("text=Stop")
            go.set()
            page.wait_for_selector("text=1 of 20 leads")
            assert page.evaluate("document.activeElement.textContent") == "Stop"
        rest.set()
        (list_id,) = desk.office.sendings.busy()
        desk.office.sendings.wait(list_id)
        assert len(dialer.recorded) == 20


def test_the_file_with_the_key_opens_the_desk(launched: Any, desk: Desk) -> None:
    """A browser that is started with a file comes in, although a file is another site to it."""
    key_page = KeyPage(desk.office.shelf.folder, desk.url)
    context = launched.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(key_page.url)
    page.wait_for_selector("text=Send a list of leads")
    page.reload()
    assert page.inner_text("h1") == "Send a list of leads"
    context.close()


class _Attack(BaseHTTPRequestHandler):
    """A page of another server on this machine, which has got hold of the desk's address."""

    cookies: list[str | None]
    at: str

    def do_GET(self) -> None:
        self.cookies.append(self.headers.get("Cookie"))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(
            f"<form method=post action='{self.at}/lists' enctype=multipart/form-data>"
            f"<input name=token value=x></form><a href='{self.at}/'>desk</a>"
            f"<iframe src='{self.at}/'></iframe>".encode()
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
        """Nothing."""


@pytest.mark.parametrize("attack", ["document.forms[0].submit()", "document.links[0].click()"])
def test_another_page_gets_nothing_from_the_desk(launched: Any, desk: Desk, attack: str) -> None:
    """In the browser that is at the desk: no form, no frame, no link, and not the cookie."""
    with opened(launched, desk) as page:
        at = page.url.rstrip("/")
        cookies: list[str | None] = []
        handler = type("Attack", (_Attack,), {"cookies": cookies, "at": at})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
            assert page.frames[1].url == "chrome-error://chromewebdata/"
            page.evaluate(attack)
            page.wait_for_url(f"{at}/**")
            assert "another web page asked for it" in page.inner_text("body")
            server.shutdown()
        assert set(cookies) == {None}
        page.goto(f"{at}/")
        assert page.inner_text("h1") == "Send a list of leads"
