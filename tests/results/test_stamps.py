from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.packaging.custom import CustomPropertyList, StringProperty

from bulk_loader.model import FileFormat
from bulk_loader.results import Edition, Stamp, read_stamp, stamps_in, write_results, write_stamp
from bulk_loader.results.stamps import MAX_STAMP_BYTES, stamp_path
from tests.results.examples import opened, result, stamp, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STAMP = stamp()


@given(
    st.builds(
        Stamp,
        *[st.text()] * 4,
        *[st.integers(0, 2**31)] * 3,
        st.text(),
    )
)
def test_a_stamp_reads_as_it_was_written(one: Stamp) -> None:
    """Whatever stands in it."""
    assert Stamp.from_json(one.to_json()) == one


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"run": 1}', STAMP.to_json().replace("3", '"3"', 1), "[" * 9999],
)
def test_what_is_no_stamp_says_nothing(text: str, tmp_path: Path) -> None:
    """Somebody else's file under its name is passed over."""
    assert Stamp.from_json(text) is None
    stamp_path(tmp_path / "out.csv").write_text(text)
    assert read_stamp(tmp_path / "out.csv") is None
    assert list(stamps_in(tmp_path)) == []


def test_a_stamp_beside_a_file_is_bounded(tmp_path: Path) -> None:
    """Nobody can make the program read a large file by its name."""
    path = tmp_path / "out.csv"
    write_stamp(path, replace(STAMP, dialer="x" * MAX_STAMP_BYTES))
    assert read_stamp(path) is None


@pytest.mark.parametrize("stem", ["ñ" * 120, "水" * 82])
def test_a_long_name_has_a_stamp_too(tmp_path: Path, stem: str) -> None:
    """Where the name can't be made longer, a digest stands for it."""
    path = tmp_path / f"{stem}.csv"
    write_stamp(path, STAMP)
    assert read_stamp(path) == STAMP
    assert list(stamps_in(tmp_path)) == [STAMP]


def stamped(source: Path, out: Path) -> Path:
    """The results of a workbook with one lead."""
    write_results(opened(source), [result(2)], out, Edition(STAMP))
    return out


def own_properties(book: openpyxl.Workbook) -> CustomPropertyList[str | None]:
    """Those that were added to the usual ones."""
    found = book.custom_doc_props  # type: ignore[attr-defined]  # which the stubs have forgotten
    assert isinstance(found, CustomPropertyList)
    return found


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A list with properties of its own."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["phone"])
    book.active.append(["0991234567"])
    own_properties(book).append(StringProperty(name="Client", value="Años & <Co>"))
    path = tmp_path / "leads.xlsx"
    book.save(path)
    return path


def test_a_workbook_carries_its_stamp_wherever_it_goes(workbook: Path, tmp_path: Path) -> None:
    """In a copy without anything beside it, the user's own properties stay as they were."""
    out = stamped(workbook, tmp_path / "out.xlsx")
    assert read_stamp(out) == STAMP
    properties = own_properties(openpyxl.load_workbook(out))
    assert properties["Client"].value == "Años & <Co>"


def test_a_newer_stamp_takes_the_place_of_the_older_one(workbook: Path, tmp_path: Path) -> None:
    """Written again and again, a workbook has one stamp: that of the last run."""
    out = stamped(workbook, tmp_path / "out.xlsx")
    later = replace(STAMP, run="20260103-0000-aaaaaa")
    write_results(opened(out), [result(2)], out, Edition(later))
    assert read_stamp(out) == later
    assert len(own_properties(openpyxl.load_workbook(out))) == 2


