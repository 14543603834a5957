from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import resource
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.errors import ExitCode, SourceError
from bulk_loader.model import FileFormat
from bulk_loader.reading import Limits, ReadingOptions, open_leads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Writer = Callable[[str, bytes], Path]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
LIST = b"phone,name\n0991234567,Ana\n0991234568,Luis\n"


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    """Writes a file of this name and content."""

    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip file with these members, the same at any time: it names tests."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def refused(path: Path, options: ReadingOptions | None = None) -> SourceError:
    """The error that opening the file raises, which has all it must have."""
    with pytest.raises(SourceError) as caught:
        open_leads(path, options or ReadingOptions())
    assert caught.value.exit_code == ExitCode.BAD_FILE
    assert caught.value.remedy
    return caught.value


def names(path: Path, options: ReadingOptions | None = None) -> list[str]:
    """The column `name` of all leads."""
    table = open_leads(path, options or ReadingOptions())
    return [name for batch in table.batches() for name in batch.frame["name"]]


def test_text_file_opens(written: Writer) -> None:
    """A list of leads is found by its content, with the digest of its bytes."""
    path = written("leads.csv", LIST)
    source = open_leads(path, ReadingOptions()).source
    assert (source.format, source.path, source.leads) == (FileFormat.CSV, path, 2)
    assert source.digest == hashlib.sha256(LIST).hexdigest()
    assert source.notes == ()
    assert names(path) == ["Ana", "Luis"]


def test_missing_file_is_named_with_one_like_it(written: Writer, tmp_path: Path) -> None:
    """A mistyped name leads to the right one."""
    path = written("leads.csv", LIST)
    error = refused(tmp_path / "laeds.csv")
    assert "There is no file" in error.what
    assert str(path) in error.remedy


def test_missing_file_without_neighbours_is_named(tmp_path: Path) -> None:
    """Where nothing is alike, nothing is guessed."""
    assert "Check the path" in refused(tmp_path / "leads.csv").remedy
    assert "no folder" in refused(tmp_path / "nowhere" / "leads.csv").remedy


def test_folder_is_refused(tmp_path: Path) -> None:
    """A directory is not a list."""
    assert "is a folder" in refused(tmp_path).what


def test_device_is_refused() -> None:
    """A device may be read for ever, so it is not."""
    assert "is a device" in refused(Path(os.devnull)).what


def test_file_without_permission_is_refused(written: Writer) -> None:
    """A file of somebody else is named, with what to do."""
    path = written("leads.csv", LIST)
    path.chmod(0)
    with as_nobody():
        assert "not allowed" in refused(path).why


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of a superuser, who may read everything; others have none to lose."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


def test_what_the_system_says_reaches_the_user(tmp_path: Path) -> None:
    """A path that no system takes is named with the system's own reason."""
    assert "too long" in refused(tmp_path / ("x" * 5000)).why


def test_empty_file_is_refused(written: Writer) -> None:
    """A file without a byte is named as such."""
    assert "is empty" in refused(written("leads.csv", b"")).what


@pytest.mark.parametrize("content", [b"\n\n", b" , ,\n", b"\xef\xbb\xbf"])
def test_blank_file_is_refused(written: Writer, content: bytes) -> None:
    """A file with nothing but white space has no header and no lead."""
    assert "no text" in refused(written("leads.csv", content)).what


@pytest.mark.parametrize(
    "content", [b"phone,name\n", b"phone,name\n,\n\n", b"phone,name\n#example,x"]
)
def test_header_alone_is_refused(written: Writer, content: bytes) -> None:
    """A list without leads is told before anything else."""
    assert "no leads" in refused(written("leads.csv", content)).what


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
        (b"Rar!\x1a\x07\0", "RAR"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\n<html><table><tr><td>1", "web page"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "web page"),
        (b"<TABLE border=1>", "web page"),
        ("<html><table>".encode("utf-16"), "web page"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "web page"),
        (b"<?xml version='1.0'?><Workbook>", "XML"),
        (json.dumps([{"phone": "1"}]).encode(), "JSON"),
        (b'{"phone": 1}', "JSON"),
        (b'["a", "b"]', "JSON"),
        (bytes(range(256)) * 8, "binary"),
        (b"\0" * 5000, "binary"),
        (zipped({"[Content_Types].xml": b"wordprocessingml"}), "document"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "document"),
        (
            OLE + "WordDocument".encode("utf-16-le"),
            "Office",
        ),
    ],
)
@pytest.mark.parametrize("name", ["leads.xls", "leads.csv"])
def test_what_is_no_spreadsheet_is_named(
    written: Writer, name: str, content: bytes, kind: str
) -> None:
    """The file's content decides, and the user learns what it is."""
    error = refused(written(name, content))
    assert error.what == f"{name} is not a spreadsheet."
    assert kind in error.why


