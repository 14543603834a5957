"""The desk in a real browser; where none is installed, this is left out."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.desk.key_page import KeyPage
from tests.desk.team import PASSWORD, team_desk
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
    """Chromium without a window, and a name that was pointed at this machine."""
    with chromium("--host-resolver-rules=MAP *.example 127.0.0.1") as started:
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
    yield from corrections(page)
    page.click("text=Back to the check")
    page.click("text=Rehearse it first")
    yield "rehearse"
    page.fill("#shift", "nine")
    page.click("button >> text=Rehearse")
    yield "rehearse with an error"
    page.fill("#agents", "3")
    page.fill("#shift", "")
    page.click("button >> text=Rehearse")
    page.wait_for_selector("text=Until the first call")
    yield "rehearsed"
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


def corrections(page: Any) -> Iterator[str]:
    """From the check to the bad cells, and back without having changed any."""
    page.click("text=Correct it here")
    page.wait_for_selector("text=16 cells to correct")
    yield "correct"
    page.fill("[name^='cell-9-']", "07700 no")
    page.fill("[name^='cell-11-']", "+447700900310")
    page.click("text=Save and check again")
    page.wait_for_selector("text=2 cells were saved")
    yield "correct with an error"
    page.click("text=Start again from")
    page.wait_for_selector("text=Keep what was typed")
    yield "question whether to start again"
    page.click("main >> button")
    page.wait_for_selector("text=16 cells to correct")


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_the_way_is_gone_with_and_without_script(
    launched: Any, desk: Desk, sandbox: Sandbox, options: dict[str, Any]
) -> None:
    """A browser is let through by what it says of itself, and no step needs a script."""
    with opened(launched, desk, **options) as page:
        assert len(list(steps(page, DAMAGED))) == 20
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


def test_cells_are_corrected_by_keyboard(
    launched: Any, desk: Desk, sandbox: Sandbox, leads: Leads
) -> None:
    """From input to input, and the form is sent from any; then the focus is at what is still wrong."""
    assert sandbox.queued == 0
    leads.write(("no tiene", "Ana"), ("12", "Eva"), ("0990000001", "Iris"))
    with opened(launched, desk) as page:
        dropped(page, leads.path)
        page.click("text=Check the list")
        page.click("text=Correct it here")
        page.focus("#cell-2-0")
        page.keyboard.press("Control+A")
        page.keyboard.type("+598 99 123 456")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "cell-3-0"
        page.keyboard.type("1")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=2 cells were saved")
        assert page.evaluate("document.activeElement.id") == "summary"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "cell-3-0"
        assert page.input_value("#cell-3-0") == "1"
        page.keyboard.press("Control+A")
        page.keyboard.type("0990000002")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Nothing is left to correct")


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


@pytest.fixture
def held(to_dialer: Callable[..., None], leads: Leads) -> Iterator[tuple[FaultyDialer, Any]]:
    """A dialer that answers two leads of twenty, and the others when it is let go."""
    leads.write(*numbered(20))
    came, go = [0], threading.Event()

    def slow(_request: object) -> Reaction:
        came[0] += 1
        if came[0] > 2:
            go.wait()
        return Fault.ACCEPT

    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1")
        try:
            yield dialer, go
        finally:
            go.set()


def begun(page: Any, file: Path) -> None:
    """A list, as far as the page of its sending."""
    last_look(page, file)
    page.click("text=Send 20 leads")
    page.wait_for_selector("text=2 of 20 leads")


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_a_sending_pauses_and_goes_on(
    launched: Any,
    desk: Desk,
    held: tuple[FaultyDialer, threading.Event],
    leads: Leads,
    options: dict[str, Any],
) -> None:
    """With a button that becomes the other one in every window, with and without script."""
    dialer, go = held
    with opened(launched, desk, **options) as page:
        begun(page, leads.path)
        other = page.context.new_page()
        other.goto(page.url)
        page.click("text=Pause")
        page.wait_for_selector("text=Nothing new is sent.")
        other.wait_for_selector("button >> text=Go on")
        go.set()
        page.wait_for_selector("text=3 of 20 leads")
        assert len(dialer.received) == 3
        other.click("button >> text=Go on")
        page.wait_for_url("**/results")
        other.wait_for_url("**/results")
    assert len(dialer.recorded) == 20


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_sending_and_its_pause_are_accessible(
    launched: Any,
    desk: Desk,
    held: tuple[FaultyDialer, threading.Event],
    leads: Leads,
    scheme: str,
) -> None:
    """With the curve, which is told in words, and on a phone."""
    assert not held[1].is_set()
    with opened(launched, desk, color_scheme=scheme, bypass_csp=True) as page:
        begun(page, leads.path)
        page.wait_for_selector("svg.curve")
        for step in ("sending", "pause"):
            assert (step, obstacles(page)) == (step, [])
            page.set_viewport_size({"width": 360, "height": 800})
            assert (step, page.evaluate(OVER)) == (step, 0)
            page.set_viewport_size({"width": 1100, "height": 800})
            if step == "sending":
                page.click("text=Pause")
                page.wait_for_selector("text=Nothing new is sent.")


def last_look(page: Any, file: Path) -> None:
    """A list, as far as the page that asks where it goes."""
    dropped(page, file)
    page.click("text=Check the list")
    page.click("text=Go on to send")
    page.check("#to-dialer")


def test_a_dialer_that_stops_answering_is_seen(
    launched: Any, desk: Desk, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """The page goes to the results by itself; what is in doubt is sent again only with a tick."""
    leads.write(*numbered(6))
    silent = {phone: Fault.NEVER_AFTER_RECORDING for phone, _ in numbered(2, first=5)}
    with FaultyDialer(silent) as dialer, opened(launched, desk) as page:
        to_dialer(dialer.url, 'campaign = "X<-"', 'read_timeout = "1s"')
        last_look(page, leads.path)
        page.click("text=Send 6 leads")
        page.wait_for_url("**/results")
        assert "2 leads may have been taken or not." in page.inner_text("main")
        page.click("text=Send again what was not accepted")
        assert not page.is_checked("#include")
        page.click("button >> text=Send again")
        page.wait_for_selector("#summary")
        assert len(dialer.recorded) == 6


@pytest.mark.usefixtures("sandbox")
def test_a_wrong_token_is_mended_and_gone_on_with(
    launched: Any, desk: Desk, leads: Leads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the page that told of it, with nothing that a terminal would be needed for."""
    monkeypatch.setenv("BULK_LOADER_TOKEN", "not-the-token")
    leads.write(*numbered(3))
    with opened(launched, desk) as page:
        last_look(page, leads.path)
        page.click("text=Send 3 leads")
        page.wait_for_url("**/results")
        assert "refused the credentials" in page.inner_text("main")
        monkeypatch.setenv("BULK_LOADER_TOKEN", "sandbox")
        page.click("text=Go on with this list")
        page.wait_for_selector("text=The list was sent")


