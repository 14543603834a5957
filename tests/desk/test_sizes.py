"""However long a list is, its pages are short."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.sandbox import Sandbox
    from tests.desk.browsing import Browser, Page
    from tests.support.uploads import Leads

MOST_ROWS = 400
MOST_BYTES = 300_000


def pages(browser: Browser, leads: Leads) -> Iterator[Page]:
    """Every page of a list, from its columns to its retry, and those that all lists share."""
    columns = browser.drop(leads.path)
    yield columns
    checked = browser.submit(columns, "/columns")
    yield checked
    at = f"/lists/{checked.list_id}"
    yield browser.see(f"{at}/correct")
    yield browser.submit(browser.see(f"{at}/rehearse"), "/rehearse", agents="50")
    yield browser.see(f"{at}/send")
    yield browser.send(checked)
    yield browser.see(f"{at}/retry")
    yield browser.see("/")
    runs = browser.see("/runs")
    yield runs
    yield browser.see(next(link for link in runs.links.values() if "/runs/" in link)[17:])


def test_no_page_grows_with_its_list(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """Neither with its rows, nor its campaigns, its columns, its faults, or the length of its cells."""
    columns = [f"column {number}" for number in range(200)]
    rows = [
        (f"0991{row:06d}" if row % 3 else f"{row} {'x' * 500}", f"C{row}<-", *["y" * 60] * 200)
        for row in range(1_500)
    ]
    leads.write(*rows, header=("phone", "campaign", *columns))
    for page in pages(browser, leads):
        assert page.status == 200, page.step
        rows_of_page = sum(tag in ("tr", "li") for tag, _ in page.tags)
        assert (page.step, rows_of_page <= MOST_ROWS) == (page.step, True)
        assert (page.step, len(page.answer.content) <= MOST_BYTES) == (page.step, True)
    assert sandbox.queued == 1_000
