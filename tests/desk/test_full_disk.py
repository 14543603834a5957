"""What happens when a disk is full; a limit on the size of files stands for that."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bulk_loader.desk.shelf import Shelf
from bulk_loader.errors import LoaderError
from tests.desk.browsing import Browser, Page
from tests.desk.test_shelf import add

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.desk import Desk

if sys.platform == "win32":
    pytest.skip("Windows has no such limit", allow_module_level=True)

import resource

MEGABYTE = 1 << 20


@contextmanager
def room_for(most_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def drop(browser: Browser, content: bytes) -> Page:
    """Drop a list of this name."""
    fields = browser.home.form("/lists").fields
    file = {"file": ("leads.csv", content)}
    return Page(browser.client.post(f"{browser.at}/lists", data=fields, files=file))


def test_a_list_for_which_there_is_no_room_is_told_as_such(browser: Browser, desk: Desk) -> None:
    """With what to do, after all of it was taken off the line; nothing is left, and the desk goes on."""
    with room_for(2 * MEGABYTE):
        page = drop(browser, b"phone\n" + bytes(8 * MEGABYTE))
    assert page.status == 507
    assert "can't be kept" in page.text
    assert "TMPDIR" in page.text
    assert list(desk.office.shelf.folder.iterdir()) == []
    assert drop(browser, b"phone\n0991234567\n").step == "columns"


@pytest.mark.parametrize("most_bytes", [0, 100])
def test_a_list_that_can_not_be_kept_leaves_the_one_before(tmp_path: Path, most_bytes: int) -> None:
    """Whole, with its record, whichever of the two could not be written."""
    shelf = Shelf(tmp_path)
    old = add(shelf, "leads.csv", b"old")
    with room_for(most_bytes), pytest.raises(LoaderError, match="can't be kept"):
        add(shelf, "leads.csv", b"new")
    with room_for(most_bytes), pytest.raises(LoaderError, match="can't be kept"):
        add(shelf, "other.csv", b"new")
    assert shelf.all() == [old]
    assert shelf.file(old).read_bytes() == b"old"
    assert sorted(path.name for path in shelf.folder.rglob("*")) == sorted(
        [old.id, "leads.csv", "list.json"]
    )


def test_what_can_not_be_noted_is_told_and_changes_nothing(tmp_path: Path) -> None:
    """The record stays as it was, and no half of another stands beside it."""
    shelf = Shelf(tmp_path)
    record = add(shelf, "leads.csv")
    with room_for(100), pytest.raises(LoaderError, match="can't be kept"):
        shelf.change(record.id, lambda now: now.model_copy(update={"turn": 9}))
    assert shelf.all() == [record]
    assert len(list(shelf.place(record).iterdir())) == 2


def test_a_list_that_breaks_off_while_it_is_put_down_leaves_nothing(tmp_path: Path) -> None:
    """The first part of it, too, held phone numbers."""
    shelf = Shelf(tmp_path)
    with room_for(MEGABYTE), pytest.raises(LoaderError, match="can't be kept"):
        shelf.receive(io.BytesIO(bytes(2 * MEGABYTE)))
    assert list(shelf.folder.iterdir()) == []
