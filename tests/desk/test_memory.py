"""What is said of the columns of one list holds for the next one with the same header."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.desk.memory import FILE, MOST, Memory, Said
from bulk_loader.desk.records import Choices
from tests.support.uploads import Leads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bulk_loader.sandbox import Sandbox
    from tests.desk.browsing import Browser, Page

HEADER = ("quién", "dónde", "cuál")
SAID = {"map-destination": "1", "map-agent": "2", "campaign": "OTRA<-"}


def dropped(
    browser: Browser, folder: Path, name: str, header: Sequence[str] = HEADER, **typed: str
) -> Page:
    """A list with a lead of its own."""
    leads = Leads(folder / name)
    leads.write(("Ana Muñoz", "0991234567", "7"), header=header)
    return browser.drop(leads.path, **typed)


def said_of(browser: Browser, folder: Path, **typed: str) -> Page:
    """A first list, whose columns somebody has chosen."""
    columns = dropped(browser, folder, "leads-may.csv")
    assert columns.status == 422
    checked = browser.submit(columns, "/columns", **{**SAID, **typed})
    assert checked.step == "check"
    return checked


def test_the_next_list_with_the_same_header_is_read_likewise(
    browser: Browser, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The page says of which list it is, and what is sent is what it shows."""
    said_of(browser, tmp_path)
    columns = dropped(browser, tmp_path, "leads-june.csv")
    assert columns.status == 200
    assert "as for leads-may.csv on 20" in columns.text
    assert columns.form("/columns").fields["map-destination"] == ["1"]
    assert columns.form("/columns").fields["campaign"] == ["OTRA<-"]
    browser.send(browser.submit(columns, "/columns"))
    (queued,) = sandbox.queue()
    assert (queued.task.agent, queued.task.campaign) == ("7", "OTRA<-")
    assert "as for leads-june.csv" in dropped(browser, tmp_path, "leads-july.csv").text


@pytest.mark.parametrize(
    "header", [HEADER[:2], HEADER[::-1], (*HEADER, "más"), ("quien", "dónde", "cuál")]
)
@pytest.mark.usefixtures("sandbox")
def test_another_header_never_gets_it(
    browser: Browser, tmp_path: Path, header: tuple[str, ...]
) -> None:
    """Fewer columns, more, in another order, or one that is called otherwise."""
    said_of(browser, tmp_path)
    columns = dropped(browser, tmp_path, "leads-june.csv", header)
    assert columns.status == 422
    assert "as for" not in columns.text
    assert columns.form("/columns").fields["campaign"] == [""]


@pytest.mark.usefixtures("place")
def test_another_profile_never_gets_it(
    browser: Browser, to_dialer: Callable[..., None], tmp_path: Path
) -> None:
    """Its dialer may have other campaigns."""
    to_dialer("http://127.0.0.1:9", "[profile.a]", 'source = "a"', "[profile.b]", 'source = "b"')
    columns = dropped(browser, tmp_path, "leads-may.csv", profile="a")
    browser.submit(columns, "/columns", **SAID)
    assert "as for" not in dropped(browser, tmp_path, "leads-june.csv", profile="b").text
    assert "as for" in dropped(browser, tmp_path, "leads-july.csv", profile="a").text


@pytest.mark.usefixtures("sandbox")
def test_a_list_is_begun_anew(browser: Browser, tmp_path: Path) -> None:
    """Of this list alone; the next one is asked of by the last that was said."""
    said_of(browser, tmp_path)
    columns = dropped(browser, tmp_path, "leads-june.csv")
    anew = browser.submit(columns, "/anew")
    assert (anew.status, "as for" in anew.text) == (422, False)
    assert anew.form("/columns").fields["campaign"] == [""]
    assert "as for leads-may.csv" in dropped(browser, tmp_path, "leads-july.csv").text


@pytest.mark.usefixtures("sandbox")
def test_what_was_said_is_forgotten(browser: Browser, tmp_path: Path) -> None:
    """Where somebody wants it, for all lists to come."""
    said_of(browser, tmp_path)
    columns = dropped(browser, tmp_path, "leads-june.csv")
    assert browser.submit(columns, "/anew", forget="yes").status == 422
    assert "as for" not in dropped(browser, tmp_path, "leads-july.csv").text


