from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.results import obstacle
from bulk_loader.results.stamps import stamp_path
from tests.cli.conftest import REPOSITORY
from tests.support.users import NOBODY, as_user, needs_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder such as /tmp, where everybody may write, and only owners remove."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o1777)
    yield folder
    shutil.rmtree(folder)


def test_a_file_that_is_not_there_yet_is_no_obstacle(tmp_path: Path) -> None:
    """The trying leaves nothing behind."""
    assert obstacle(tmp_path / "results.csv", size=1000) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o644, 0o444])
def test_a_file_that_is_there_is_replaced_whatever_its_mode(tmp_path: Path, mode: int) -> None:
    """Its folder decides; and it is as it was before."""
    path = tmp_path / "results.csv"
    path.write_text("old")
    path.chmod(mode)
    before = path.stat()
    assert obstacle(path) == ""
    assert path.stat() == before


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    """The folder that is tried is the one where the file really stands."""
    real = tmp_path / "there" / "results.csv"
    real.parent.mkdir()
    real.touch()
    (tmp_path / "link.csv").symlink_to(real)
    assert obstacle(tmp_path / "link.csv") == ""


@pytest.mark.parametrize("target", ["nowhere.csv", "link.csv", "no/folder/x.csv"])
def test_a_link_that_leads_nowhere_is_never_followed(tmp_path: Path, target: str) -> None:
    """What it would make of its target is nothing that anybody asked for."""
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    assert obstacle(link) == f"It is a link that leads nowhere: {target}."
    assert list(tmp_path.iterdir()) == [link]


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    """Neither a folder, nor a pipe, nor a socket, nor what the system has in /dev and /proc."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    (tmp_path / "null").symlink_to(os.devnull)
    assert obstacle(tmp_path) == "It is a folder."
    for name in ("pipe", "socket", "null"):
        assert obstacle(tmp_path / name) == "It is a device, a pipe or a socket."
    for path in ("/dev/null", "/dev/new.csv", "/dev/fd/1", "/proc/self/fd/1", "/proc/new.csv"):
        assert "is no file" in obstacle(Path(path))


def test_what_the_system_can_not_hold_is_named(tmp_path: Path) -> None:
    """A name that is too long for the folder, a folder that is none, and one that is a file."""
    assert obstacle(tmp_path / ("x" * 256)) == "The name is too long for this system."
    deep = tmp_path
    while len(os.fsencode(deep)) < 4070:
        deep /= "x" * min(200, 4074 - len(os.fsencode(deep)))
    make = f"import os\nfor part in {deep.parts!r}:\n os.makedirs(part, exist_ok=True)\n os.chdir(part)"
    subprocess.run([sys.executable, "-c", make], check=True, cwd="/")
    assert obstacle(deep / "x.csv") == "The name is too long for this system."
    assert obstacle(tmp_path / "no" / "x.csv") == f"There is no folder {tmp_path / 'no'}."
    (tmp_path / "file").touch()
    assert "Not a directory" in obstacle(tmp_path / "file" / "x.csv")


def test_a_disk_without_room_for_them_is_named(tmp_path: Path) -> None:
    """The results have as many bytes as the list at least."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    try:
        assert obstacle(tmp_path / "results.csv", size=5000) == ""
        told = obstacle(tmp_path / "results.csv", size=5001)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told == "There is no room for them on that disk."
    assert list(tmp_path.iterdir()) == []


@needs_root
def test_a_folder_without_permission_is_named(shared: Path) -> None:
    """Tried as the user who runs the program, whatever the bits say."""
    closed = shared / "closed"
    closed.mkdir(mode=0o755)
    with as_user(NOBODY):
        assert obstacle(closed / "results.csv") == f"The folder {closed} can't be written."
        os.seteuid(0)
        closed.chmod(0o700)
        os.seteuid(NOBODY)
        assert "may not look at" in obstacle(closed / "results.csv")


@needs_root
def test_another_users_file_in_a_shared_folder_can_not_be_replaced(shared: Path) -> None:
    """In /tmp the owners alone may rename; one's own file is no obstacle, nor any to the superuser."""
    path = shared / "results.csv"
    path.touch()
    with as_user(NOBODY):
        assert "another user's file" in obstacle(path)
        (shared / "own.csv").touch()
        assert obstacle(shared / "own.csv") == ""
    assert obstacle(shared / "own.csv") == ""


