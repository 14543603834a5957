from __future__ import annotations

import grp
import os
import pwd
import stat
import subprocess
from pathlib import Path

import pytest

from bulk_loader import owners
from bulk_loader.owners import exposure, is_shared, keep_private, make_private, readers, writers
from tests.support.users import NOBODY, as_user, needs_root

OTHER_GROUP = 54321  # no group of this number is anybody's own


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of one's own, in a folder of one's own."""
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    path = folder / "file"
    path.touch()
    path.chmod(0o644)
    return path


def why(path: Path) -> str:
    """What the exposure of a file is; "" for none."""
    found = exposure(path, path.stat())
    return "" if found is None else f"{found.why} {found.remedy}"


def test_a_file_of_ones_own_is_trusted(file: Path) -> None:
    """As it is made with the usual mode, and by a link of one's own."""
    link = file.with_name("link")
    link.symlink_to(file)
    assert why(file) == why(link) == ""


def test_what_everybody_may_write_is_exposed(file: Path) -> None:
    """The file itself, or the folder in which another can be put."""
    file.chmod(0o646)
    assert "can be written by every user of this machine" in why(file)
    assert f"chmod go-w {file}" in why(file)
    file.chmod(0o644)
    file.parent.chmod(0o777)
    assert f"Its folder {file.parent} can be written by every user" in why(file)


def test_in_a_sticky_folder_ones_own_file_is_trusted(file: Path) -> None:
    """Nobody else can put another in its place there."""
    file.parent.chmod(0o1777)
    assert why(file) == ""
    assert is_shared(file.parent)


@needs_root
def test_what_another_user_wrote_is_exposed(file: Path) -> None:
    """A file, a folder and a link of his; those of root are nobody's trap."""
    os.chown(file, NOBODY, 0)
    assert "belongs to nobody" in why(file)
    assert f"sudo chown 0 {file}" in why(file)
    os.chown(file, 0, 0)
    os.chown(file.parent, NOBODY, 0)
    assert "belongs to nobody, who can put another file there" in why(file)
    os.chown(file.parent, 0, 0)
    link = file.with_name("link")
    link.symlink_to(file)
    os.lchown(link, NOBODY, NOBODY)
    assert "is a link that nobody has put there" in why(link)
    with as_user(NOBODY):
        assert why(Path("/etc/passwd")) == ""


@needs_root
def test_the_folder_that_a_link_leads_to_counts(file: Path, tmp_path: Path) -> None:
    """Whoever writes there decides what is read."""
    link = tmp_path / "link"
    link.symlink_to(file)
    file.parent.chmod(0o777)
    assert f"Its folder {file.parent}" in why(link)


@needs_root
def test_another_group_is_other_people(file: Path) -> None:
    """What only its group may write or read is open to its members."""
    os.chown(file, 0, OTHER_GROUP)
    file.chmod(0o660)
    assert writers(file, file.stat()) == readers(file, file.stat())
    assert f"the users of the group {OTHER_GROUP}" in why(file)


@needs_root
def test_the_group_that_a_user_has_alone_is_nobody_else(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the umask of Debian and Fedora all files can be written by it."""
    me = pwd.getpwuid(0)
    file.chmod(0o660)
    cases = {
        (me.pw_name, ()): True,
        (me.pw_name, (me.pw_name,)): True,
        (me.pw_name, ("mallory",)): False,
        ("users", ()): False,
    }
    for (name, members), is_private in cases.items():
        group = grp.struct_group((name, "x", 0, list(members)))
        monkeypatch.setattr(grp, "getgrgid", lambda _number, group=group: group)
        assert (writers(file, file.stat()) == "") is is_private, (name, members)
        assert (readers(file, file.stat()) == "") is is_private, (name, members)


def test_a_list_of_further_rights_is_seen(file: Path) -> None:
    """With one the bits of the group are those of all who are named in it."""
    try:
        ended = subprocess.run(["setfacl", "-m", "u:daemon:rw", file], check=False)
    except FileNotFoundError:
        pytest.skip("this machine has no setfacl")
    if ended.returncode:
        pytest.skip("this disk keeps no such lists")
    assert writers(file, file.stat())


def test_a_user_and_a_group_without_a_name_are_told_by_their_numbers() -> None:
    """Containers have files of users that they do not know."""
    assert owners.user_name(54321) == "user 54321"
    assert owners.group_name(54321) == "54321"


def mode(path: Path) -> int:
    """Its rights."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_a_private_directory_is_private_and_those_above_are_as_usual(
    tmp_path: Path, umask: int
) -> None:
    """Whatever the umask is."""
    folder = tmp_path / "state" / "ours"
    before = os.umask(umask)
    try:
        assert make_private(folder) is None
    finally:
        os.umask(before)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o777 & ~umask)


@pytest.mark.parametrize("before", [0o755, 0o777, 0o1777, 0o2775, 0o500])
def test_a_directory_of_ones_own_becomes_private(tmp_path: Path, before: int) -> None:
    """What its owner may not do stays so."""
    folder = tmp_path / "ours"
    folder.mkdir()
    folder.chmod(before)
    assert make_private(folder) is None
    assert mode(folder) & 0o777 == before & 0o700


@needs_root
def test_what_is_another_users_is_named_and_left_alone(file: Path) -> None:
    """A directory, a file, and a link that he has put there."""
    link = file.with_name("link")
    link.symlink_to(file)
    os.lchown(link, NOBODY, NOBODY)
    os.chown(file.parent, NOBODY, NOBODY)
    for path, exposed in ((link, keep_private(link)), (file.parent, make_private(file.parent))):
        assert exposed is not None
        assert exposed.why == f"{path} belongs to nobody."
        assert exposed.remedy == f"sudo chown 0 {path}"
    assert mode(file.parent) == 0o755


def test_what_is_not_there_is_private(tmp_path: Path) -> None:
    """Nor is a file in the way of a directory one."""
    assert keep_private(tmp_path / "none") is None
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        make_private(tmp_path / "file")