def test_two_tabs_send_a_list_once(
    launched: Any, desk: Desk, held: tuple[FaultyDialer, threading.Event], leads: Leads
) -> None:
    """The form of the second is older than the sending; it is shown how that goes on."""
    dialer, go = held
    with opened(launched, desk) as page:
        last_look(page, leads.path)
        other = page.context.new_page()
        other.goto(page.url)
        other.check("#to-dialer")
        page.click("text=Send 20 leads")
        page.wait_for_selector("text=2 of 20 leads")
        other.click("text=Send 20 leads")
        other.wait_for_selector("text=Nothing was sent by that form.")
        assert "2 of 20 leads" in other.inner_text("#live")
        go.set()
        page.wait_for_url("**/results")
        other.wait_for_url("**/results")
    assert len(dialer.recorded) == 20


def test_thirty_windows_do_not_stop_each_other(
    launched: Any, desk: Desk, held: tuple[FaultyDialer, threading.Event], leads: Leads
) -> None:
    """A browser has six connections for all of its tabs; each is shown the end all the same."""
    dialer, go = held
    with opened(launched, desk) as page:
        begun(page, leads.path)
        tabs = [page.context.new_page() for _ in range(30)]
        for tab in tabs:
            tab.goto(page.url)
            assert "of 20 leads" in tab.inner_text("#live")
        go.set()
        for tab in (page, *tabs):
            tab.wait_for_url("**/results")
    assert len(dialer.recorded) == 20


def test_a_page_says_that_its_desk_was_closed(
    launched: Any, desk: Desk, held: tuple[FaultyDialer, threading.Event], leads: Leads
) -> None:
    """It goes nowhere, since nobody would answer there."""
    _dialer, go = held
    with opened(launched, desk) as page:
        begun(page, leads.path)
        go.set()
        desk.__exit__(None, None, None)
        page.wait_for_selector("text=The desk was closed")
        assert page.url.endswith("/progress")


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


def test_a_rebound_name_shows_nothing(launched: Any, desk: Desk) -> None:
    """A page whose name is pointed at this machine is of one origin with what it finds there."""
    with opened(launched, desk) as page:
        at = page.url.rstrip("/")
        for name in ("evil.example", "127.0.0.1.example"):
            answer = page.goto(at.replace("127.0.0.1", name, 1))
            assert answer.status == 400
            assert "This is not an address of the desk" in page.inner_text("body")
            told = page.evaluate("fetch('/').then(answer => answer.text())")
            assert "This is not an address of the desk" in told


