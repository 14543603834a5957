"""The file that holds the hash of a desk's password: how it is written, and what is asked of both."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulk_loader.desk.password_hash import LONGEST, MARK, PasswordHash
from bulk_loader.errors import SettingsError
from bulk_loader.owners import Exposure, exposure, readers
from bulk_loader.shell import typed
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.small_files import SmallFile

SHORTEST: Final = 15  # NIST SP 800-63B-4, 3.1.1.2, for a password that stands alone
_FEWEST_DIFFERENT = 6
_MOST_BYTES = 4096

_NOT_WITH_IT = "The desk can't start with this file of its password."


def read_password_file(path: Path) -> PasswordHash:
    """The hash that stands in a file.

    Raises:
        SettingsError: it is not there, not this user's alone, or holds no hash.
    """
    try:
        file = read_small(path, _MOST_BYTES)
        exposed = exposure(path, file.found) or _read_by_others(path, file)
    except OSError as error:
        why = f"{path}: {error.strerror or error}."
        raise SettingsError(_NOT_WITH_IT, why, f"Write one with: {_command(path)}") from error
    if exposed is not None:
        raise SettingsError(
            _NOT_WITH_IT,
            f"{exposed.why} It decides who sends leads.",
            f"If what it holds is right: {exposed.remedy}",
        )
    line = _line(file)
    found = PasswordHash.read(line)
    if found is None:
        raise SettingsError(
            _NOT_WITH_IT,
            _what_it_is(path, line),
            f"Remove it, and write it anew with: {_command(path)}",
        )
    return found


def set_password(path: Path, ask: Callable[[str], str]) -> None:
    """Ask for a password, and write its hash into a file of this user's alone.

    Args:
        ask: gives what a person answers; "" for nothing.

    Raises:
        SettingsError: the password is too weak, the file can't be written, or others could write
            or read it there, or it holds something else.
    """
    _require_ours(path)
    password = ask("Password of the desk").removesuffix("\n").removesuffix("\r")
    if why := weakness(password):
        raise SettingsError(
            "The password was not set.",
            why,
            f"Take {SHORTEST} to {LONGEST:,} letters, such as five words that have nothing in common.",
        )
    try:
        _write(path, PasswordHash.of(password).line + "\n")
    except OSError as error:
        raise SettingsError(
            f"{path} can't be written.",
            f"{error.strerror or error}.",
            "Name another file with --password-file.",
        ) from error
    read_password_file(path)  # its folder may be one of others


def weakness(password: str) -> str:
    """Why a password is too easily guessed, as a sentence; "" where it is not."""
    faults = {
        "It is empty.": not password.strip(),
        f"It has {len(password):,} letters.": not SHORTEST <= len(password) <= LONGEST,
        "It has more than one line, or letters that no keyboard has.": any(
            unicodedata.category(letter) == "Cc" for letter in password
        ),
        "It is made of a few letters that come again and again.": len(set(password))
        < _FEWEST_DIFFERENT,
        "It is one word that comes again and again.": password in (password * 2)[1:-1],
    }
    return next((why for why, is_so in faults.items() if is_so), "")


def _require_ours(path: Path) -> None:
    try:
        line = _line(read_small(path, _MOST_BYTES))
    except FileNotFoundError:
        return
    except OSError as error:
        line = str(error)
    if line and not line.startswith(MARK):
        raise SettingsError(
            f"{path} was not written over.",
            "It is there already, and is no file that the desk has written.",
            "Name another file with --password-file, or remove this one.",
        )


def _write(path: Path, line: str) -> None:
    """At once or not at all, and for nobody else to read."""
    number, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(line)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _line(file: SmallFile) -> str:
    return file.content.decode("utf-8", "replace").strip()


def _read_by_others(path: Path, file: SmallFile) -> Exposure | None:
    if who := readers(path, file.found):
        return Exposure(f"{path} can be read by {who}.", typed("chmod", "600", str(path)))
    return None


def _what_it_is(path: Path, line: str) -> str:
    if not line:
        return f"{path} is empty."
    if line.startswith(MARK):
        return f"{path} holds a hash that is damaged, or that costs too little or too much to try."
    return f"{path} holds no hash; if that is the password itself, who sees the file has it."


def _command(path: Path) -> str:
    return typed("bulk-loader", "desk", "--set-password", "--password-file", str(path))
