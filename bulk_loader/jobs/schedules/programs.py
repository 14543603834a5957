"""Programs of the system that are asked: they are found by PATH, and what they say is passed on."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Each of them answers in a second; one that waits for a password does for ever.
PATIENCE_S = 60.0

_ALWAYS_THERE = (
    *("HOME", "LOGNAME", "USER"),
    *("SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP"),  # of Windows
)


class ProgramError(Exception):
    """A program failed; its text is what it says of that."""


def has_program(name: str) -> bool:
    """It is there."""
    return shutil.which(name) is not None


def ask(*argv: str, given: bytes = b"") -> bytes:
    """What a program prints.

    Raises:
        ProgramError: it is not there, or failed.
    """
    program = shutil.which(argv[0])
    if program is None:
        raise ProgramError(f"there is no {argv[0]} command on this machine")
    return _run((program, *argv[1:]), given, None, None)


def start_bare(argv: tuple[str, ...], environment: Mapping[str, str]) -> None:
    """Start a program as at night: from another directory, with no more environment than given.

    Raises:
        ProgramError: it can't be started, or failed.
    """
    bare = {name: os.environ[name] for name in _ALWAYS_THERE if name in os.environ}
    _run(argv, b"", {**bare, **environment}, Path.home().anchor)


def _run(
    argv: tuple[str, ...], given: bytes, environment: Mapping[str, str] | None, place: str | None
) -> bytes:
    try:
        ended = subprocess.run(  # noqa: S603 - no shell, and words of ours
            argv,
            input=given,
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
            env=environment,
            cwd=place,
        )
    except subprocess.TimeoutExpired:
        raise ProgramError(f"{argv[0]} does not end within {PATIENCE_S:g} seconds") from None
    except OSError as error:
        raise ProgramError(f"{argv[0]} can't be started: {error.strerror}") from error
    if ended.returncode:
        told = (ended.stderr or ended.stdout).decode("utf-8", "replace").strip().splitlines()
        raise ProgramError(told[-1] if told else f"{argv[0]} ended with {ended.returncode}")
    return ended.stdout


def refusal(what: str, why: object, remedy: str) -> SettingsError:
    """A system can't be told what it is to be told."""
    text = str(why).rstrip(".")
    return SettingsError(what, f"{text[:1].upper()}{text[1:]}.", remedy)
