"""What a page does in a browser; where none is installed, this is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.preparation.kinds import Kinds
from bulk_loader.reports.composing import compose
from bulk_loader.reports.content import NextStep
from bulk_loader.reports.groups import groups_of_kinds
from tests.reports.contents import empty_content, phone_problem, run_content
from tests.reports.test_markup import HOSTILE
from tests.support.browsers import chromium, needs_axe, obstacles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    with chromium() as launched:
        yield launched


def opened(browser: Any, path: Path, content: bytes, **looks: Any) -> tuple[Any, list[str]]:
    """A page, and what it complained of or asked for."""
    path.write_bytes(content)
    page, told = browser.new_page(**looks), []
    page.on("console", lambda message: told.append(message.text))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("request", lambda request: told.append(request.url))
    page.goto(path.as_uri())
    assert told.pop(0) == path.as_uri()
    return page, told


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("leads", [0, 9000])
def test_a_page_fits_where_it_is_shown(
    browser: Any, tmp_path: Path, leads: int, scheme: str, width: int
) -> None:
    """Nothing stands beyond its edge, nothing is asked for, and it has the colours of its reader."""
    content = run_content(leads, sessions=2) if leads else empty_content()
    looks = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    page, told = opened(browser, tmp_path / "x.html", compose(content), **looks)
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 31)"}[scheme]
    page.close()


def test_nothing_of_a_list_acts_in_a_browser(browser: Any, tmp_path: Path) -> None:
    """Not a dialog, not a request, not an element that is not ours."""
    kinds = Kinds()
    for row, hostile in enumerate(HOSTILE, 2):
        kinds.add(phone_problem(row, hostile, hostile))
    text = " ".join(HOSTILE)
    content = replace(
        run_content(100),
        title=text,
        notes=HOSTILE,
        settings=[(text, text)],
        facts=[(text, text)],
        next_step=NextStep(text, text),
        groups=groups_of_kinds(kinds.listed(), whole=True),
    )
    page, told = opened(browser, tmp_path / "x.html", compose(content))
    assert told == []
    assert page.locator("script, img, a, iframe, [onload], [onerror], [onmouseover]").count() == 0
    page.close()


def test_a_script_would_not_run_even_if_it_came_in(browser: Any, tmp_path: Path) -> None:
    """The policy of the page is a second wall behind the first."""
    content = compose(run_content(12))
    content = content.replace(b"</main>", b"<script>alert(1)</script></main>")
    page, told = opened(browser, tmp_path / "x.html", content)
    assert told
    assert all("Content Security Policy" in each for each in told)
    page.close()


def test_paper_is_white(browser: Any, tmp_path: Path) -> None:
    """Also for whoever has a dark screen."""
    page, _ = opened(browser, tmp_path / "x.html", compose(run_content(12)), color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    page.close()


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("leads", [0, 9000])
def test_nothing_keeps_anybody_from_reading_a_page(
    browser: Any, tmp_path: Path, leads: int, scheme: str
) -> None:
    """By all rules of axe, in light and dark, wide and narrow."""
    content = run_content(leads, sessions=2) if leads else empty_content()
    for width in (1280, 360):
        looks = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
        page, _ = opened(browser, tmp_path / "x.html", compose(content), **looks)
        assert obstacles(page) == []
        page.close()
