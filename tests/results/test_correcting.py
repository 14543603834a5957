from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LoaderError
from bulk_loader.model import TextDialect
from bulk_loader.results import write_corrected
from tests.results.examples import table_of

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [(1, ["phone", "name"]), (2, ["no", "Ana"])]


def test_a_file_that_does_not_come_back_as_it_was_is_not_copied(tmp_path: Path) -> None:
    """An encoding may write one letter in several ways: the bytes of other cells would change."""
    path, copy = tmp_path / "leads.csv", tmp_path / "copy"
    path.write_bytes(b"phone,name\nno,+AEE-na\n")  # UTF-7, with more than it needs
    table = table_of(path, ROWS, 1, dialect=TextDialect(encoding="utf-7"))
    with pytest.raises(LoaderError, match="can't be corrected here"):
        write_corrected(table, path, {2: {0: "1"}}, copy)
    assert not copy.exists()


@pytest.mark.parametrize("rows", [[*ROWS, (3, ["1", "Eva"])], ROWS[:1]])
def test_rows_that_are_not_those_of_the_file_are_not_guessed(
    tmp_path: Path, rows: list[tuple[int, list[str]]]
) -> None:
    """A text that went one row too low would be another person's number."""
    path, copy = tmp_path / "leads.csv", tmp_path / "copy"
    path.write_bytes(b"phone,name\nno,Ana\n")
    with pytest.raises(LoaderError, match="can't be corrected here"):
        write_corrected(table_of(path, rows, 1), path, {2: {0: "1"}}, copy)
    assert not copy.exists()


def test_a_copy_that_can_not_be_written_leaves_nothing(tmp_path: Path) -> None:
    """Not even its beginning; the words are those of the system."""
    path = tmp_path / "leads.csv"
    path.write_bytes(b"phone,name\nno,Ana\n")
    with pytest.raises(LoaderError, match="was not written"):
        write_corrected(table_of(path, ROWS, 1), path, {2: {0: "1"}}, tmp_path / "no" / "copy")
    assert [entry.name for entry in tmp_path.iterdir()] == ["leads.csv"]
