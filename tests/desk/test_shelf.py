from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.desk.shelf import Shelf, usable_name
from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "usable"),
    [
        ("leads.csv", "leads.csv"),
        ("Añó 2026 (final).xlsx", "Añó 2026 (final).xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\leads.csv", "leads.csv"),
        ("..", "list"),
        ("", "list"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\u202ec.csv", "abc.csv"),
        ('a<b>:"|?*.csv', "a_b______.csv"),
        ("con.csv", "list-con.csv"),
        ("list.json", "list-list.json"),
    ],
)
def test_a_name_is_one_that_every_system_takes(given: str, usable: str) -> None:
    """It is no path, and nothing of it acts unseen."""
    assert usable_name(given) == usable


def test_a_long_name_keeps_its_suffix() -> None:
    """There is room for what results are called."""
    assert usable_name("ñ" * 300 + ".xlsx") == "ñ" * 75 + ".xlsx"


def test_a_list_comes_back_as_it_was(tmp_path: Path) -> None:
    """After the desk was closed, too."""
    record = Shelf(tmp_path).add("leads.csv", io.BytesIO(b"phone\n1\n"))
    shelf = Shelf(tmp_path)
    assert shelf.all() == [record]
    assert shelf.file(record).read_bytes() == b"phone\n1\n"


@pytest.mark.parametrize("list_id", ["", "..", "../x", "0123456789ab", "0123456789ab/..", "ñ"])
def test_what_is_no_list_is_not_found(tmp_path: Path, list_id: str) -> None:
    """Whatever stands in an address."""
    assert Shelf(tmp_path).find(list_id) is None


def test_only_what_is_old_and_not_being_sent_is_removed(tmp_path: Path) -> None:
    """A list that is sent stays, however long that takes."""
    shelf = Shelf(tmp_path)
    busy, idle = (shelf.add(name, io.BytesIO(b"x")) for name in ("a.csv", "b.csv"))
    shelf.remove_old(timedelta(hours=1), ())
    assert len(shelf.all()) == 2
    shelf.remove_old(timedelta(0), {busy.id})
    assert shelf.all() == [busy]
    assert not shelf.place(idle).exists()


def test_a_folder_of_others_is_not_used(tmp_path: Path) -> None:
    """Where it can't be made, that is told."""
    (tmp_path / "desk").write_text("no folder")
    with pytest.raises(LoaderError, match="can't be made"):
        Shelf(tmp_path)
