from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.settings import load_settings
from bulk_loader.settings.home import FILE_NAME
from tests.support.users import NOBODY, needs_root

if TYPE_CHECKING:
    from bulk_loader.settings import Settings


@pytest.fixture
def file(directory: Path) -> Path:
    """A settings file in the working directory."""
    path = directory / FILE_NAME
    path.write_text('campaign = "planted"')
    path.chmod(0o644)
    directory.chmod(0o755)
    return path


def load(directory: Path, **flags: object) -> Settings:
    """As a command in that directory does it."""
    return load_settings(flags, environ={}, directory=directory)


def refusal(directory: Path, **flags: object) -> SettingsError:
    """Why nothing is done."""
    with pytest.raises(SettingsError, match="is not obeyed") as caught:
        load(directory, **flags)
    return caught.value


@needs_root
def test_the_settings_file_of_another_user_is_not_obeyed(directory: Path, file: Path) -> None:
    """It would name the dialer that gets token and leads; the message says how to take it over."""
    os.chown(file, NOBODY, NOBODY)
    error = refusal(directory)
    assert error.why.startswith(f"{file} belongs to nobody.")
    assert f"sudo chown 0 {file}\n" in error.remedy
    assert "--config" in error.remedy


@pytest.mark.parametrize("mode", [0o646, 0o666, 0o666 | 0o1000])
def test_a_settings_file_that_others_can_write_is_not_obeyed(
    directory: Path, file: Path, mode: int
) -> None:
    """Whoever owns it: all may have written into it."""
    file.chmod(mode)
    assert f"chmod go-w {file}" in refusal(directory).remedy


def test_a_settings_file_in_a_folder_that_others_can_write_is_not_obeyed(
    directory: Path, file: Path
) -> None:
    """There anybody can put another file in its place; in a sticky folder only its owner can."""
    directory.chmod(0o777)
    assert f"chmod go-w {directory}" in refusal(directory).remedy
    directory.chmod(0o1777)
    assert load(directory).origin("campaign") == f'"campaign" in {file}'


def test_a_file_that_is_named_is_judged_too(directory: Path, file: Path) -> None:
    """Who names it need not know who can write it."""
    file.chmod(0o666)
    refusal(directory, config=str(file))
    file.chmod(0o644)
    assert load(directory.parent, config=str(file)).campaign == "planted"


def test_a_link_that_leads_nowhere_is_told(directory: Path, file: Path) -> None:
    """Its target was moved away, and a night without settings would look like any other."""
    file.rename(directory.parent / "moved.toml")
    file.symlink_to(directory.parent / "gone.toml")
    with pytest.raises(SettingsError, match="can't be read") as caught:
        load(directory)
    assert "No such file" in caught.value.why


@needs_root
def test_a_planted_link_is_not_followed(directory: Path, file: Path) -> None:
    """It may lead to a file of one's own that was meant for another dialer."""
    real = file.rename(directory.parent / "real.toml")
    file.symlink_to(real)
    assert load(directory).campaign == "planted"
    directory.chmod(0o1777)
    os.lchown(file, NOBODY, NOBODY)
    assert "is a link that nobody has put there" in refusal(directory).why


def test_another_file_that_is_named_frees_from_a_planted_one(directory: Path, file: Path) -> None:
    """What the message offers helps."""
    file.chmod(0o666)
    own = directory.parent / "own.toml"
    own.write_text('campaign = "mine"')
    assert load(directory, config=str(own)).campaign == "mine"


def test_settings_come_through_a_pipe(directory: Path) -> None:
    """A shell's `<(command)` is nobody else's file."""
    read, write = os.pipe()
    os.write(write, b'campaign = "piped"\r\n')
    os.close(write)
    assert load(directory, config=f"/dev/fd/{read}").campaign == "piped"
    os.close(read)


@pytest.mark.parametrize("place", ["/dev/zero", "."])
def test_what_is_no_file_is_named(directory: Path, place: str) -> None:
    """A device has no end, and a folder no text."""
    with pytest.raises(SettingsError, match="can't be read"):
        load(directory, config=place)


def test_a_settings_file_without_end_is_refused(directory: Path) -> None:
    """A wrong path leads to any file."""
    (directory / "large").write_bytes(b"#" * 1_000_001)
    with pytest.raises(SettingsError, match="can't be read") as caught:
        load(directory, config="large")
    assert "more than 1,000,000 bytes" in caught.value.why


def test_the_file_in_use_is_said(directory: Path, file: Path) -> None:
    """Nobody wonders where a dialer came from; without one nothing is said."""
    assert load(directory).notes == (f"Settings are taken from {file}.",)
    file.unlink()
    assert load(directory).notes == ()


def test_what_stands_there_and_is_no_file_is_passed_over(directory: Path) -> None:
    """A pipe of that name keeps nobody waiting."""
    os.mkfifo(directory / FILE_NAME)
    assert load(directory).campaign == ""


def test_a_settings_file_beside_the_list_is_read(directory: Path, tmp_path: Path) -> None:
    """A list in a folder of its own brings its settings along, however its path is spelled."""
    (directory / "lists" / "deep").mkdir(parents=True)
    beside = directory / "lists" / FILE_NAME
    beside.write_text('campaign = "beside"', "utf-8")
    for spelled in (
        Path("lists/leads.csv"),
        Path("lists/deep/../leads.csv"),
        directory / "lists/leads.csv",
    ):
        settings = load_settings({}, environ={}, directory=directory, beside=spelled)
        assert settings.campaign == "beside"
        assert settings.notes == (f"Settings are taken from {beside}.",)
    assert load_settings({}, environ={}, directory=tmp_path).campaign == ""


def test_the_working_directory_comes_first_and_the_others_are_named(
    directory: Path, file: Path
) -> None:
    """One file is obeyed, and a person who has written another one is told that it is not."""
    (directory / "lists").mkdir()
    beside = directory / "lists" / FILE_NAME
    beside.write_text('campaign = "beside"', "utf-8")
    settings = load_settings(
        {}, environ={}, directory=directory, beside=directory / "lists/leads.csv"
    )
    assert settings.campaign == "planted"
    assert settings.notes == (f"Settings are taken from {file}. {beside} is not read besides.",)


def test_a_list_in_the_working_directory_is_searched_once(directory: Path, file: Path) -> None:
    """Nobody is told that the file which is read is not read; nor is a pipe a place."""
    for named in (Path("leads.csv"), Path("./leads.csv"), Path("-")):
        settings = load_settings({}, environ={}, directory=directory, beside=named)
        assert settings.notes == (f"Settings are taken from {file}.",)


def test_a_file_beside_the_list_that_others_can_write_is_not_obeyed(directory: Path) -> None:
    """A folder into which all drop their lists must not name the dialer."""
    (directory / "inbox").mkdir()
    beside = directory / "inbox" / FILE_NAME
    beside.write_text('url = "https://elsewhere.example"', "utf-8")
    beside.chmod(0o666)
    with pytest.raises(SettingsError, match="is not obeyed") as caught:
        load_settings({}, environ={}, directory=directory, beside=Path("inbox/leads.csv"))
    assert f"chmod go-w {beside}" in caught.value.remedy


def test_a_missing_profile_names_every_place_that_was_searched(directory: Path) -> None:
    """Who has put the file elsewhere sees it."""
    with pytest.raises(SettingsError) as caught:
        load_settings(
            {"profile": "night"}, environ={}, directory=directory, beside=Path("lists/leads.csv")
        )
    assert (
        f"There is no {FILE_NAME} in {directory} or {directory / 'lists'} or " in caught.value.why
    )
