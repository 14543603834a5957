"""The page over a real socket, without a browser."""

from __future__ import annotations

import http.client
import json
import re
from typing import TYPE_CHECKING

import pytest

from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.sandbox.watching import MOST_WATCHERS
from tests.sandbox.asking import ask, send

if TYPE_CHECKING:
    from collections.abc import Iterator


class Page:
    """An open page, as far as it listens for changes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._connection = http.client.HTTPConnection(sandbox.url[7:], timeout=200)
        self._connection.request("GET", "/api/events")
        self.answer = self._connection.getresponse()

    def next(self) -> dict[str, str]:
        """The parts that have changed."""
        line = self.answer.readline().decode()
        assert self.answer.readline() == b"\n"
        changed: dict[str, str] = json.loads(line.removeprefix("data: "))
        return changed

    def close(self) -> None:
        """Close it, as a person does."""
        self.answer.close()
        self._connection.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with an agent by a fast clock."""
    with Sandbox(SandboxOptions(agents=("1001",), speed=600)) as started:
        yield started


def test_without_script_the_page_shows_its_state(sandbox: Sandbox) -> None:
    """It is whole as it comes: tasks, campaigns and agents stand in it, escaped."""
    send(sandbox, campaign="Ventas<-", destination="0991234567")
    page = ask(sandbox, "/")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Ventas&lt;-" in page.body
    assert "0991234567" in page.body
    assert "1001" in page.body
    assert "Look again" in page.body
    assert "$" not in page.body


def test_the_page_has_no_script_or_style_of_its_own(sandbox: Sandbox) -> None:
    """Which its policy would not let run."""
    page = ask(sandbox, "/")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert re.findall(r"<script[^>]*>", page.body) == ['<script src="watch.js" defer>']
    assert re.search(r"\s(on\w+|style)=", page.body) is None


def test_every_part_has_its_place(sandbox: Sandbox) -> None:
    """What is sent as changed is the inside of an element of the page."""
    page = Page(sandbox)
    body = ask(sandbox, "/").body
    parts = page.next()
    assert len(parts) == 10
    assert all(f'id="{name}"' in body for name in parts)
    page.close()


def test_an_open_page_is_sent_what_has_changed(sandbox: Sandbox) -> None:
    """Everything at first, then only the parts that are not the same any more."""
    page = Page(sandbox)
    assert page.answer.headers["Content-Type"].startswith("text/event-stream")
    assert page.answer.headers["Cache-Control"] == "no-store"
    page.next()
    changed = page.next()
    assert set(changed) <= {"clock", "figures"}
    send(sandbox, destination="0997654321")
    while "tasks" not in changed:
        changed = page.next()
    assert "0997654321" in changed["tasks"]
    assert "refusals" not in changed
    page.close()


def test_the_end_of_the_sandbox_ends_every_open_page() -> None:
    """In peace, and without waiting for anybody to close it."""
    with Sandbox() as sandbox:
        page = Page(sandbox)
        page.next()
    while page.answer.readline():
        pass
    page.close()


def test_only_so_many_pages_are_kept_up_to_date() -> None:
    """One more is told so; where one is closed there is room again."""
    with Sandbox() as sandbox:
        pages = [Page(sandbox) for _ in range(MOST_WATCHERS)]
        for page in pages:
            page.next()
        assert ask(sandbox, "/api/events").status == 503
        pages.pop().close()
        late = Page(sandbox)
        while late.answer.status == 503:  # until the sandbox has noticed
            late.close()
            late = Page(sandbox)
        late.next()
        for page in (*pages, late):
            page.close()


def test_another_web_page_can_not_watch(sandbox: Sandbox) -> None:
    """Nor take the place of one that may."""
    assert ask(sandbox, "/api/events", headers={"Origin": "http://example.com"}).status == 403
    assert ask(sandbox, "/api/events", headers={"Host": "example.com"}).status == 400
