from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.model import Ending, Status
from bulk_loader.preparation.suppressing import read_suppression
from bulk_loader.workflows.check import check
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulk_loader.settings import Settings

NOW = datetime.now(UTC)


def test_lists_are_one_and_no_copy_is_made_of_a_file(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not made can't be left behind by a program that is killed."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "there is none"))
    paths = [tmp_path / "first.txt", tmp_path / "second.csv"]
    paths[0].write_text("numbers\n0991000001\n0991000002\n", "utf-8")
    paths[1].write_text("name,phone\na,0991000002\nb,0991000003\n", "utf-8")
    listed = read_suppression(settings(suppress=paths), NOW)
    assert listed is not None
    assert listed.holding([phone for phone, _ in numbered(4)]) == [0, 1, 2]


def test_the_copy_of_a_pipe_is_gone_with_its_reading(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked through as often as a file, and read once."""
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    with piped(tmp_path / "list", b"numbers\n0991000001\n") as path:
        listed = read_suppression(settings(suppress=[path]), NOW)
    assert listed is not None
    assert listed.holding([phone for phone, _ in numbered(2)]) == [0]
    assert list(copies.iterdir()) == []


OWN = "0991000001;Ventas<-;\n0991000002;Cobranza->;\n0991000003;;\n0991000004;ventas <-;\n"


def test_the_dialers_own_list_holds_for_its_campaigns_only(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """A number without a campaign is listed for every one; case and white space do not matter."""
    path = tmp_path / "own.csv"
    path.write_text(OWN, "utf-8")
    listed = read_suppression(settings(suppress=[path]), NOW)
    assert listed is not None
    phones = [phone for phone, _ in numbered(5)]
    assert listed.holding(phones, ["Ventas<-"] * 5) == [0, 2]
    assert listed.holding(phones, ["VENTAS <-"] * 5) == [2, 3]
    assert listed.holding(phones, ["Cobranza->"] * 5) == [1, 2]
    assert listed.holding(phones, ["Otra->"] * 5) == [2]
    assert (len(listed), listed.of_campaigns) == (4, 3)


@pytest.mark.parametrize(
    "row",
    [
        "0991000002;0991000005;",  # a second number in the place of the campaign
        "0991000002;;",
        "0991000002",
    ],
)
def test_a_row_without_a_campaign_holds_for_every_one(
    row: str, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """A person who must not be called weighs more than a lead left out."""
    path = tmp_path / "own.csv"
    path.write_text("0991000001;Ventas<-;\n" * 100 + row + "\n", "utf-8")
    listed = read_suppression(settings(suppress=[path]), NOW)
    assert listed is not None
    assert listed.holding(["0991000002"], ["Otra<-"]) == [0]
    assert listed.holding(["0991000005"], ["Otra<-"]) == ([0] if "5" in row else [])


@pytest.mark.parametrize(
    "text",
    [
        "phone;campaign;\n0991000001;Ventas<-;\n",
        "phone,campaign\n0991000001,Ventas<-\n",
        "phone;campaign\n0991000001;Ventas<-\n0991000002;\n",
    ],
)
def test_a_list_with_a_header_holds_for_every_campaign(
    text: str, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Whoever wrote a header has another kind of list, whose other columns say nothing here."""
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    listed = read_suppression(settings(suppress=[path]), NOW)
    assert listed is not None
    assert listed.holding(["0991000001"], ["Otra<-"]) == [0]


@pytest.mark.parametrize("text", ["0991000001;Ana\n0991000002;Luz\n", "0991000001,Ana,\n"])
def test_numbers_with_names_are_no_list_of_campaigns(
    text: str, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """It is refused, since to read it so would leave its people unprotected."""
    path = tmp_path / "names.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=re.escape(str(path))):
        read_suppression(settings(suppress=[path]), NOW)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_single_number_is_a_list(
    ending: str, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """It is no header without leads, also in the dialer's own form."""
    bare, own = tmp_path / "bare.txt", tmp_path / "own.csv"
    bare.write_text(f"0991000001{ending}", "utf-8")
    own.write_text(f"0991000002;Ventas<-;{ending}", "utf-8")
    listed = read_suppression(settings(suppress=[bare, own]), NOW)
    assert listed is not None
    assert listed.holding(["0991000001", "0991000002"], ["Ventas<-"] * 2) == [0, 1]


@pytest.mark.parametrize("rows", [["0991000001"], ["0991000001", "0991000002"]])
def test_the_first_number_of_a_workbook_is_one_too(
    rows: list[str], settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """A list without a header loses nobody to it."""
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append([row])
    book.save(path)
    listed = read_suppression(settings(suppress=[path]), NOW)
    assert listed is not None
    assert listed.holding(rows) == list(range(len(rows)))


def test_leads_are_suppressed_for_the_campaign_that_is_listed(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Their other numbers are held against it too, each under the campaign of its own row."""
    leads, own = tmp_path / "leads.csv", tmp_path / "own.csv"
    leads.write_text(
        "phone,other phone,campaign\n"
        "0991000001,,Ventas<-\n0991000001,,Cobranza->\n"
        "0991000007,0991000002,Cobranza->\n0991000007,0991000002,Ventas<-\n",
        "utf-8",
    )
    own.write_text("0991000001;Ventas<-;\n0991000002;Cobranza->;\n", "utf-8")
    report = check(leads, settings(suppress=[own]))
    assert [problem.row for problem in report.problems] == [2, 4]
    assert report.counts[Status.SUPPRESSED] == 2


@contextmanager
def piped(path: Path, content: bytes) -> Iterator[Path]:
    """A pipe into which this is written once: who opens it a second time waits in vain."""
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(content,), daemon=True)
    writer.start()
    yield path
    writer.join()
    path.unlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_run_reads_its_list_once_also_where_it_goes_on(
    leads: Leads, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Dates are judged as when the run was begun; for that nothing is read again."""
    leads.write(*numbered(6))
    content = b"0991000002\n0991000005\n"
    with FaultyDialer({3: Fault.UNAUTHORIZED}) as dialer:
        told = settings(dialer, suppress=[tmp_path / "list"], concurrency=1)
        with piped(tmp_path / "list", content):
            first = upload(leads.path, told)
        assert first.ending is Ending.STOPPED
        with piped(tmp_path / "list", content):
            second = upload(leads.path, told)
    assert second.run_id == first.run_id
    assert second.counts[Status.SUPPRESSED] == 2
    assert sorted(dialer.recorded) == [phone for phone, _ in numbered(6) if phone[-1] not in "25"]


def test_a_list_with_a_date_beside_its_numbers_is_held(
    tmp_path: Path, settings: Callable[..., Settings]
) -> None:
    """Whose date it is, is asked about leads only."""
    path = tmp_path / "blocked.csv"
    path.write_text("Phone;Date;Ext\n099123456;2026-01-02;12\n", "utf-8")

    listed = read_suppression(settings(suppress=[path]), NOW)

    assert listed is not None
    assert list(listed.holding(["099123456", "099123457"])) == [0]
