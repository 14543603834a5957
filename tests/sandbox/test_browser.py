"""The page in a real browser; where none is installed, this is left out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.sandbox import Sandbox, SandboxOptions
from tests.sandbox.asking import send
from tests.sandbox.floor import Floor, many
from tests.support.browsers import chromium, needs_axe, obstacles

if TYPE_CHECKING:
    from collections.abc import Iterator

AGENTS = ("1001", "1002", "1003", "1004", "1005")
EVIL = "<img src=x onerror=\"document.title='stolen'\"><script>document.title='stolen'</script>"
SIZES = [(1280, "light"), (1280, "dark"), (360, "light"), (320, "dark")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Five agents in the middle of a list, of which some rows are meant badly."""
    db = tmp_path_factory.mktemp("browser") / "queue"
    floor = Floor(db, at_s=time.time(), agents=AGENTS)
    floor.take(*many(300), data="idcustomer=7:name=Ana Muñoz", campaign="Ventas->")
    floor.run(3600, steps=60)
    floor.close()
    with Sandbox(SandboxOptions(db=db, agents=AGENTS, speed=1)) as started:
        send(started, destination=EVIL, campaign=EVIL, data=f"{EVIL}={EVIL}", agent=EVIL)
        send(started, campaign="")
        yield started


@pytest.fixture(scope="module")
def empty() -> Iterator[Sandbox]:
    """A sandbox as it comes."""
    with Sandbox() as started:
        yield started


def opened(browser: Any, sandbox: Sandbox, /, width: int = 1280, **options: Any) -> Any:
    """A page that is live, whose complaints are kept."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(sandbox.url)
    if options.get("java_script_enabled", True):
        page.get_by_text("Live", exact=True).wait_for()
    return page


def test_the_page_changes_by_itself(browser: Any, sandbox: Sandbox) -> None:
    """A task that arrives is seen without anybody doing anything; nothing is complained about."""
    page = opened(browser, sandbox)
    send(sandbox, destination="0990001112")
    page.locator("#tasks").get_by_text("0990001112").wait_for()
    page.locator("#agents").get_by_text("Ana Muñoz").first.wait_for()
    assert page.locator("svg").count() == 2
    assert page.complaints == []
    page.context.close()


def test_no_value_runs_as_a_script(browser: Any, sandbox: Sandbox) -> None:
    """It stands there as text, in the page as it comes and in what is sent later."""
    page = opened(browser, sandbox)
    page.locator("#campaigns").get_by_text("<script>").first.wait_for()
    assert page.locator("main img, main script").count() == 0
    assert page.title() == "Sandbox dialer"
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_page_fits_its_window(
    browser: Any, sandbox: Sandbox, empty: Sandbox, width: int, scheme: str
) -> None:
    """Down to a small phone nothing is to be scrolled sideways but tables in themselves."""
    for shown in (sandbox, empty):
        page = opened(browser, shown, width, color_scheme=scheme)
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) == 0
        page.context.close()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
@needs_axe
def test_the_page_is_accessible(
    browser: Any, sandbox: Sandbox, empty: Sandbox, width: int, scheme: str
) -> None:
    """By all rules of axe, in light and dark, full and empty, and once it has changed."""
    for shown in (sandbox, empty):
        page = opened(browser, shown, width, color_scheme=scheme, bypass_csp=True)
        assert obstacles(page) == []
        page.context.close()


def test_the_page_is_used_by_keyboard(browser: Any, sandbox: Sandbox) -> None:
    """The first stop is the button that pauses, whose state is told; the focus stays where it is."""
    page = opened(browser, sandbox)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Paused").wait_for()
    clock = page.locator("#clock").inner_text()
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Live").wait_for()
    while page.locator("#clock").inner_text() == clock:  # it moves, and the focus does not
        page.wait_for_timeout(50)
    assert page.evaluate("document.activeElement.id") == "pause"
    page.context.close()


def test_without_script_the_page_is_whole(browser: Any, sandbox: Sandbox) -> None:
    """Figures, agents, charts and tables are there, and a way to look again."""
    page = opened(browser, sandbox, java_script_enabled=False)
    assert page.locator(".agent").count() == 5
    assert page.locator("svg").count() == 2
    assert page.locator("#calls tr").count() == 12
    assert page.get_by_text("Look again").is_visible()
    assert not page.locator("#pause").is_visible()
    page.context.close()


def test_a_sandbox_that_is_gone_is_told(browser: Any) -> None:
    """And what was seen last stays."""
    with Sandbox() as ending:
        page = opened(browser, ending)
    page.get_by_role("status").get_by_text("No answer from the sandbox").wait_for()
    assert page.locator("#figures dd").count() == 7
    page.context.close()
