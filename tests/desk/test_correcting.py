"""The bad cells of a list, edited in the page."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.desk.test_inert import SCRIPT, require_inert
from tests.desk.test_way import statuses
from tests.spreadsheets.ods.test_workbook import ODS_HEADER, ods, ods_cell
from tests.support.faulty_dialer import Fault, FaultyDialer, Reaction
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulk_loader.sandbox import Sandbox
    from tests.desk.browsing import Browser, Page

BAD = [("0991234567", "Ana"), ("no tiene", "Eva"), ("12", "Ida"), ("0990000001", "Iris")]


def checked(browser: Browser, leads: Leads, *rows: tuple[str, str]) -> Page:
    """The check of a list."""
    leads.write(*(rows or BAD))
    return browser.submit(browser.drop(leads.path), "/columns")


def cells(page: Page) -> dict[str, str]:
    """What stands in the inputs for cells, by their names."""
    fields = page.form("/correct").fields
    return {name: values[0] for name, values in fields.items() if name.startswith("cell-")}


def correct(browser: Browser, list_id: str, **typed: str) -> Page:
    """Type into cells of the page as it is now, and save."""
    page = browser.see(f"/lists/{list_id}/correct")
    return browser.submit(
        page, "/correct", **{f"cell-{name}": text for name, text in typed.items()}
    )


def file_of(browser: Browser, list_id: str, which: str = "correct/file") -> bytes:
    """A file that a page lets be saved."""
    return browser.client.get(f"{browser.at}/lists/{list_id}/{which}").content


def numbers(sandbox: Sandbox) -> list[str]:
    """What the dialer was asked to dial, in this order."""
    return [entry.task.destination for entry in sandbox.queue()]


def test_bad_cells_are_corrected_and_sent(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """The dropped file stays as it is; its copy differs in these cells alone, and is what is sent."""
    list_id = checked(browser, leads).list_id
    page = browser.see(f"/lists/{list_id}/correct")
    assert cells(page) == {"cell-3-0": "no tiene", "cell-4-0": "12"}
    assert "2 cells to correct" in page.text
    page = correct(browser, list_id, **{"3-0": "+598 99 123 456", "4-0": "0990000002"})
    assert (page.status, page.step) == (200, "correct")
    assert "2 cells were saved" in page.text
    assert "Nothing is left to correct" in page.text
    content = leads.path.read_bytes()
    expected = content.replace(b"no tiene", b"+598 99 123 456").replace(b"\n12,", b"\n0990000002,")
    assert file_of(browser, list_id) == expected
    assert file_of(browser, list_id, "correct/dropped") == content
    browser.send(page)
    assert numbers(sandbox) == ["0991234567", "+59899123456", "0990000002", "0990000001"]


def test_what_is_typed_and_still_wrong_stays_in_its_input(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """It is kept in the copy; the summary leads to its field, and only what is bad remains."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    page = correct(browser, list_id, **{"3-0": "099 no", "4-0": "0990000002"})
    assert cells(page) == {"cell-3-0": "099 no"}
    assert ("a", {"href": "#cell-3-0"}) in page.tags
    assert "2 cells were saved" in page.text
    (field,) = [given for _, given in page.tags if given.get("id") == "cell-3-0"]
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "cell-3-0-wrong")
    assert b"099 no,Eva" in file_of(browser, list_id)
    later = browser.see(f"/lists/{list_id}/correct")
    assert cells(later) == {"cell-3-0": "099 no"}


