from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bulk_loader.reading.copies import PREFIX, PrivateCopy, remove_abandoned
from tests.cli.conftest import REPOSITORY
from tests.support.users import NOBODY, needs_root

if TYPE_CHECKING:
    from pathlib import Path

COPY_AND_WAIT = """
from bulk_loader.reading.copies import PrivateCopy
copy = PrivateCopy("leads.csv")
copy.path.write_text("0991234567")
print(copy.path.parent, flush=True)
input()
"""


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory for temporary files."""
    place = tmp_path / "copies"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    return place


def test_what_a_killed_program_left_is_removed_by_the_next(copies: Path) -> None:
    """Phone numbers do not lie about; what a living program still reads is left alone."""
    program = subprocess.Popen(
        [sys.executable, "-c", COPY_AND_WAIT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    with program:
        assert program.stdout is not None
        left = program.stdout.readline().strip()
        own = PrivateCopy("own")
        remove_abandoned()
        assert {str(path) for path in copies.iterdir()} == {left, str(own.path.parent)}
        program.send_signal(signal.SIGKILL)
    remove_abandoned()
    assert list(copies.iterdir()) == [own.path.parent]


def test_only_directories_of_its_own_making_are_removed(copies: Path) -> None:
    """Neither a link, nor a file, nor one that others may look into."""
    precious = copies / "precious"
    precious.mkdir(mode=0o700)
    (copies / f"{PREFIX}link").symlink_to(precious)
    (copies / f"{PREFIX}file").touch()
    os.mkfifo(copies / f"{PREFIX}pipe")
    (copies / f"{PREFIX}open").mkdir()
    (copies / f"{PREFIX}open").chmod(0o755)
    before = sorted(copies.iterdir())
    remove_abandoned()
    assert sorted(copies.iterdir()) == before


def test_a_link_in_an_abandoned_one_is_not_followed(copies: Path) -> None:
    """What it leads to is nothing that the program has made."""
    precious = copies / "precious"
    precious.mkdir()
    (precious / "file").touch()
    abandoned = copies / f"{PREFIX}x"
    abandoned.mkdir(mode=0o700)
    (abandoned / "link").symlink_to(precious)
    remove_abandoned()
    assert sorted(copies.rglob("*")) == [precious, precious / "file"]


@needs_root
def test_those_of_another_user_are_his(copies: Path) -> None:
    """A superuser could remove them, and does not."""
    foreign = copies / f"{PREFIX}foreign"
    foreign.mkdir(mode=0o700)
    os.chown(foreign, NOBODY, NOBODY)
    remove_abandoned()
    assert foreign.exists()


def test_a_place_that_is_not_there_holds_none(copies: Path) -> None:
    """Nothing fails for want of what is to be removed."""
    copies.rmdir()
    remove_abandoned()