@pytest.mark.parametrize("header", [b"[id];name", b"{id};name", b"#id;name", b"<id>;name"])
def test_odd_headers_are_still_text(written: Writer, header: bytes) -> None:
    """A header in brackets makes no JSON and no web page."""
    assert names(written("leads.csv", header + b"\n1;Ana\n")) == ["Ana"]


def test_protected_workbook_is_named(written: Writer) -> None:
    """A password is asked for in the words of the spreadsheet program."""
    content = OLE + "EncryptedPackage".encode("utf-16-le")
    assert "protected by a password" in refused(written("leads.xlsx", content)).what


def test_text_named_as_a_workbook_is_read_as_what_it_is(written: Writer) -> None:
    """A CSV that a system exports as .xls is read, and that is said."""
    path = written("leads.xls", LIST)
    source = open_leads(path, ReadingOptions()).source
    assert source.format is FileFormat.CSV
    assert source.notes == ("leads.xls is text (CSV) by its content, and read as that.",)


@pytest.mark.parametrize(
    ("name", "content", "inner"),
    [
        ("leads.csv.gz", gzip.compress(LIST, mtime=0), "leads.csv"),
        ("leads.zip", zipped({"May.csv": LIST}), "May.csv"),
        ("leads.zip", zipped({"a/leads": LIST, "__MACOSX/a": b"x", "a/.DS_Store": b"x"}), "leads"),
        ("leads.zip", zipped({"../../e*l.csv": LIST}), "e_l.csv"),
    ],
)
def test_packed_list_is_read(written: Writer, name: str, content: bytes, inner: str) -> None:
    """The one file in an archive is the list; the digest is the archive's."""
    path = written(name, content)
    source = open_leads(path, ReadingOptions()).source
    assert (source.path, source.digest) == (path, hashlib.sha256(content).hexdigest())
    assert source.notes == (f"The list is {inner}, unpacked from {name}.",)
    assert names(path) == ["Ana", "Luis"]


def test_private_copy_lives_as_long_as_its_table(
    written: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Phone numbers do not stay behind in the directory for temporary files."""
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    table = open_leads(written("leads.csv.gz", gzip.compress(LIST, mtime=0)), ReadingOptions())
    (directory,) = copies.iterdir()
    assert directory.stat().st_mode & 0o777 == 0o700
    assert len(list(table.batches(1))) == 2
    del table
    assert list(copies.iterdir()) == []


def test_archive_of_several_files_is_refused(written: Writer) -> None:
    """Which list is meant is never guessed."""
    error = refused(written("leads.zip", zipped({"a.csv": LIST, "b.csv": LIST})))
    assert "holds 2 files" in error.what
    assert "a.csv, b.csv" in error.why
    assert "holds no file" in refused(written("none.zip", zipped({"a/": b""}))).what


def test_archive_in_an_archive_is_refused(written: Writer) -> None:
    """One packing is taken off, not any number."""
    content = gzip.compress(zipped({"a.csv": LIST}))
    assert "holds an archive" in refused(written("leads.gz", content)).what


def test_protected_archive_is_named(written: Writer) -> None:
    """An archive with a password is told from a damaged one."""
    content = bytearray(zipped({"a.csv": LIST}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "protected by a password" in refused(written("leads.zip", bytes(content))).what


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(LIST, mtime=0)[:-6],
        gzip.compress(LIST, mtime=0)[:12] + b"\xff" * 20,
        zipped({"a.csv": LIST})[:-30],
        b"PK\x03\x04" + zipped({"a.csv": LIST})[4:14] + b"\xff" * 40,
    ],
)
def test_damaged_archive_is_named(written: Writer, content: bytes) -> None:
    """A broken copy or download is told, not guessed around."""
    error = refused(written("leads.zip", content))
    assert "damaged" in error.what or "not a spreadsheet" in error.what


def test_archive_whose_member_is_broken_is_named(written: Writer) -> None:
    """An archive that contradicts itself is damaged."""
    content = zipped({"a.csv": LIST})
    broken = content[:26] + b"\xff\x7f" + content[28:]
    assert "damaged" in refused(written("leads.zip", broken)).what


def test_bomb_is_refused(written: Writer) -> None:
    """A small file that unpacks to a huge one does not fill the disk."""
    limits = Limits(ratio_applies_above_bytes=2_000_000)
    error = refused(
        written("leads.csv.gz", gzip.compress(b"1\n" * 2_500_000)), ReadingOptions(limits=limits)
    )
    assert "more than 100 times" in error.what


def test_packed_list_beyond_the_limit_is_refused(written: Writer) -> None:
    """What a packed list may unpack to has a limit, however well it packs."""
    limits = Limits(max_unpacked_bytes=10)
    error = refused(
        written("leads.csv.gz", gzip.compress(LIST, mtime=0)), ReadingOptions(limits=limits)
    )
    assert "longer than 10 bytes" in error.what


def test_no_room_for_the_copy_is_named(written: Writer) -> None:
    """A full disk is not taken for a damaged archive."""
    path = written("leads.csv.gz", gzip.compress(LIST, mtime=0))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        error = refused(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "TMPDIR" in error.remedy


def test_no_place_for_the_copy_is_named(
    written: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong directory for temporary files is not blamed on the list."""
    path = written("leads.csv.gz", gzip.compress(LIST, mtime=0))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert "TMPDIR" in refused(path).remedy


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A list can come through a pipe, and its results have a name in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(LIST)))
    source = open_leads(Path("-"), ReadingOptions()).source
    assert source.path == tmp_path / "stdin.csv"
    assert source.digest == hashlib.sha256(LIST).hexdigest()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(LIST)))
    assert names(Path("-")) == ["Ana", "Luis"]


