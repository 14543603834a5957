from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from bulk_loader.results.replacing import replacing

if TYPE_CHECKING:
    from pathlib import Path


def test_replaces_the_file_with_the_mode_of_its_source(tmp_path: Path) -> None:
    """The new content stands at the path, as readable as the file that it was made from."""
    source, path = tmp_path / "source", tmp_path / "path"
    source.touch()
    source.chmod(0o440)
    path.write_bytes(b"old")

    with replacing(path, mode_of=source) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(tmp_path.iterdir()) == [path, source]


def test_keeps_the_file_private_without_a_source(tmp_path: Path) -> None:
    """Where the source was standard input, only the owner may read the new file."""
    path = tmp_path / "path"

    with replacing(path, mode_of=tmp_path / "none"):
        pass

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_leaves_everything_as_it_was_on_a_failure(tmp_path: Path) -> None:
    """A failure in the middle leaves the old file, and nothing beside it."""
    path = tmp_path / "path"
    path.write_bytes(b"old")

    def interrupted() -> None:
        with replacing(path, mode_of=path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_takes_away_what_a_crash_left(tmp_path: Path) -> None:
    """Half a file with people's numbers does not lie about for ever, and is never gone on with."""
    path = tmp_path / ("x" * 255)
    with replacing(path, mode_of=path) as file:
        file.write(b"a longer text of a run that will be killed")
        file.flush()
        (unfinished,) = tmp_path.iterdir()
        left = unfinished.read_bytes()
    path.unlink()
    unfinished.write_bytes(left)

    with replacing(path, mode_of=path) as file:
        file.write(b"new")

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_follows_a_link(tmp_path: Path) -> None:
    """A link stays a link; what it leads to is replaced."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.touch()
    link.symlink_to(target)

    with replacing(link, mode_of=target) as file:
        file.write(b"new")

    assert link.is_symlink()
    assert target.read_bytes() == b"new"
