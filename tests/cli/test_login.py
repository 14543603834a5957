"""`bulk-loader login` and `logout`, as processes of their own with a keyring of the tests."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.sandbox import Sandbox
from tests.cli.conftest import REPOSITORY, Ended
from tests.support.keyrings import PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "s3cret"


@pytest.fixture(autouse=True)
def _keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.support.keyrings.FileKeyring")
    monkeypatch.setenv(PLACE, str(tmp_path / "keyring.json"))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A dialer that takes one token."""
    with Sandbox() as dialer:
        yield dialer


def call(*arguments: str, stdin: str = "") -> Ended:
    """How a command ends that reads this from standard input."""
    ended = subprocess.run(
        [sys.executable, "-m", "bulk_loader", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def test_what_login_kept_is_used_by_an_upload(sandbox: Sandbox) -> None:
    """Until logout, after which the same command says that nothing is there."""
    dialer = ("--url", sandbox.url)
    kept = call("login", *dialer, stdin=f"{sandbox.token}\n")
    assert (kept.code, kept.out) == (0, "")
    assert kept.err.startswith("Kept in the keyring (")
    assert kept.err.endswith(f"): the token for {sandbox.url}. The dialer takes it.\n")
    status = call("login", "--status", *dialer)
    assert status.out.startswith(f"{sandbox.url}: a token from the keyring, kept on ")
    assert status.out.endswith(", verified then.\n")
    Path("leads.csv").write_text("phone,campaign\n099123456,A<-\n")
    assert call("upload", "leads.csv", *dialer).code == 0
    assert sandbox.queued == 1
    assert call("logout", *dialer).err == "It was taken out of the keyring.\n"
    assert call("logout", *dialer).err == "The keyring had nothing to forget.\n"
    gone = call("login", "--status", *dialer)
    assert (gone.code, gone.out) == (2, "")
    assert "The keyring has none for this dialer." in gone.err


def test_a_token_that_is_refused_is_not_kept(sandbox: Sandbox, tmp_path: Path) -> None:
    """Nor shown."""
    ended = call("login", "--url", sandbox.url, stdin=SECRET)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: The dialer refuses the token.\n")
    assert SECRET not in ended.err
    assert not (tmp_path / "keyring.json").exists()


def test_no_terminal_and_nothing_to_read_is_told(sandbox: Sandbox) -> None:
    """Instead of waiting for an answer that nobody types."""
    ended = call("login", "--url", sandbox.url)
    assert ended.code == 2
    assert "No secret was typed, and none came through standard input." in ended.err


def test_a_secret_is_no_option() -> None:
    """The list of processes and the shell's history would show it."""
    for name in ("--token", "--password"):
        ended = call("login", "--instance", "a", name, SECRET)
        assert (ended.code, "has no option" in ended.err) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="there are no such terminals")
def test_what_is_typed_is_not_shown(sandbox: Sandbox) -> None:
    """Not even the length of it."""
    terminal, end = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "bulk_loader", "login", "--url", sandbox.url],
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,  # so that there is no other terminal to ask on
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    os.close(end)
    shown = b""
    while b"Token" not in shown:
        shown += os.read(terminal, 1000)
    # The terminal forgets what is typed before it is told not to show it.
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        time.sleep(0.01)
    os.write(terminal, f"{sandbox.token}\n".encode())
    while b"takes it" not in shown:
        shown += os.read(terminal, 1000)
    assert child.wait() == 0
    os.close(terminal)
    asked, _, after = shown.partition(b"Token")
    assert asked == b""
    assert sandbox.token.encode() not in after.partition(b"Kept")[0]