def test_a_stamp_survives_another_program(workbook: Path, tmp_path: Path) -> None:
    """One such as openpyxl writes the package anew, and keeps the property."""
    out = stamped(workbook, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(out)
    book.save(tmp_path / "saved.xlsx")
    assert read_stamp(tmp_path / "saved.xlsx") == STAMP


def test_a_plain_workbook_is_stamped_too(tmp_path: Path) -> None:
    """What comes of a format that can't be written is known again as well."""
    table = table_of(
        tmp_path / "old.xls", [(1, ["phone"]), (2, ["099"])], 1, file_format=FileFormat.XLS
    )
    write_results(table, [result(2)], tmp_path / "out.xlsx", Edition(STAMP))
    assert read_stamp(tmp_path / "out.xlsx") == STAMP
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").active is not None


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The same workbook with parts written otherwise."""
    out = path.with_name("repacked.xlsx")
    with ZipFile(path) as archive, ZipFile(out, "w", ZIP_DEFLATED) as copy:
        for part in archive.infolist():
            copy.writestr(part.filename, change(part.filename, archive.read(part)))
    return out


def test_a_package_written_in_an_unusual_way_is_left_as_it_is(
    workbook: Path, tmp_path: Path
) -> None:
    """Better no stamp inside than a broken workbook; the one beside it remains."""

    def prefixed(name: str, content: bytes) -> bytes:
        if name == "docProps/custom.xml":
            return content.replace(b"</Properties>", b"</Properties >")
        return content

    out = stamped(repacked(workbook, prefixed), tmp_path / "out.xlsx")
    assert read_stamp(out) is None
    assert openpyxl.load_workbook(out).active is not None


@pytest.mark.parametrize(
    "content", [b"", b"no workbook", b"PK\x05\x06" + b"\0" * 18], ids=["empty", "text", "empty zip"]
)
def test_a_file_that_is_no_workbook_has_no_stamp(content: bytes, tmp_path: Path) -> None:
    """Whatever stands at the place of the results."""
    path = tmp_path / "out.xlsx"
    path.write_bytes(content)
    assert read_stamp(path) is None


def test_the_later_of_two_stamps_counts(workbook: Path, tmp_path: Path) -> None:
    """Beside the file stands how far the run that is under way has come."""
    out = stamped(workbook, tmp_path / "out.xlsx")
    further = replace(STAMP, session=STAMP.session + 1, sent=1)
    write_stamp(out, further)
    assert read_stamp(out) == further
    write_stamp(out, replace(STAMP, run="another"))
    assert read_stamp(out) == STAMP, "what stands inside is surely of this file"


def test_a_stamp_is_written_whatever_was_planted_there(tmp_path: Path) -> None:
    """A link is replaced and not followed, and what lies about in its way is none."""
    path, precious = tmp_path / "out.csv", tmp_path / "precious"
    precious.write_text("precious")
    stamp_path(path).symlink_to(precious)
    mark = sha256(stamp_path(path).name.encode()).hexdigest()[:16]
    (tmp_path / f".results-{mark}.part").symlink_to(precious)  # where it was once written before
    write_stamp(path, STAMP)
    assert precious.read_text() == "precious"
    assert read_stamp(path) == STAMP
    assert not stamp_path(path).is_symlink()


def test_a_stamp_that_can_not_take_its_place_leaves_nothing(tmp_path: Path) -> None:
    """A folder there is an error, as the system says it."""
    path = tmp_path / "out.csv"
    stamp_path(path).mkdir()
    with pytest.raises(OSError, match=r"directory|exist"):
        write_stamp(path, STAMP)
    assert list(tmp_path.iterdir()) == [stamp_path(path)]


def test_what_is_no_file_is_no_stamp(tmp_path: Path) -> None:
    """A pipe that nobody writes into keeps nobody waiting, and a link says nothing."""
    path = tmp_path / "out.csv"
    os.mkfifo(stamp_path(path))
    assert read_stamp(path) is None
    assert list(stamps_in(tmp_path)) == []
    stamp_path(path).unlink()
    write_stamp(tmp_path / "other.csv", STAMP)
    stamp_path(path).symlink_to(stamp_path(tmp_path / "other.csv"))
    assert read_stamp(path) is None
