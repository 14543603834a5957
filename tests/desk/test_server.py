"""How a desk begins and ends."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx
import pytest

from bulk_loader.desk import Desk, DeskOptions
from bulk_loader.errors import LockedError, MissingExtraError, SettingsError
from tests.desk.browsing import Browser, Page
from tests.support.faulty_dialer import Fault, FaultyDialer, Reaction
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.sandbox import Sandbox

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


def test_it_listens_on_the_loopback_only(desk: Desk) -> None:
    """Unless it is told otherwise, for which it wants a password."""
    assert desk.url.startswith("http://127.0.0.1:")


def test_one_ledger_has_one_desk(desk: Desk) -> None:
    """Two would remove each other's lists."""
    with pytest.raises(LockedError, match="open already"), Desk(DeskOptions()):
        pass
    assert httpx.get(desk.url, trust_env=False).status_code == 303


def test_a_port_is_within_its_range() -> None:
    """Told before anything is begun."""
    with pytest.raises(SettingsError, match="port of 65536"):
        DeskOptions(port=65_536)


@pytest.mark.parametrize("library", ["jinja2", "python_multipart", "starlette", "uvicorn"])
def test_without_its_libraries_it_says_what_to_install(place: Path, library: str) -> None:
    """And `--help` works all the same."""
    assert place.is_dir()
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from bulk_loader.desk import Desk, DeskOptions\n"
        "from bulk_loader.errors import MissingExtraError\n"
        "try:\n"
        "    Desk(DeskOptions()).__enter__()\n"
        "except MissingExtraError as error:\n"
        "    print(error)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert library in ended.stdout
    assert 'pip install "bulk-loader[desk]"' in ended.stdout
    assert MissingExtraError.__name__ not in ended.stderr