@needs_root
def test_another_users_link_in_a_shared_folder_is_not_followed(shared: Path) -> None:
    """Who foresees the name of a results file must not choose what it replaces."""
    precious = shared / "precious"
    precious.touch()
    link = shared / "results.csv"
    link.symlink_to(precious)
    os.lchown(link, NOBODY, NOBODY)
    assert obstacle(link) == "It is a link that another user has put there."
    os.lchown(link, 0, 0)
    assert obstacle(link) == ""


@needs_root
def test_a_file_that_is_mounted_or_immutable_can_not_be_replaced(tmp_path: Path) -> None:
    """Containers mount single files, and administrators freeze them."""
    path = tmp_path / "a list.csv"
    path.touch()
    show = (
        "from pathlib import Path; from bulk_loader.results import obstacle;"
        f"print(obstacle(Path({str(path)!r})))"
    )
    ends = {
        "mounted": ["unshare", "-m", "sh", "-c", 'mount --bind "$1" "$1" && exec "$2" -c "$3"'],
        "can't be replaced": ["sh", "-c", 'chattr +i "$1" && "$2" -c "$3"; chattr -i "$1"'],
    }
    for told, command in ends.items():
        ended = subprocess.run(
            [*command, "sh", path, sys.executable, show],
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
            text=True,
        )
        if "obstacle" in ended.stderr or not ended.stdout:
            pytest.skip(f"this machine can't try it: {ended.stderr}")
        assert told in ended.stdout


def test_a_link_in_a_folder_that_others_can_write_is_not_followed(tmp_path: Path) -> None:
    """Whoever owns it now: without the sticky bit anybody can put another in its place."""
    folder = tmp_path / "open"
    folder.mkdir()
    precious = tmp_path / "precious"
    precious.touch()
    link = folder / "results.csv"
    link.symlink_to(precious)
    assert obstacle(link) == ""
    folder.chmod(0o777)
    assert "others can put their own in its place" in obstacle(link)
    way = tmp_path / "way.csv"
    way.symlink_to(link)
    assert "others can put their own in its place" in obstacle(way), "also at the end of a way"
    link.unlink()
    os.link(precious, link)
    assert obstacle(link) == "", "a second name of a file is replaced, and the file is not"


@needs_root
def test_what_stands_in_the_place_of_the_stamp_is_found(shared: Path) -> None:
    """It is written before the first lead, so it is looked at before, too."""
    results = shared / "results.csv"
    stamp = stamp_path(results)
    ways: tuple[Callable[[], None], ...] = (
        stamp.touch,
        lambda: os.mkfifo(stamp),
        lambda: stamp.symlink_to("nowhere"),
    )
    for make in ways:
        make()
        assert obstacle(results) == ""
        with as_user(NOBODY):
            assert "says whose the results are" in obstacle(results)
            assert "another user's file" in obstacle(results)
        stamp.unlink()
    stamp.mkdir()
    assert obstacle(results).endswith("It is a folder.")


@needs_root
def test_a_folder_where_nothing_can_be_renamed_is_named(tmp_path: Path) -> None:
    """Files may be added to it, and so the first half of the writing would go well."""
    folder = tmp_path / "growing"
    folder.mkdir()
    ended = subprocess.run(["chattr", "+a", folder], check=False)
    if ended.returncode:
        pytest.skip("this disk knows no such folders")
    try:
        assert "can be renamed and removed" in obstacle(folder / "results.csv")
    finally:
        subprocess.run(["chattr", "-a", folder], check=True)


@needs_root
def test_a_foreign_file_is_named_with_its_owner(shared: Path) -> None:
    """Whoever reads it knows whom to ask."""
    path = shared / "results.csv"
    path.touch()
    with as_user(NOBODY):
        assert f"{shared} lets only its owner root replace it." in obstacle(path)


def test_what_another_run_is_writing_is_left_alone(tmp_path: Path) -> None:
    """The file that is made for the trial has a name of its own."""
    being_written = tmp_path / ".results-0123456789abcdef.part"
    being_written.write_text("half")
    assert obstacle(tmp_path / "results.csv") == ""
    assert being_written.read_text() == "half"
