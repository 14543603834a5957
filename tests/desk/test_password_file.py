from __future__ import annotations

import stat
import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest

from bulk_loader.desk.password_file import read_password_file, set_password, weakness
from bulk_loader.desk.password_hash import PasswordHash
from bulk_loader.errors import SettingsError
from tests.desk.team import LINE, PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    """A file with these rights."""
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def test_what_was_set_is_known_again_and_nothing_else_is(tmp_path: Path) -> None:
    """By a hash with a salt of its own; the password stands nowhere."""
    path = tmp_path / "desk.password"
    set_password(path, lambda _label: f"{PASSWORD}\n")
    found = read_password_file(path)
    assert found.fits(PASSWORD)
    assert not found.fits(PASSWORD[:-1])
    assert not found.fits("")
    text = path.read_text("utf-8")
    assert text.count("\n") == 1
    assert PASSWORD not in text
    assert PasswordHash.of(PASSWORD).line != text.strip()
    assert [path.name for path in tmp_path.iterdir()] == ["desk.password"]


@posix
def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Also where one that others could read stood there before."""
    path = write(tmp_path / "desk.password", LINE, 0o644)
    set_password(path, lambda _label: PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_letter_is_the_same_from_every_keyboard() -> None:
    """One sends ñ as one letter, another as two."""
    composed = unicodedata.normalize("NFC", "mañana por la mañana")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert PasswordHash.of(composed).fits(decomposed)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("", "empty"),
        (" " * 20, "empty"),
        ("fourteen chars", "14 letters"),
        ("x" * 1025, "1,025 letters"),
        ("two lines\nof a password", "more than one line"),
        ("abababababababab", "a few letters"),
        ("password1password1", "one word"),
    ],
)
def test_a_weak_password_is_not_set(tmp_path: Path, password: str, told: str) -> None:
    """The reason is told, and no file is written."""
    path = tmp_path / "desk.password"
    with pytest.raises(SettingsError) as refused:
        set_password(path, lambda _label: password)
    assert told in refused.value.why
    assert password not in str(refused.value) or not password.strip()
    assert not path.exists()


@pytest.mark.parametrize("password", ["fifteen letters", "a b c d e f g h i", "ñandú ñoño ñame"])
def test_a_long_password_is_good_whatever_it_is_made_of(password: str) -> None:
    """Nobody is made to add a digit and a star."""
    assert weakness(password) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        (PASSWORD, "holds no hash; if that is the password itself"),
        (LINE[:-1], "damaged"),
        (LINE.replace("ln=15", "ln=10"), "costs too little or too much"),
        (LINE.replace("ln=15", "ln=30"), "costs too little or too much"),
        (f"{LINE}\n{LINE}", "damaged"),
    ],
)
def test_what_is_no_hash_is_told_with_what_to_do(tmp_path: Path, text: str, told: str) -> None:
    """A plain password above all, which is not shown; and a hash that would take all memory."""
    path = write(tmp_path / "desk.password", text)
    with pytest.raises(SettingsError) as refused:
        read_password_file(path)
    assert told in refused.value.why
    assert "--set-password --password-file" in refused.value.remedy
    assert PASSWORD not in str(refused.value)


def test_a_file_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    """The command that writes it is given."""
    with pytest.raises(SettingsError, match="--set-password --password-file"):
        read_password_file(tmp_path / "none")


@posix
@pytest.mark.parametrize(
    ("mode", "told"), [(0o644, "can be read by"), (0o622, "can be written by")]
)
def test_a_file_of_others_is_refused(tmp_path: Path, mode: int, told: str) -> None:
    """Who can write it decides who sends leads; who can read it may guess at leisure."""
    path = write(tmp_path / "desk.password", LINE, mode)
    with pytest.raises(SettingsError) as refused:
        read_password_file(path)
    assert told in refused.value.why
    assert "chmod" in refused.value.remedy


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    """A slip of the hand costs nobody a spreadsheet."""
    path = write(tmp_path / "leads.csv", "phone\n1\n")
    with pytest.raises(SettingsError, match="was not written over"):
        set_password(path, lambda _label: PASSWORD)
    assert path.read_text("utf-8") == "phone\n1\n"
