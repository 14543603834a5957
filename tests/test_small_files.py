from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from bulk_loader.small_files import Patience, read_small

if TYPE_CHECKING:
    from pathlib import Path

SHORT = Patience(writer_s=0.01, content_s=0.01)


def content(path: Path, most: int = 100, patience: Patience | None = None) -> bytes:
    """What stands there."""
    return read_small(path, most, patience).content


def test_a_file_is_read_whole_up_to_its_bound(tmp_path: Path) -> None:
    """One byte more is an error, however much follows."""
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)
    assert content(path) == b"x" * 100
    path.write_bytes(b"x" * 101)
    with pytest.raises(OSError, match="more than 100 bytes"):
        content(path)


@pytest.mark.parametrize("place", ["/dev/zero", "/dev/urandom", "/dev/tty", "/dev/full"])
def test_a_device_is_never_read(place: str, tmp_path: Path) -> None:
    """It has no end, or waits for a person; neither directly nor by a link."""
    link = tmp_path / "link"
    link.symlink_to(place)
    for path in (type(link)(place), link):
        with pytest.raises(OSError, match="device"):
            content(path)


def test_a_folder_is_none(tmp_path: Path) -> None:
    """As the system says it."""
    with pytest.raises(IsADirectoryError):
        content(tmp_path)


def test_the_device_of_nothing_is_an_empty_file(tmp_path: Path) -> None:
    """People name it to say that there is none."""
    assert content(type(tmp_path)(os.devnull)) == b""


def test_a_pipe_that_nobody_writes_into_is_given_up(tmp_path: Path) -> None:
    """It is waited for, and not for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(TimeoutError, match="No program writes into it"):
        content(pipe, patience=SHORT)


def test_a_pipe_that_has_no_end_is_given_up(tmp_path: Path) -> None:
    """Neither what is written in drops nor what never comes keeps the program."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    try:
        for written in (b"", b"half"):
            os.write(writer, written)
            with pytest.raises(TimeoutError, match="no end"):
                content(pipe, patience=SHORT)
    finally:
        os.close(writer)


def test_what_comes_through_a_pipe_is_taken(tmp_path: Path) -> None:
    """In several parts, and from a writer that comes later."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        descriptor = os.open(pipe, os.O_WRONLY)  # waits for the reader
        os.write(descriptor, b"one ")
        os.write(descriptor, b"two")
        os.close(descriptor)

    thread = threading.Thread(target=write)
    thread.start()
    assert content(pipe) == b"one two"
    thread.join()


@pytest.mark.parametrize("size", [0, 3, 101])
def test_a_pipe_of_a_shell_is_read_to_its_end(size: int) -> None:
    """`<(pass show x)` is one of /dev/fd, whose writer may be over before it is read."""
    program = (
        "import sys; from pathlib import Path; from bulk_loader.small_files import read_small\n"
        "try: print(len(read_small(Path(sys.argv[1]), 100).content))\n"
        "except OSError as error: print(error.strerror)"
    )
    command = f'{shlex.quote(sys.executable)} -c "$1" <(printf "%{size or ""}s" ""{" | head -c 0" * (not size)})'
    ended = subprocess.run(
        ["bash", "-c", command, "bash", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == (str(size) if size <= 100 else "It has more than 100 bytes")