@pytest.mark.usefixtures("sandbox")
def test_who_takes_everything_back_has_said_nothing(browser: Browser, tmp_path: Path) -> None:
    """A list that is read as it comes leaves nothing for the next one."""
    header = ("phone", "name")
    leads = Leads(tmp_path / "leads-may.csv")
    leads.write(("0991234567", "Ana"), header=header)
    browser.submit(browser.drop(leads.path), "/columns", campaign="OTRA<-")
    columns = browser.drop(leads.path, "leads-june.csv")
    assert "as for leads-may.csv" in columns.text
    assert browser.submit(columns, "/columns", campaign="").step == "check"
    assert "as for" not in browser.see(f"/lists/{columns.list_id}/columns").text
    assert "as for" not in browser.drop(leads.path, "leads-july.csv").text


@pytest.mark.usefixtures("sandbox")
def test_a_sheet_is_remembered_by_the_header_that_is_in_front(
    browser: Browser, tmp_path: Path
) -> None:
    """It is chosen again; where another header stands on it by now, nothing is taken over."""

    def book(name: str, *labels: str) -> Path:
        made = openpyxl.Workbook()
        made.active.append(["notes", "of", "mine"])  # type: ignore[union-attr]
        made.active.append(["a", "b", "c"])  # type: ignore[union-attr]
        sheet = made.create_sheet("Ventas")
        sheet.append(labels)
        sheet.append(["0991234567"] * len(labels))
        made.save(tmp_path / name)
        return tmp_path / name

    columns = browser.drop(book("may.xlsx", "número a llamar"))
    columns = browser.submit(columns, "/read", sheet="Ventas")
    browser.submit(columns, "/columns", **{"map-destination": "0"})
    again = browser.drop(book("june.xlsx", "número a llamar"))
    assert (again.status, "as for may.xlsx" in again.text) == (200, True)
    other = browser.drop(book("july.xlsx", "otro", "número"))
    assert (other.status, "as for" in other.text) == (422, False)
    assert other.form("/read").fields["sheet"] == [""]


@pytest.mark.usefixtures("sandbox")
def test_nothing_of_a_lead_is_remembered(browser: Browser, tmp_path: Path) -> None:
    """Neither a cell, nor a number that somebody has typed for empty ones, nor a list without header."""
    said_of(browser, tmp_path, alternatives="0997654321")
    file = browser.desk.office.shelf.folder / FILE
    text = file.read_text("utf-8")
    assert "OTRA<-" in text
    assert not any(told in text for told in ("Ana", "0991234567", "0997654321"))
    assert file.stat().st_mode & 0o077 == 0
    headless = Leads(tmp_path / "headless.csv")
    headless.write(("0994444444", "Eva"), header=("0993333333", "Luz"))
    columns = browser.submit(browser.drop(headless.path), "/read", header_row="0")
    browser.submit(columns, "/columns", campaign="SIN<-")
    assert "SIN<-" not in file.read_text("utf-8")


@pytest.mark.usefixtures("sandbox")
def test_a_results_file_is_read_by_nothing_remembered(browser: Browser, tmp_path: Path) -> None:
    """How its leads were read stands in the ledger."""
    checked = said_of(browser, tmp_path)
    results = browser.send(checked)
    saved = browser.client.get(f"{browser.at}/lists/{results.list_id}/results/file").content
    (tmp_path / "other.results.csv").write_bytes(saved)
    assert browser.drop(tmp_path / "other.results.csv").step == "check"
    (record, *_) = browser.desk.office.shelf.all()
    assert (record.is_results, record.as_for, record.choices) == (True, None, Choices())


def said(name: str) -> Said:
    """Something that was said."""
    return Said(header=name, name=name, said_at=datetime.now(UTC), choices=Choices(profile=name))


def test_so_many_headers_are_remembered(tmp_path: Path) -> None:
    """The one that was not met for longest goes first."""
    memory = Memory(tmp_path)
    for number in range(MOST):
        memory.keep(f"{number}", said(f"{number}"))
    memory.keep("0", said("met again"))
    memory.keep("new", said("new"))
    assert memory.find("1") is None
    found = memory.find("0")
    assert found is not None
    assert found.name == "met again"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_memory_that_is_broken_is_begun_anew(tmp_path: Path) -> None:
    """It is a convenience, and never in the way of a list."""
    (tmp_path / FILE).write_text('{"a": 1}', "utf-8")
    memory = Memory(tmp_path)
    assert memory.find("a") is None
    memory.keep("b", said("b"))
    assert memory.find("b") is not None
    memory.forget("b")
    memory.forget("b")
    assert memory.find("b") is None


def test_a_sweep_of_old_lists_forgets_nothing(browser: Browser, tmp_path: Path) -> None:
    """What was said of a header outlives the list of which it was said."""
    assert tmp_path.is_dir()
    office = browser.desk.office
    office.memory.keep("a", said("a"))
    office.shelf.remove_old(-browser.desk.options.keep, ())
    assert office.memory.find("a") is not None