@posix
def test_what_is_dropped_is_for_its_owner_alone(
    desk: Desk, browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """The list, its results and what is known of it."""
    assert sandbox.queued == 0
    leads.write(*numbered(2))
    browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    folder = desk.office.shelf.folder
    for path in (folder, *folder.rglob("*")):
        if not path.name.endswith(".run"):  # says of no lead who it is
            usual = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == usual, path


def test_an_end_stops_what_is_being_sent_gently(
    to_dialer: Callable[..., None], leads: Leads
) -> None:
    """Its results are written, nothing is in doubt, and the next desk goes on with it."""
    leads.write(*numbered(30))
    came, go = threading.Event(), threading.Event()

    def slow(_request: object) -> Reaction:
        came.set()
        go.wait()
        return Fault.ACCEPT

    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1")
        with Desk(DeskOptions()) as desk, Browser(desk) as browser:
            checked = browser.submit(browser.drop(leads.path), "/columns")
            last_look = browser.see(f"/lists/{checked.list_id}/send")
            browser.submit(last_look, "/send", target="dialer")
            came.wait()
            course = desk.office.sendings.course(checked.list_id)
            assert course is not None
            course.stop()
            go.set()
        with Desk(DeskOptions()) as desk, Browser(desk) as browser:
            page = browser.see(f"/lists/{checked.list_id}")
            assert "The sending was stopped" in page.text
            assert "unknown" not in page.text
            browser.submit(page, "/go-on")
            browser.ended(checked.list_id)
        assert sorted(dialer.recorded) == [phone for phone, _ in numbered(30)]


@posix
def test_a_desk_that_is_killed_while_it_sends_is_gone_on_with(
    place: Path, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """The next one says so, and nobody is called twice by going on."""
    leads.write(*numbered(30))
    came, go = threading.Event(), threading.Event()

    def slow(request: object) -> Reaction:
        if numbered(1, first=10)[0][0] in repr(request):
            came.set()
            go.wait()
        return Fault.ACCEPT

    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1", 'read_timeout = "30s"')
        with _Process(place) as process:
            columns = process.browser.drop(leads.path)
            checked = process.browser.submit(columns, "/columns")
            last_look = process.browser.see(f"/lists/{checked.list_id}/send")
            process.browser.submit(last_look, "/send", target="dialer")
            came.wait(60)
            os.kill(process.process.pid, signal.SIGKILL)
        go.set()
        with Desk(DeskOptions()) as desk, Browser(desk) as browser:
            page = browser.see(f"/lists/{checked.list_id}")
            assert "The sending of this list broke off" in page.text
            browser.submit(page, "/go-on")
            results = browser.ended(checked.list_id)
            assert "may have been taken or not" in results.text
        assert len(dialer.recorded) == len(set(dialer.recorded))


class _Process:
    """The command itself, and somebody who has opened it by the address that it printed."""

    def __init__(self, place: Path, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bulk_loader", "desk", "--port", "0", "--no-browser"],
            cwd=place,
            env={**os.environ, **environment, "PYTHONPATH": str(Path(__file__).parents[2])},
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        self.browser = _Opened(line.rpartition(" ")[2].strip())
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.client.close()
        self.process.kill()
        self.process.communicate()


class _Opened(Browser):
    """A window at a desk of another process."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(follow_redirects=True, timeout=300, trust_env=False)
        self.home = Page(self.client.get(url))
        self.at = str(self.home.answer.url).rstrip("/")


@posix
def test_a_desk_that_is_killed_while_a_list_comes_leaves_nothing_of_it(place: Path) -> None:
    """Neither in its folder nor among the temporary files; and the next one opens."""
    files = place / "files"
    files.mkdir()
    with _Process(place, TMPDIR=str(files)) as process:
        browser = process.browser
        url = browser.home.answer.url
        (cookie,) = [f"{name}={value}" for name, value in browser.client.cookies.items()]
        head = (
            f"POST {url.path}lists HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\n\r\n"
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        )
        with socket.create_connection(("127.0.0.1", url.port or 0)) as connection:
            connection.sendall(head.encode() + b"1" * 4_000_000)
            assert "Send a list" in browser.see("/").text  # what was sent first is there by now
            os.kill(process.process.pid, signal.SIGKILL)
            process.process.wait()
    assert list(files.iterdir()) == []
    with Desk(DeskOptions()) as desk:
        assert list(desk.office.shelf.folder.iterdir()) == []


@posix
def test_the_command_prints_an_address_and_ends_with_ctrl_c(place: Path) -> None:
    """It is open to whoever has the address, until then."""
    with _Process(place) as process:
        assert "Send a list of leads" in process.browser.home.text
        process.process.send_signal(signal.SIGINT)
        _, told = process.process.communicate(timeout=300)
        assert process.process.returncode == 0
        assert "For another browser, once: http://127.0.0.1:" in told
        assert told.endswith("The desk is closed\n")


def test_lists_that_nobody_touches_are_removed(place: Path, sandbox: Sandbox, leads: Leads) -> None:
    """With their results; what was sent of them is remembered, so that nobody is called twice."""
    assert place.is_dir()
    leads.write(*numbered(2))
    with Desk(DeskOptions(keep=timedelta(0))) as desk, Browser(desk) as browser:
        results = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
        desk.remove_old()
        assert browser.see(f"/lists/{results.list_id}").status == 404
        assert "finished" in browser.see("/runs").text
        again = browser.submit(browser.drop(leads.path), "/columns")
        assert "There is a problem" in browser.send(again).text
    assert sandbox.queued == 2


def test_a_list_is_removed_by_hand(browser: Browser, desk: Desk, leads: Leads) -> None:
    """Its folder goes with all that stands in it."""
    leads.write(*numbered(2))
    dropped = browser.drop(leads.path)
    asked = browser.see(f"/lists/{dropped.list_id}/remove")
    page = browser.submit(asked, "/remove")
    assert "leads.csv" not in page.text
    assert list(desk.office.shelf.folder.iterdir()) == []


def test_a_sending_whose_end_could_not_be_written_is_gone_on_with(
    browser: Browser, desk: Desk, sandbox: Sandbox, leads: Leads
) -> None:
    """On a full disk the record still says that it is being sent: no page may wait for that."""
    leads.write(*numbered(2))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    browser.send(checked)
    desk.office.shelf.change(
        checked.list_id, lambda now: now.model_copy(update={"is_sending": True})
    )
    page = browser.see(f"/lists/{checked.list_id}")
    assert "The sending of this list broke off" in page.text
    assert browser.see(f"/lists/{checked.list_id}/progress").step == "results"
    assert sandbox.queued == 2


def test_settings_that_would_send_all_once_more_are_not_obeyed(
    browser: Browser,
    sandbox: Sandbox,
    leads: Leads,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Nor those that would put results where the desk can't give them out from."""
    monkeypatch.setenv("BULK_LOADER_RESULTS", str(tmp_path / "elsewhere.csv"))
    monkeypatch.setenv("BULK_LOADER_AGAIN", "true")
    leads.write(*numbered(2))
    results = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    assert "Save leads.results.csv" in results.links
    assert not (tmp_path / "elsewhere.csv").exists()
    again = browser.send(browser.submit(browser.drop(leads.path), "/columns"))
    assert "There is a problem" in again.text
    assert sandbox.queued == 2
