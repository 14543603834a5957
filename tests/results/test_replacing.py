from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from bulk_loader.results.replacing import replacing, unfinished_path
from tests.support.users import NOBODY, needs_root

if TYPE_CHECKING:
    from pathlib import Path

OTHER_GROUP = 54321  # no group of this number is anybody's own


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


def test_takes_away_only_what_it_left_itself(tmp_path: Path) -> None:
    """Of this results file, and no folder, link or pipe that somebody has put there."""
    path = tmp_path / "results.csv"
    others = [tmp_path / ".results-0123456789abcdef-0123456789abcdef.part", tmp_path / "precious"]
    for other in others:
        other.write_text("kept")
    planted = [unfinished_path(path) for _ in range(4)]
    planted[0].mkdir()
    planted[1].symlink_to(others[1])
    os.mkfifo(planted[2])
    planted[3].write_text("half")
    old = tmp_path / (planted[3].name[: len(".results-") + 16] + ".part")
    old.write_text("half of an earlier release")

    with replacing(path, mode_of=path) as file:
        file.write(b"new")

    assert path.read_bytes() == b"new"
    assert sorted(tmp_path.iterdir()) == sorted([path, *others, *planted[:3]])
    assert {other.read_text() for other in others} == {"kept"}


@needs_root
def test_leaves_what_another_user_left(tmp_path: Path) -> None:
    """He may be writing it at this moment, from a ledger of his own."""
    path = tmp_path / "results.csv"
    foreign = unfinished_path(path)
    foreign.touch()
    os.chown(foreign, NOBODY, NOBODY)

    with replacing(path, mode_of=path):
        pass

    assert foreign.exists()


def test_no_name_can_be_foreseen(tmp_path: Path) -> None:
    """Nobody can put a link where the next file is made."""
    assert len({unfinished_path(tmp_path / "results.csv") for _ in range(100)}) == 100


@needs_root
@pytest.mark.parametrize("mode", [0o777, 0o775, 0o1777])
def test_a_link_in_a_folder_that_others_can_write_is_itself_replaced(
    tmp_path: Path, mode: int
) -> None:
    """It may have been put there while leads were sent: what it leads to is left alone."""
    folder, precious = tmp_path / "open", tmp_path / "precious"
    folder.mkdir()
    precious.write_bytes(b"precious")
    link = folder / "results.csv"
    link.symlink_to(precious)
    os.chown(folder, -1, OTHER_GROUP)
    os.lchown(link, NOBODY, NOBODY)
    folder.chmod(mode)

    with replacing(link, mode_of=tmp_path / "none") as file:
        file.write(b"new")

    assert precious.read_bytes() == b"precious"
    assert (link.is_symlink(), link.read_bytes()) == (False, b"new")


def test_a_hard_link_keeps_its_file(tmp_path: Path) -> None:
    """Another name of a file is replaced, and not what stands under it."""
    precious, path = tmp_path / "precious", tmp_path / "results.csv"
    precious.write_bytes(b"precious")
    os.link(precious, path)

    with replacing(path, mode_of=tmp_path / "none") as file:
        file.write(b"new")

    assert precious.read_bytes() == b"precious"


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    """One of them is replaced."""
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")

    with replacing(tmp_path / "one", mode_of=tmp_path / "none") as file:
        file.write(b"new")

    assert (tmp_path / "one").read_bytes() == b"new"


def test_a_disk_without_modes_takes_the_file(tmp_path: Path) -> None:
    """What can't be as open as its source is as private as it was made."""
    path = tmp_path / "path"

    with replacing(path, mode_of=tmp_path / "gone" / "source"):
        pass

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_follows_a_link(tmp_path: Path) -> None:
    """A link stays a link; what it leads to is replaced."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.touch()
    link.symlink_to(target)

    with replacing(link, mode_of=target) as file:
        file.write(b"new")

    assert link.is_symlink()
    assert target.read_bytes() == b"new"
