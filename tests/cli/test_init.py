"""`bulk-loader init`, as a process of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bulk_loader.settings import read_job
from tests.cli.conftest import REPOSITORY, Ended

PROGRAM = [sys.executable, "-m", "bulk_loader"]


def call(*arguments: str) -> Ended:
    """How a command ends where nobody can be asked."""
    ended = subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def test_what_init_writes_passes_the_check_of_the_job() -> None:
    """But for the folder and the credentials, which only the user can have."""
    Path().absolute().chmod(0o755)
    ended = call(
        *("init", "--instance", "mycompany", "--campaign", "A<-"),
        *("--job", "renewals", "--file", "inbox/*.csv"),
    )
    assert (ended.code, ended.out) == (0, f"{Path('bulk_loader.toml').absolute()}\n")
    assert ended.err == (
        "Next: bulk-loader login --profile production, then: bulk-loader job check renewals\n"
    )
    checked = call("job", "check", "renewals")
    faults = [line.strip().partition(":")[0] for line in checked.out.splitlines()[1:-1]]
    assert faults == ["the credentials", "the folder"]
    Path("inbox").mkdir()
    Path("token").write_text("secret")
    Path("token").chmod(0o600)
    with_token = {**os.environ, "BULK_LOADER_TOKEN_FILE": "token"}
    subprocess.run([*PROGRAM, "job", "check", "renewals"], check=True, env=with_token)


def test_a_slip_writes_nothing() -> None:
    """It is told as by every other command."""
    ended = call("init", "--instance", "my company")
    assert (ended.code, ended.out) == (2, "")
    assert "is not the name of an instance" in ended.err
    assert not Path("bulk_loader.toml").exists()


@pytest.mark.skipif(os.name != "posix", reason="there are no such terminals")
def test_at_a_terminal_it_asks() -> None:
    """What is left empty stays an example."""
    Path().absolute().chmod(0o755)
    terminal, end = pty.openpty()
    child = subprocess.Popen(
        [*PROGRAM, "init"],
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    os.close(end)
    shown = b""
    answers = ("mycompany", "A<-", "", "my.token", "inbox/*.csv", "")
    for number, answer in enumerate(answers, 1):
        while shown.count(b": ") < number:
            shown += os.read(terminal, 1000)
        os.write(terminal, f"{answer}\n".encode())
    while b"job check" not in shown:
        shown += os.read(terminal, 1000)
    assert child.wait() == 0
    os.close(terminal)
    job = read_job("night", {}, environ={}, directory=Path.cwd()).require_job()
    assert job.settings.instance == "mycompany"
    assert (job.settings.campaign, job.settings.data) == ("A<-", "")
    assert job.settings.token_file == Path("my.token").absolute()
