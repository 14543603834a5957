"""Nothing of a spreadsheet is ever markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.desk.browsing import Browser, Page

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.sandbox import Sandbox

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
SLY = "{{ 7919 * 7907 }}{% raw %}</option></select><!--"


def names(page: Page) -> set[str]:
    """The tags of a page."""
    return {tag for tag, _ in page.tags}


def require_inert(page: Page) -> None:
    """The only script is our own, and nothing has a handler."""
    assert [given for tag, given in page.tags if tag == "script"] == [
        {"src": f"/{page.answer.url.path.split('/')[1]}/desk.js", "defer": ""}
    ]
    assert "img" not in names(page)
    for _, given in page.tags:
        assert not [name for name in given if name.startswith("on")]
    assert "62615533" not in page.text


@pytest.mark.parametrize("poison", [SCRIPT, SLY])
def test_cells_headers_sheets_and_names_are_shown_as_they_are(
    browser: Browser, sandbox: Sandbox, tmp_path: Path, poison: str
) -> None:
    """On each page that the list goes through, and in the history."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["phone", "campaign", f"Col {poison}", "data"])
    sheet.append(["0991234567", f"C {poison}", poison, f"a={poison}"])
    sheet.append([poison, "C", poison, ""])
    book.create_sheet("<b>x").append(["phone"])
    book.save(tmp_path / "list.xlsx")
    columns = browser.drop(tmp_path / "list.xlsx", f"a{poison}.xlsx")
    checked = browser.submit(columns, "/columns")
    last_look = browser.see(f"/lists/{checked.list_id}/send")
    results = browser.send(checked)
    assert sandbox.queued == 1
    others = [browser.see(path) for path in ("/", "/runs", f"/lists/{checked.list_id}/retry")]
    for page in (columns, checked, last_look, results, *others):
        require_inert(page)
    assert "Col " + poison[:20] in columns.text
    assert poison in checked.text


def test_what_is_typed_is_shown_as_it_is(
    browser: Browser, sandbox: Sandbox, tmp_path: Path
) -> None:
    """In inputs, and in the errors about them."""
    assert sandbox.queued == 0
    (tmp_path / "leads.csv").write_text("phone\n0991234567\n", "utf-8")
    columns = browser.submit(browser.drop(tmp_path / "leads.csv"), "/read", header_row=SCRIPT)
    require_inert(columns)
    assert columns.form("/read").fields["header_row"] == [SCRIPT]


def test_characters_that_act_unseen_are_shown_by_their_codes(
    browser: Browser, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Nobody is made to read something else than what is sent."""
    assert sandbox.queued == 0
    (tmp_path / "leads.csv").write_text("phone,who\n0991234567,ab\u202ecd\n", "utf-8")
    columns = browser.drop(tmp_path / "leads.csv")
    assert "ab\\u202ecd" in columns.text
    assert "\u202e" not in columns.text


def test_a_query_is_not_put_into_a_page(browser: Browser) -> None:
    """Nor the name of a run or a list."""
    for path in (f"/runs?after={SCRIPT}", f"/runs/{SCRIPT}", f"/lists/{SCRIPT}"):
        page = Page(browser.client.get(browser.at + path))
        assert names(page) & {"main", "img"} == {"main"}
