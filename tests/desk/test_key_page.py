from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

from bulk_loader.desk import Desk, DeskOptions
from bulk_loader.desk.key_page import KeyPage
from bulk_loader.desk.server import browsing
from tests.desk.browsing import Browser

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


@posix
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """From its first moment on, and whatever the umask is."""
    page = KeyPage(tmp_path, "http://127.0.0.1:1/x/open?key=k")
    assert stat.S_IMODE(page.path.stat().st_mode) == 0o600
    assert "key" not in page.url
    assert page.url.startswith("file:///")


def test_an_address_is_no_markup(tmp_path: Path) -> None:
    """As on every other page."""
    page = KeyPage(tmp_path, 'http://a/"><script>')
    assert "<script>" not in page.path.read_text("utf-8")


def test_a_browser_is_started_without_the_key(desk: Desk) -> None:
    """Every user of the machine sees the command line of a browser, and none sees the page."""
    started: list[str] = []
    with browsing(desk, started.append):
        (page,) = desk.office.shelf.folder.iterdir()
        assert started == [page.as_uri()]
        assert desk.office.door.key in page.read_text("utf-8")
        assert desk.office.door.key not in started[0]
    assert list(desk.office.shelf.folder.iterdir()) == []


def test_the_page_goes_as_soon_as_its_key_is_of_no_use(desk: Desk) -> None:
    """The next look after the browser came in removes it."""
    with browsing(desk, lambda _url: None) as tidy:
        tidy()
        assert len(list(desk.office.shelf.folder.iterdir())) == 1
        with Browser(desk):
            tidy()
        assert list(desk.office.shelf.folder.iterdir()) == []


def test_a_browser_that_is_not_wanted_leaves_no_page(desk: Desk) -> None:
    """Nothing is written down for nobody."""
    with browsing(desk, None):
        assert list(desk.office.shelf.folder.iterdir()) == []


def test_a_page_that_a_kill_has_left_goes_with_the_next_desk(place: Path) -> None:
    """Its key opens nothing any more."""
    assert place.is_dir()
    with Desk(DeskOptions()) as desk:
        left = KeyPage(desk.office.shelf.folder, desk.url)
    with Desk(DeskOptions()):
        assert not left.path.exists()
