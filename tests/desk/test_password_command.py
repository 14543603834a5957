"""`bulk-loader desk --set-password`, on a real terminal."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bulk_loader.desk.password_file import read_password_file
from tests.desk.team import PASSWORD

if sys.platform == "win32":
    pytest.skip("there are no such terminals", allow_module_level=True)

import pty
import termios

COMMAND = ("desk", "--set-password", "--password-file", "desk.password")
ASKED, AGAIN = b"Password of the desk: ", b"Repeat for confirmation: "


def shown_until(terminal: int, text: bytes) -> bytes:
    """What the terminal shows, as far as that."""
    shown = b""
    while text not in shown:
        shown += os.read(terminal, 1000)
    return shown


def answer(terminal: int, text: str) -> None:
    """Type it, once the terminal shows nothing of what is typed."""
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        time.sleep(0.01)
    os.write(terminal, f"{text}\n".encode())


def test_it_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    """Whoever mistypes it is asked once more, since nobody could tell later."""
    terminal, end = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "bulk_loader", *COMMAND],
        cwd=tmp_path,
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,  # so that there is no other terminal to ask on
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    os.close(end)
    shown = b""
    for prompt, typed in (
        (ASKED, PASSWORD),
        (AGAIN, "something else"),
        (ASKED, PASSWORD),
        (AGAIN, PASSWORD),
    ):
        shown += shown_until(terminal, prompt)
        answer(terminal, typed)
    shown += shown_until(terminal, b"stands in")
    assert child.wait() == 0
    os.close(terminal)
    assert PASSWORD.encode() not in shown
    assert read_password_file(tmp_path / "desk.password").fits(PASSWORD)
