from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.settings.replacing import ChangedMeanwhileError, replace_file
from tests.support.users import NOBODY, as_user, needs_root

if TYPE_CHECKING:
    from collections.abc import Iterator

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


@pytest.fixture
def file(directory: Path) -> Path:
    """A settings file of one line."""
    directory.chmod(0o700)
    path = directory / "bulk_loader.toml"
    path.write_bytes(b"rate = 1\n")
    path.chmod(0o640)
    return path


@pytest.fixture
def shared() -> Iterator[Path]:
    """The same in a folder that every user can enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "bulk_loader.toml"
        path.write_bytes(b"rate = 1\n")
        yield path


def test_a_file_is_exchanged_as_a_whole(file: Path) -> None:
    """Nothing else is left in its folder."""
    replace_file(file, b"rate = 1\n", b"rate = 2\n")
    assert file.read_bytes() == b"rate = 2\n"
    assert list(file.parent.iterdir()) == [file]


@posix
def test_owner_and_rights_stay(file: Path) -> None:
    """Whoever may read it now may do so then, and nobody else."""
    before = file.stat()
    replace_file(file, b"rate = 1\n", b"rate = 2\n")
    after = file.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino


@needs_root
def test_the_owner_stays_where_root_changes_it(file: Path) -> None:
    """A file of another user would not be obeyed, so it is one of another group here."""
    os.chown(file, 0, NOBODY)
    replace_file(file, b"rate = 1\n", b"rate = 2\n")
    assert (file.stat().st_uid, file.stat().st_gid) == (0, NOBODY)


@posix
def test_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    """What it leads to is exchanged, in its own folder."""
    other = tmp_path / "dotfiles"
    other.mkdir(mode=0o700)
    real = other / "real.toml"
    file.rename(real)
    file.symlink_to(real)
    replace_file(file, b"rate = 1\n", b"rate = 2\n")
    assert file.is_symlink()
    assert real.read_bytes() == b"rate = 2\n"
    assert [len(list(folder.iterdir())) for folder in (file.parent, other)] == [1, 1]


def test_what_somebody_else_has_written_is_not_written_over(file: Path) -> None:
    """It is seen just before the exchange."""
    with pytest.raises(ChangedMeanwhileError, match="was changed since"):
        replace_file(file, b"rate = 7\n", b"rate = 2\n")
    assert file.read_bytes() == b"rate = 1\n"
    assert list(file.parent.iterdir()) == [file]


def test_of_several_at_once_one_wins(file: Path) -> None:
    """Nobody writes over what another has written a moment before; the others are told."""
    together = Barrier(8)

    def change(number: int) -> bool:
        together.wait()
        try:
            replace_file(file, b"rate = 1\n", b"rate = %d\n" % number)
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(change, range(2, 10)))
    assert won.count(True) == 1
    assert file.read_bytes() == b"rate = %d\n" % (won.index(True) + 2)


@posix
def test_a_file_with_two_names_is_left(file: Path) -> None:
    """The other name would keep the old settings, and nobody would know."""
    os.link(file, file.parent / "other.toml")
    with pytest.raises(SettingsError, match="another name besides"):
        replace_file(file, b"rate = 1\n", b"rate = 2\n")


def test_a_file_that_is_too_long_is_left(file: Path) -> None:
    """It could not be read any more."""
    with pytest.raises(SettingsError, match="more than 1,000,000 bytes"):
        replace_file(file, b"rate = 1\n", b"#" * 1_000_001)


def test_a_file_that_is_gone_is_told(file: Path) -> None:
    """As the system says it."""
    file.unlink()
    with pytest.raises(SettingsError, match="No such file"):
        replace_file(file, b"rate = 1\n", b"rate = 2\n")
    assert list(file.parent.iterdir()) == []


@needs_root
def test_a_folder_that_can_not_be_written_is_told(shared: Path) -> None:
    """The file is as it was."""
    file = shared
    os.chown(file, NOBODY, NOBODY)
    with as_user(NOBODY), pytest.raises(SettingsError, match=r"denied. It is as it was\."):
        replace_file(file, b"rate = 1\n", b"rate = 2\n")
    assert file.read_bytes() == b"rate = 1\n"


@needs_root
def test_an_owner_that_can_not_be_kept_is_told(shared: Path) -> None:
    """A file of root that its reader may exchange would become the reader's."""
    file = shared
    os.chown(file.parent, NOBODY, NOBODY)
    file.chmod(0o644)
    with as_user(NOBODY), pytest.raises(SettingsError, match=r"not permitted. It is as it was\."):
        replace_file(file, b"rate = 1\n", b"rate = 2\n")
    assert (file.read_bytes(), file.stat().st_uid) == (b"rate = 1\n", 0)
    assert list(file.parent.iterdir()) == [file]


@posix
def test_a_disk_without_room_changes_nothing(file: Path) -> None:
    """What was begun is taken away again."""
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from bulk_loader.settings.replacing import replace_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "try:\n"
        "    replace_file(Path(sys.argv[1]), b'rate = 1\\n', b'#' * 50)\n"
        "except Exception as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, "-c", code, str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "File too large. It is as it was." in ended.stdout
    assert file.read_bytes() == b"rate = 1\n"
    assert list(file.parent.iterdir()) == [file]
