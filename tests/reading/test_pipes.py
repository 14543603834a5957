from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ExitCode, SourceError
from bulk_loader.model import FileFormat
from bulk_loader.reading import Patience, ReadingOptions, open_leads, pipe_name
from bulk_loader.reading.pipes import descriptor_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = b"phone,name\n0991234567,Ana\n0991234568,Luis\n"

needs_descriptors = pytest.mark.skipif(
    not Path("/dev/fd").exists(), reason="this system has no descriptors among its files"
)


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A named pipe."""
    path = tmp_path / "list.csv"
    os.mkfifo(path)
    return path


@pytest.fixture
def piped() -> Iterator[int]:
    """Reading end of a pipe with a list in it."""
    reading, writing = os.pipe()
    os.write(writing, LIST)
    os.close(writing)
    yield reading
    os.close(reading)


def refused(path: Path, patience: Patience | None = None) -> SourceError:
    """The error that opening it raises, which has all it must have."""
    with pytest.raises(SourceError) as caught:
        open_leads(path, ReadingOptions(patience=patience or Patience()))
    assert caught.value.exit_code == ExitCode.BAD_FILE
    assert caught.value.why
    assert caught.value.remedy
    return caught.value


@needs_descriptors
@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("-", 0),
        ("/dev/stdin", 0),
        ("/dev/fd/63", 63),
        ("/proc/self/fd/0", 0),
        ("/proc/thread-self/fd/7", 7),
        ("/dev/../dev/fd/7", 7),
        ("/dev/null", None),
        ("/dev/fd/x", None),
        ("/dev/fd", None),
        ("/proc/1/fd/0", None),
        ("./-", None),
        ("stdin", None),
        ("fd/7", None),
    ],
)
def test_descriptors_are_told_from_files(path: str, number: int | None) -> None:
    """What a shell writes for `<(command)` is no file of that name."""
    expected = 0 if path == "./-" else number  # pathlib takes the two for the same
    assert descriptor_of(Path(path)) == expected
    assert descriptor_of(Path(f"/proc/{os.getpid()}/fd/7")) == 7


def test_pipes_have_names_for_people(tmp_path: Path, pipe: Path) -> None:
    """And files have none, nor what is not there or can't be asked."""
    assert pipe_name(Path("-")) == "standard input"
    assert pipe_name(pipe) == f"the pipe {pipe}"
    for path in (tmp_path, tmp_path / "none", tmp_path / ("x" * 300)):
        assert pipe_name(path) == ""


@needs_descriptors
def test_a_descriptor_is_read_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piped: int
) -> None:
    """Its list can be read as often as needed, and belongs to the working directory."""
    monkeypatch.chdir(tmp_path)
    table = open_leads(Path(f"/dev/fd/{piped}"), ReadingOptions())
    source = table.source
    assert (source.path, source.leads, source.is_piped) == (tmp_path / "piped.csv", 2, True)
    assert len(list(table.records())) == len(list(table.records())) == 3
    os.fstat(piped)  # it is the caller's, and still open


@needs_descriptors
def test_a_file_behind_a_descriptor_is_read_from_there_on(tmp_path: Path) -> None:
    """As a shell passes it on; what was read before is gone."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"a title\n" + LIST)
    with path.open("rb", buffering=0) as file:
        file.seek(8)
        source = open_leads(Path(f"/proc/self/fd/{file.fileno()}"), ReadingOptions()).source
    assert (source.columns, source.format) == (("phone", "name"), FileFormat.CSV)
    assert source.path.name == "piped.csv"


@needs_descriptors
def test_a_closed_descriptor_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing to read, nobody waits."""
    assert "descriptor 999 is closed" in refused(Path("/dev/fd/999")).what
    monkeypatch.setattr("sys.stdin", None)
    assert "standard input is closed" in refused(Path("-")).what
    assert "standard input is closed" in refused(Path("/dev/stdin")).what


@needs_descriptors
def test_a_descriptor_that_can_not_be_read_is_not_blamed_on_the_disk(tmp_path: Path) -> None:
    """One that is open for writing only, or leads to a folder, is named with the system's reason."""
    with (tmp_path / "out").open("wb") as out:
        error = refused(Path(f"/dev/fd/{out.fileno()}"))
    assert error.what.startswith("descriptor")
    assert "Bad file descriptor" in error.why
    folder = os.open(tmp_path, os.O_RDONLY)
    error = refused(Path(f"/dev/fd/{folder}"))
    os.close(folder)
    assert "s a directory" in error.why


def test_a_pipe_that_nobody_writes_to_is_told_and_given_up(pipe: Path) -> None:
    """No run hangs for ever, and nobody wonders what it waits for."""
    told: list[str] = []
    error = refused(pipe, Patience(told.append, silent_s=0.01, writer_s=0.01))
    assert error.what == f"Nobody writes into the pipe {pipe}."
    assert told == [f"Waiting for a program that writes into the pipe {pipe}."]
    deadline = time.monotonic() + 30
    while any(thread.name == "open pipe" for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "the thread that opens it was left behind"


def test_a_pipe_whose_writer_comes_late_is_read(pipe: Path) -> None:
    """What is told while waiting is not the end of it."""

    def tell(_sentence: str) -> None:
        threading.Thread(target=pipe.write_bytes, args=(LIST,)).start()

    table = open_leads(pipe, ReadingOptions(patience=Patience(tell, silent_s=0.01)))
    assert (table.source.leads, table.source.path) == (2, pipe)
    assert table.source.is_piped


@needs_descriptors
def test_a_writer_that_is_slow_is_waited_for_and_told() -> None:
    """A database may take its time for the first row."""
    reading, writing = os.pipe()

    def tell(sentence: str) -> None:
        assert sentence == f"Waiting for the list from descriptor {reading}."
        os.write(writing, LIST)
        os.close(writing)

    table = open_leads(
        Path(f"/dev/fd/{reading}"), ReadingOptions(patience=Patience(tell, silent_s=0.01))
    )
    os.close(reading)
    assert table.source.leads == 2


def test_a_pipe_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    """The system's refusal reaches the user from the thread that asked."""
    link = tmp_path / "link.csv"
    link.symlink_to("link.csv")
    assert "symbolic links" in refused(link).why


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    """The name is there, and that it is none of a file is what to look at."""
    link = tmp_path / "list.csv"
    link.symlink_to("gone.csv")
    error = refused(link)
    assert error.what == f"{link} is a link that leads nowhere."
    assert str(tmp_path / "gone.csv") in error.why


@pytest.mark.parametrize("size", [1, 2])
def test_a_file_that_grows_while_it_is_read_is_noticed(tmp_path: Path, size: int) -> None:
    """A lead that nobody has counted is not handed on, neither to be sent nor to be written."""
    path = tmp_path / "list.csv"
    path.write_bytes(LIST)
    table = open_leads(path, ReadingOptions())
    batches = table.batches(size)
    rows = table.records()
    next(batches)
    with path.open("ab") as file:
        file.write(b"0991234569,Eva\n" * 3000)
    with pytest.raises(SourceError, match="was changed"):
        list(batches)
    with pytest.raises(SourceError, match="was changed"):
        list(rows)
    with pytest.raises(SourceError, match="was changed"):
        table.require_unchanged()
    path.unlink()
    with pytest.raises(SourceError, match="There is no file"):
        table.require_unchanged()
