from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bulk_loader.desk.records import Choices, Corrected
from bulk_loader.desk.shelf import Shelf, id_of, usable_name
from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from pathlib import Path

    from bulk_loader.desk.records import ListRecord


def add(shelf: Shelf, name: str, content: bytes = b"x") -> ListRecord:
    """A list on the shelf."""
    return shelf.put(name, shelf.receive(io.BytesIO(content)))


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
    record = add(Shelf(tmp_path), "leads.csv", b"phone\n1\n")
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
    busy, idle = (add(shelf, name) for name in ("a.csv", "b.csv"))
    shelf.receive(io.BytesIO(b"of a desk that was killed"))
    shelf.remove_old(timedelta(hours=1), ())
    assert len(shelf.all()) == 2
    shelf.remove_old(timedelta(0), {busy.id})
    assert shelf.all() == [busy]
    assert [path.name for path in shelf.folder.iterdir()] == [busy.id]
    assert not shelf.place(idle).exists()


def test_a_folder_of_others_is_not_used(tmp_path: Path) -> None:
    """Where it can't be made, that is told."""
    (tmp_path / "desk").write_text("no folder")
    with pytest.raises(LoaderError, match="can't be made"):
        Shelf(tmp_path)


def test_a_list_and_what_is_written_for_it_have_one_folder() -> None:
    """The ledger knows by its path what was sent of a list before."""
    names = ["Leads.csv", "leads.results.csv", "leads.checked.xlsx", "leads.checked.results.xlsx"]
    assert len({id_of(name) for name in names}) == 1
    assert id_of("leads.csv") != id_of("leads 2.csv")


def test_a_list_takes_the_place_of_one_of_its_name(tmp_path: Path) -> None:
    """No form of the old one fits the new one; what was said of its columns is kept."""
    shelf = Shelf(tmp_path)
    old = add(shelf, "leads.csv", b"old")
    said = Choices(map={"destination": ("phone",)})
    shelf.change(old.id, lambda now: now.model_copy(update={"choices": said, "turn": 4}))
    new = add(shelf, "leads.csv", b"new")
    assert shelf.all() == [new]
    assert (new.turn, new.edition, new.choices) == (5, 1, said)
    assert shelf.file(new).read_bytes() == b"new"


def test_what_was_being_received_when_a_desk_was_killed_goes_with_the_next(tmp_path: Path) -> None:
    """Nobody else receives anything then; lists stay."""
    shelf = Shelf(tmp_path)
    kept = add(shelf, "leads.csv")
    shelf.receive(io.BytesIO(b"half a list"))
    shelf.remove_left()
    assert [path.name for path in shelf.folder.iterdir()] == [kept.id]


def corrected(record: ListRecord, turn: int = 0) -> ListRecord:
    """The record of a list after a correction."""
    known = Corrected(turn=turn, cells=1, saved_as=record.name)
    update = {"corrected": {record.to_correct: known}, "edition": record.edition + 1}
    return record.model_copy(update=update)


def exchanged(shelf: Shelf, record: ListRecord, content: bytes) -> ListRecord:
    """The list, with a corrected copy in its place."""
    copy = shelf.place(record) / ".correction"
    copy.write_bytes(content)
    shelf.exchange(record, record.name, copy, corrected)
    changed = shelf.find(record.id)
    assert changed is not None
    return changed


def test_what_was_dropped_is_kept_through_all_corrections(tmp_path: Path) -> None:
    """Not the first of its copies; and it is what comes back."""
    shelf = Shelf(tmp_path)
    record = add(shelf, "leads.csv", b"dropped")
    record = exchanged(shelf, record, b"first")
    record = exchanged(shelf, record, b"second")
    assert shelf.file(record).read_bytes() == b"second"
    assert shelf.dropped(record, record.name).read_bytes() == b"dropped"
    shelf.restore(record, record.name, lambda now: now.model_copy(update={"corrected": {}}))
    assert shelf.file(record).read_bytes() == b"dropped"


def test_a_list_that_was_dropped_anew_has_no_other_file_behind_it(tmp_path: Path) -> None:
    """Nor a name that its folder needs."""
    shelf = Shelf(tmp_path)
    record = exchanged(shelf, add(shelf, "leads.csv", b"dropped"), b"first")
    again = add(shelf, "leads.csv", b"anew")
    assert again.correction is None
    assert not shelf.dropped(record, record.name).exists()
    assert shelf.file(exchanged(shelf, add(shelf, "dropped", b"x"), b"y")).read_bytes() == b"y"


def test_the_same_list_is_known_when_it_is_dropped_again(tmp_path: Path) -> None:
    """With all that it was before; another one of its name is not."""
    shelf = Shelf(tmp_path)
    first = add(shelf, "leads.csv", b"one")
    assert (first.before, len(first.digest)) == (frozenset(), 64)
    again = add(shelf, "leads.csv", b"one")
    assert again.before == {first.digest}
    assert add(shelf, "leads.csv", b"two").before == frozenset()


def test_a_correction_that_fails_leaves_the_file_and_makes_old_forms_old(tmp_path: Path) -> None:
    """A desk that is killed in between has changed nothing that was not seen."""
    shelf = Shelf(tmp_path)
    record = add(shelf, "leads.csv", b"dropped")
    with pytest.raises(LoaderError, match="can't be kept"):
        shelf.exchange(record, record.name, tmp_path / "missing", corrected)
    now = shelf.find(record.id)
    assert now is not None
    assert (now.edition, shelf.file(now).read_bytes()) == (1, b"dropped")
