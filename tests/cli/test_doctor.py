"""`bulk-loader doctor`, `--version` and the completion of words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.app import run
from bulk_loader.cli.context import App
from bulk_loader.cli.documents import Document
from bulk_loader.workflows.doctor import Finding, State
from tests.cli.test_schema import judge, schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ended
    from tests.cli.fakes import FakeVerbs
    from tests.cli.test_schema import Judge

    Command = Callable[..., Ended]

__all__ = ["judge", "schema"]


def test_the_screen_says_what_to_do_below_what_is_wrong(command: Command, verbs: FakeVerbs) -> None:
    """And ends with a verdict, which is that of the exit code."""
    verbs.findings = [Finding("disk", State.OK, "76 GB are free.")]
    ended = command("doctor", "--url", "https://a.example", "--online")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "ok     disk         76 GB are free.\nThis machine can run tonight.\n"
    assert verbs.asked == [("doctor", {"url": "https://a.example", "online": True})]
    verbs.findings.append(Finding("dialer", State.FAULT, "It is\x1b away.", "Look.\nLook again."))
    ended = command("doctor")
    assert ended.code == 2
    assert ended.out.splitlines()[1:] == [
        "fault  dialer       It is\\x1b away.",
        "                    Look.",
        "                    Look again.",
        "Not ready: 1 fault.",
    ]


@pytest.mark.parametrize("state", State)
def test_json_tells_the_same(
    command: Command, verbs: FakeVerbs, judge: Judge, state: State
) -> None:
    """For whoever watches many machines."""
    verbs.findings = [Finding("disk", state, "Told.", "Remedy.")]
    ended = command("doctor", "--json")
    found = judge.read(ended.out, Document.DOCTOR)
    assert found["exit_code"] == ended.code == (2 if state is State.FAULT else 0)
    assert found["findings"] == [
        {"about": "disk", "state": state.value, "told": "Told.", "remedy": "Remedy."}
    ]


def test_it_looks_at_this_machine(capsys: pytest.CaptureFixture[str]) -> None:
    """Through the program's own work, also where the settings are wrong."""
    assert run(App(("doctor", "--sandbox"))) == 0
    assert "This machine can run tonight." in capsys.readouterr().out
    Path("bulk_loader.toml").write_text("rate = 'fast'")
    assert run(App(("doctor", "--json"))) == 2
    states = {
        each["about"]: each["state"] for each in json.loads(capsys.readouterr().out)["findings"]
    }
    assert (states["settings"], states["disk"]) == ("fault", "ok")


SHELLS = ("bash", "zsh", "fish")


def completed(shell: str, words: str, place: str) -> str:
    """What a shell is offered, in the form that its script asks for."""
    ended = subprocess.run(
        [sys.executable, "-m", "bulk_loader"],
        env={
            **os.environ,
            "_BULK_LOADER_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": place,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_is_offered_commands_and_options(shell: str) -> None:
    """A word that was begun, and for fish the word itself instead of its place."""
    place = "doc" if shell == "fish" else "1"
    assert "doctor" in completed(shell, "bulk-loader doc", place)
    place = "--log" if shell == "fish" else "2"
    offered = completed(shell, "bulk-loader upload --log", place)
    assert "--log-file" in offered
    assert "--log-format" in offered


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_understands_its_script(shell: str, tmp_path: Path) -> None:
    """What a user puts into the start of the shell is a script of it."""
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    ended = subprocess.run(
        [sys.executable, "-m", "bulk_loader"],
        env={**os.environ, "_BULK_LOADER_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_BULK_LOADER_COMPLETE" in ended.stdout
    script = tmp_path / "script"
    script.write_text(ended.stdout)
    assert subprocess.run([shell, "-n", script], check=False).returncode == 0