_REACHES = {
    "fetch": "fetch(AT + '/', {credentials: 'include'})",
    "no-cors": "fetch(AT + '/', {mode: 'no-cors', credentials: 'include'})",
    "post": "fetch(AT + '/lists', {method: 'POST', mode: 'no-cors', credentials: 'include', "
    "headers: {'Content-Type': 'text/plain'}, body: 'token=x'})",
    "socket": "new Promise((good, bad) => { const socket = new WebSocket(AT.replace('http', 'ws')); "
    "socket.onopen = good; socket.onerror = () => bad('closed') })",
    **{
        tag: f"new Promise((good, bad) => {{ const it = document.createElement('{tag}'); "
        f"it.onload = good; it.onerror = () => bad('error'); it.{place} = AT + '{path}'; "
        "it.rel = 'stylesheet'; document.head.append(it) })"
        for tag, place, path in (
            ("script", "src", "/desk.js"),
            ("link", "href", "/desk.css"),
            ("img", "src", "/"),
        )
    },
}


@pytest.mark.parametrize("reach", _REACHES.values(), ids=_REACHES.keys())
@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1"])
def test_another_page_reads_and_starts_nothing(
    launched: Any, desk: Desk, reach: str, name: str
) -> None:
    """From another site, and from another port of this machine, whose cookies are ours."""
    with opened(launched, desk) as page:
        at = page.url.rstrip("/")
        assert page.evaluate(f"fetch({at + '/'!r}).then(() => 'reached')") == "reached"
        answers: list[int] = []
        page.on("response", lambda got: answers.append(got.status) if at in got.url else None)
        handler = type("Attack", (_Attack,), {"cookies": [], "at": at})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page.goto(f"http://{name}:{server.server_address[1]}/")
            answers.clear()
            tried = reach.replace("AT", repr(at))
            told = page.evaluate(f"({tried}).then(() => 'reached', () => 'kept out')")
            server.shutdown()
        assert told == "kept out"
        assert set(answers) <= {403}
    assert list(desk.office.shelf.folder.iterdir()) == []


def test_a_window_of_another_page_is_not_held_by_it(launched: Any, desk: Desk) -> None:
    """Who opens the desk learns nothing of it: neither that it moves nor where it is."""
    with opened(launched, desk) as page:
        at = page.url.rstrip("/")
        handler = type("Attack", (_Attack,), {"cookies": [], "at": at})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page.goto(f"http://evil.example:{server.server_address[1]}/")
            with page.expect_popup() as popup:
                page.evaluate(f"window.desk = window.open({at + '/'!r})")
            popup.value.wait_for_load_state()
            assert "another web page asked for it" in popup.value.inner_text("body")
            assert popup.value.evaluate("window.opener") is None
            server.shutdown()


def test_a_team_logs_in_and_out(launched: Any, place: Path, tmp_path: Path) -> None:
    """With the keyboard alone, from a bookmark and back to it; nobody else is in afterwards."""
    assert place.is_dir()
    with team_desk(tmp_path) as desk:
        context = launched.new_context()
        page = context.new_page()
        page.goto(f"{desk.url}runs")
        page.keyboard.type("not the password")
        page.keyboard.press("Enter")
        page.wait_for_selector("#summary")
        assert page.evaluate("document.activeElement.id") == "summary"
        page.click("#summary a")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/runs")
        page.click("text=Log out")
        page.wait_for_url("**/desk/login")
        page.go_back()
        page.wait_for_selector("#password")
        context.close()


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_login_is_accessible(launched: Any, place: Path, tmp_path: Path, scheme: str) -> None:
    """As every step."""
    assert place.is_dir()
    with team_desk(tmp_path) as desk:
        context = launched.new_context(color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto(desk.url)
        assert obstacles(page) == []
        page.fill("#password", "not the password")
        page.keyboard.press("Enter")
        page.wait_for_selector("#summary")
        assert obstacles(page) == []
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate(OVER) == 0
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Send a list of leads")
        assert obstacles(page) == []
        assert page.evaluate(OVER) == 0
        context.close()


def test_a_link_from_a_page_of_the_team_leads_in(
    launched: Any, place: Path, tmp_path: Path
) -> None:
    """The browser that is logged in comes to the lists, and is not asked for the password again."""
    assert place.is_dir()
    with team_desk(tmp_path) as desk:
        context = launched.new_context()
        page = context.new_page()
        page.goto(desk.url)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Send a list of leads")
        handler = type("Wiki", (_Attack,), {"cookies": [], "at": desk.url.rstrip("/")})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page.goto(f"http://wiki.example:{server.server_address[1]}/")
            page.click("text=desk")
            page.wait_for_selector("text=Send a list of leads")
            server.shutdown()
        context.close()