def test_named_pipe_is_read(tmp_path: Path) -> None:
    """A list can come from `<(command)` of a shell."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(LIST,))
    writer.start()
    assert names(path) == ["Ana", "Luis"]
    writer.join()


def test_changed_file_is_noticed(written: Writer) -> None:
    """What was checked is what is sent, or nothing is."""
    path = written("leads.csv", LIST)
    table = open_leads(path, ReadingOptions())
    path.write_bytes(LIST + b"0991234569,Eva\n")
    with pytest.raises(SourceError, match="was changed"):
        list(table.batches())
    with pytest.raises(SourceError, match="was changed"):
        list(table.records())


def test_vanished_file_is_noticed(written: Writer) -> None:
    """A file that is gone in the middle is named as such."""
    path = written("leads.csv", LIST)
    table = open_leads(path, ReadingOptions())
    path.unlink()
    with pytest.raises(SourceError, match="There is no file"):
        list(table.records())


def test_workbook_goes_to_the_reader_of_its_format(written: Writer, tmp_path: Path) -> None:
    """A workbook is read as one, packed and misnamed too, and that is said."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for row in (["phone", "name"], ["0991234567", "Ana"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "leads.xlsx")
    content = (tmp_path / "leads.xlsx").read_bytes()
    assert names(tmp_path / "leads.xlsx") == ["Ana"]
    assert names(written("leads.zip", zipped({"leads.xlsx": content}))) == ["Ana"]
    path = written("leads.xls", content)
    assert names(path) == ["Ana"]
    note = "leads.xls is a workbook of the kind .xlsx by its content, and read as that."
    assert note in open_leads(path, ReadingOptions()).source.notes


@pytest.mark.parametrize("kind", [FileFormat.ODS, FileFormat.XLS])
def test_broken_workbook_of_another_kind_is_refused(written: Writer, kind: FileFormat) -> None:
    """What only looks like a workbook ends in a clean error."""
    content = {
        FileFormat.ODS: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        FileFormat.XLS: OLE + "Workbook".encode("utf-16-le"),
    }
    refused(written(f"leads.{kind}", content[kind]))


def test_leaves_room_for_the_results(tmp_path: Path) -> None:
    """A file so wide that its results would not fit is refused before anything is sent."""
    path = tmp_path / "leads.csv"
    path.write_text("a,b,c\n1,2,3\n")
    with pytest.raises(SourceError, match="3 columns") as caught:
        open_leads(path, ReadingOptions(limits=Limits(max_columns=5)))
    assert "results need three" in str(caught.value)
    path.write_text("a,b,dialer_result,dialer_status,dialer_error\n1,2,0,unsent,\n")
    assert open_leads(path, ReadingOptions(limits=Limits(max_columns=5))).source.leads == 1


def test_a_nameless_member_of_an_archive_is_a_file(tmp_path: Path) -> None:
    """Whatever an archive calls what it holds, nothing breaks."""
    path = tmp_path / "leads.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("zz", "phone\n0991234567\n")
    path.write_bytes(path.read_bytes().replace(b"zz", b"\0z"))  # a name ends at its first NUL
    assert open_leads(path, ReadingOptions()).source.leads == 1


@pytest.mark.parametrize("name", ["leads.csv/leads.csv", "a" * 300 + ".csv"])
def test_a_path_that_leads_to_no_file_is_no_fault_of_a_disk(written: Writer, name: str) -> None:
    """To copy the file would help nobody."""
    folder = written("leads.csv", LIST).parent
    with pytest.raises(SourceError, match="is no path of a file") as caught:
        open_leads(folder / name, ReadingOptions())
    assert caught.value.remedy == "Check the path and the name."


def test_a_workbook_without_its_main_part_is_no_archive_of_files(tmp_path: Path) -> None:
    """It is an incomplete workbook, and not a choice among its parts."""
    path = tmp_path / "leads.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
        archive.writestr("xl/styles.xml", "<styleSheet/>")
    with pytest.raises(SourceError, match="which sheets it has is missing"):
        open_leads(path, ReadingOptions())