def test_a_reload_writes_nothing_twice(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """After a form comes an address of its own; the same form once more is told from another."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    before = browser.see(f"/lists/{list_id}/correct")
    form = before.form("/correct")
    answer = browser.client.post(
        f"{browser.at}/lists/{list_id}/correct",
        data={**form.fields, "cell-3-0": "0990000003"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    browser.see(f"/lists/{list_id}/correct")
    again = browser.submit(before, "/correct", **{"cell-3-0": "0990000003"})
    assert (again.status, cells(again)) == (200, {"cell-4-0": "12"})
    record = browser.desk.office.shelf.find(list_id)
    assert record is not None
    assert record.corrected["leads.csv"].cells == 1


def test_a_form_that_only_begins_like_the_saved_one_is_another(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """Two people who have typed the same into one cell may differ in the next."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    before = browser.see(f"/lists/{list_id}/correct")
    browser.submit(before, "/correct", **{"cell-3-0": "0990000003"})
    typed = {"cell-3-0": "0990000003", "cell-4-0": "0990000044"}
    page = browser.submit(before, "/correct", **typed)
    assert (page.status, cells(page)) == (409, {"cell-4-0": "0990000044"})


def test_a_form_of_a_list_that_was_removed_is_not_that_of_its_successor(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """The numbers in its rows are other people's."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    before = browser.see(f"/lists/{list_id}/correct")
    question = browser.see(f"/lists/{list_id}/remove")
    browser.submit(question, "/remove")
    checked(browser, leads, ("1", "Zoe"), ("no", "Uma"))
    page = browser.submit(before, "/correct", **{"cell-3-0": "0990000003"})
    assert page.status == 409
    assert browser.client.get(f"{browser.at}/lists/{list_id}/correct/file").status_code == 404


def test_an_older_form_writes_nothing_and_loses_nothing(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """Two tabs: what the second has typed stands on its page, in an input or beside the list."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    first = browser.see(f"/lists/{list_id}/correct")
    second = browser.see(f"/lists/{list_id}/correct")
    browser.submit(first, "/correct", **{"cell-3-0": "0990000003"})
    typed = {"cell-3-0": "0990000033", "cell-4-0": "0990000044"}
    page = browser.submit(second, "/correct", **typed)
    assert page.status == 409
    assert "Nothing of this form was saved." in page.text
    assert "3 phone 0990000033" in page.text
    assert cells(page) == {"cell-4-0": "0990000044"}
    assert b"0990000003,Eva" in file_of(browser, list_id)
    saved = browser.submit(page, "/correct")
    assert "Nothing is left to correct" in saved.text
    assert b"0990000044,Ida" in file_of(browser, list_id)


def test_what_the_file_can_not_hold_is_told_at_its_input_and_kept(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """Nothing of that form is written, and all that was typed stands there to be changed."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    page = correct(browser, list_id, **{"3-0": "=HYPERLINK(1)", "4-0": "0990000002"})
    assert page.status == 422
    assert "makes a formula of the text" in page.text
    assert cells(page) == {"cell-3-0": "=HYPERLINK(1)", "cell-4-0": "0990000002"}
    assert file_of(browser, list_id, "correct/file") != leads.path.read_bytes()
    page = browser.submit(page, "/correct", **{"cell-3-0": "0990000003"})
    assert "Nothing is left to correct" in page.text


def test_a_form_without_a_change_writes_nothing(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """Nor is there a copy then, nor a dropped file beside it."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    page = correct(browser, list_id)
    assert "Nothing was saved, for no cell was changed." in page.text
    assert "The corrected copy" not in page.text
    for which in ("correct/file", "correct/dropped"):
        assert browser.client.get(f"{browser.at}/lists/{list_id}/{which}").status_code == 404


def test_all_begins_again_from_the_dropped_file(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """After a question; a form for it that is older than the list changes nothing."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    correct(browser, list_id, **{"3-0": "0990000003"})
    question = browser.see(f"/lists/{list_id}/correct/undo")
    correct(browser, list_id, **{"4-0": "0990000004"})
    kept = browser.submit(question, "/undo")
    assert "The form was older than this list" in kept.text
    assert b"0990000004" in file_of(browser, list_id)
    page = browser.submit(browser.see(f"/lists/{list_id}/correct/undo"), "/undo")
    assert cells(page) == {"cell-3-0": "no tiene", "cell-4-0": "12"}
    assert browser.desk.office.shelf.folder.joinpath(list_id, "leads.csv").read_bytes() == (
        leads.path.read_bytes()
    )


def test_a_correction_makes_older_forms_send_nothing(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """What a person has not seen is not sent."""
    list_id = checked(browser, leads).list_id
    last_look = browser.see(f"/lists/{list_id}/send")
    correct(browser, list_id, **{"3-0": "0990000003"})
    page = browser.submit(last_look, "/send", target="dialer")
    assert (page.step, sandbox.queued) == ("check", 0)


def test_bad_rows_of_results_are_corrected_and_only_they_are_sent(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """Who was accepted is never sent again, and what was typed stands in the results afterwards."""
    list_id = browser.send(checked(browser, leads)).list_id
    assert numbers(sandbox) == ["0991234567", "0990000001"]
    page = browser.see(f"/lists/{list_id}/correct")
    assert "leads.results.csv" in page.text
    page = correct(browser, list_id, **{"3-0": "+59899123456", "4-0": "0990000002"})
    assert "Nothing is left to correct" in page.text
    retry = browser.see(f"/lists/{list_id}/retry")
    assert "2 invalid" in retry.text
    browser.submit(retry, "/retry")
    results = browser.ended(list_id)
    assert statuses(browser, results) == ["accepted"] * 4
    assert numbers(sandbox) == ["0991234567", "0990000001", "+59899123456", "0990000002"]
    assert b"+59899123456,Eva,1,accepted" in file_of(browser, list_id, "results/file")
    assert browser.see(f"/lists/{list_id}/correct/file").status == 404  # a run wrote it since


def test_a_dropped_results_file_is_corrected(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """It is the same list, so that nobody of it is called twice."""
    list_id = browser.send(checked(browser, leads)).list_id
    leads.results.write_bytes(file_of(browser, list_id, "results/file"))
    page = browser.drop(leads.results)
    assert (page.step, page.list_id) == ("check", list_id)
    page = correct(browser, list_id, **{"3-0": "0990000003", "4-0": "no"})
    assert cells(page) == {"cell-4-0": "no"}
    browser.submit(browser.see(f"/lists/{list_id}/retry"), "/retry")
    results = browser.ended(list_id)
    assert statuses(browser, results) == ["accepted", "accepted", "invalid", "accepted"]
    assert numbers(sandbox) == ["0991234567", "0990000001", "0990000003"]
    assert cells(browser.see(f"/lists/{list_id}/correct")) == {"cell-4-0": "no"}


def test_the_rest_of_a_stopped_list_goes_out_as_it_was_corrected(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """By its results, in which both stand: what was typed, and who was not sent yet."""
    with FaultyDialer({2: Fault.UNAUTHORIZED}) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"', "concurrency = 1")
        list_id = browser.send(checked(browser, leads)).list_id
        correct(browser, list_id, **{"3-0": "0990000003"})
        assert browser.see(f"/lists/{list_id}/send").step == "retry"
        page = browser.see(f"/lists/{list_id}/results")
        browser.submit(page, "/go-on")
        results = browser.ended(list_id)
        assert statuses(browser, results) == ["accepted", "accepted", "invalid", "accepted"]
        sent = [task["destination"] for task in dialer.recorded_tasks]
        assert sent == ["0991234567", "0990000003", "0990000001"]


def test_a_list_that_is_being_sent_is_not_corrected(
    browser: Browser, to_dialer: Callable[..., None], leads: Leads
) -> None:
    """Its rows are those that were looked at; what was typed stands on the page."""
    came, go = threading.Event(), threading.Event()

    def slow(_request: object) -> Reaction:
        came.set()
        go.wait()
        return Fault.ACCEPT

    with FaultyDialer(slow) as dialer:
        to_dialer(dialer.url, 'campaign = "X<-"')
        list_id = checked(browser, leads).list_id
        form = browser.see(f"/lists/{list_id}/correct")
        browser.submit(browser.see(f"/lists/{list_id}/send"), "/send", target="dialer")
        came.wait()
        page = browser.submit(form, "/correct", **{"cell-3-0": "0990000003"})
        go.set()
        assert (page.status, "0990000003" in page.text) == (409, True)
        results = browser.ended(list_id)
        assert statuses(browser, results) == ["accepted", "invalid", "invalid", "accepted"]


def test_a_list_that_was_sent_and_dropped_again_is_known_in_its_corrected_copy(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """Only the corrected rows are sent, since the desk knows what the copy was made from."""
    browser.send(checked(browser, leads))
    list_id = checked(browser, leads).list_id
    page = correct(browser, list_id, **{"3-0": "0990000003", "4-0": "0990000004"})
    results = browser.send(page)
    assert statuses(browser, results) == ["duplicate", "accepted", "accepted", "duplicate"]
    assert numbers(sandbox) == ["0991234567", "0990000001", "0990000003", "0990000004"]


def test_a_workbook_is_corrected_as_text(
    browser: Browser, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Zeros and what looks like a formula stay what they are; the second sheet is the list."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Ventas")
    for row in (["telefono", "nombre"], ["no", "Ana"], ["0991234567", "Eva"]):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    columns = browser.drop(tmp_path / "list.xlsx")
    if columns.status == 422:
        columns = browser.submit(columns, "/read", sheet="Ventas")
    list_id = browser.submit(columns, "/columns").list_id
    page = correct(browser, list_id, **{"2-0": "00598099"})
    (tmp_path / "copy.xlsx").write_bytes(file_of(browser, list_id))
    cell = openpyxl.load_workbook(tmp_path / "copy.xlsx")["Ventas"]["A2"]
    assert (cell.value, cell.data_type) == ("00598099", "s")
    browser.send(page)
    assert numbers(sandbox)[0] == "00598099"


def test_a_format_that_can_not_be_written_is_saved_under_another_name(
    browser: Browser, sandbox: Sandbox, tmp_path: Path
) -> None:
    """And the page says what of the file is not in the copy."""
    rows = f"<table:table-row>{ods_cell('', 'no')}{ods_cell('', 'Ana')}</table:table-row>"
    table = f"<table:table table:name='S'>{ODS_HEADER}{rows}</table:table>"
    path = ods(
        tmp_path, f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    )
    list_id = browser.submit(browser.drop(path), "/columns").list_id
    page = correct(browser, list_id, **{"2-0": "0991234567"})
    assert "a file of the format .ods can't be written" in page.text
    assert "Save the corrected leads.xlsx" in page.links
    saved = browser.client.get(f"{browser.at}/lists/{list_id}/correct/file")
    assert saved.headers["content-disposition"] == 'attachment; filename="leads.xlsx"'
    assert file_of(browser, list_id, "correct/dropped") == path.read_bytes()
    browser.send(page)
    assert numbers(sandbox) == ["0991234567"]


def test_cells_of_several_lines_and_very_long_ones_stay_as_they_are(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """A page may change line ends, and can't show everything: what nobody typed is not written."""
    assert sandbox.queued == 0
    leads.write(("one\ntwo", "Ana"), ("x" * 5000, "Eva"), ("no", "Ida"))
    list_id = browser.submit(browser.drop(leads.path), "/columns").list_id
    page = browser.see(f"/lists/{list_id}/correct")
    assert "one\ntwo</textarea>" in page.answer.text
    page = browser.submit(
        page, "/correct", **{"cell-2-0": "one\r\ntwo", "cell-3-0": "", "cell-4-0": "0991"}
    )
    assert "1 cell was saved" in page.text
    content = leads.path.read_bytes()
    assert file_of(browser, list_id) == content.replace(b"\nno,", b"\n0991,")


def test_nothing_of_a_cell_is_markup(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """Nor of what is typed, wherever the page shows it."""
    assert sandbox.queued == 0
    leads.write((SCRIPT, SCRIPT), (f"\n{SCRIPT}</textarea>", "b"), header=("phone", f"x{SCRIPT}"))
    list_id = browser.submit(browser.drop(leads.path), "/columns").list_id
    page = browser.see(f"/lists/{list_id}/correct")
    require_inert(page)
    assert cells(page)["cell-2-0"] == SCRIPT
    saved = browser.submit(page, "/correct", **{"cell-2-0": f"{SCRIPT}2"})
    require_inert(saved)
    require_inert(browser.submit(page, "/correct", **{"cell-2-0": f"{SCRIPT}3"}))


def test_no_page_of_bad_cells_is_long(browser: Browser, sandbox: Sandbox, leads: Leads) -> None:
    """All are counted, some are seen; a part that was saved makes room for the next."""
    assert sandbox.queued == 0
    leads.write(*((f"no {number}", "x" * 40) for number in range(2500)))
    list_id = browser.submit(browser.drop(leads.path), "/columns").list_id
    page = browser.see(f"/lists/{list_id}/correct")
    assert "2,500 cells to correct" in page.text
    assert (len(cells(page)), len(page.answer.content) < 200_000) == (100, True)
    page = browser.see(
        page.links["Cells after these"].removeprefix(f"/{browser.at.split('/')[-1]}")
    )
    assert next(iter(cells(page))) == "cell-102-0"
    page = browser.submit(page, "/correct", **{"cell-102-0": "0991234567"})
    assert "2,499 cells to correct" in page.text
    assert next(iter(cells(page))) == "cell-103-0"


def test_rows_that_fall_apart_are_told_and_not_typed_into(
    browser: Browser, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Which cell is which is not known there."""
    assert sandbox.queued == 0
    (tmp_path / "leads.csv").write_text("phone,name\n0991234567,a\n12\n", "utf-8")
    list_id = browser.submit(browser.drop(tmp_path / "leads.csv"), "/columns").list_id
    page = browser.see(f"/lists/{list_id}/correct")
    assert "Nothing to correct by typing" in page.text
    assert "Row 3: the row has 1 cell where the header has 2 columns." in page.text


@pytest.mark.parametrize("which", ["correct/file", "correct/dropped", "correct/undo", "correct"])
def test_a_list_that_is_gone_has_no_cells(browser: Browser, which: str) -> None:
    """Nor any other that never was."""
    assert browser.client.get(f"{browser.at}/lists/{'a' * 12}/{which}").status_code == 404


def test_a_list_that_was_dropped_anew_begins_anew(
    browser: Browser, sandbox: Sandbox, leads: Leads
) -> None:
    """What was typed into the one before is in its own file, if anywhere."""
    assert sandbox.queued == 0
    list_id = checked(browser, leads).list_id
    correct(browser, list_id, **{"3-0": "0990000003"})
    page = browser.see(f"/lists/{checked(browser, leads, *BAD, *numbered(1)).list_id}/correct")
    assert cells(page) == {"cell-3-0": "no tiene", "cell-4-0": "12"}
    assert "The corrected copy" not in page.text
