"""What `.github/DESK.md` shows, held against the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bulk_loader.desk import guard, guesses, options
from bulk_loader.desk.password_file import SHORTEST
from bulk_loader.desk.server import MAX_CONNECTIONS
from bulk_loader.serving.protocol import PATIENCE_S
from tests.test_night_examples import assert_is_command

TEXT = (Path(__file__).parents[1] / ".github" / "DESK.md").read_text("utf-8")
COMMANDS = re.findall(r"^(?:ExecStart=\S*/)?bulk-loader (desk .*)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_ours(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with options that there are."""
    assert len(COMMANDS) == 4
    assert_is_command(shlex.split(command))
    assert "Usage: bulk-loader desk" in capsys.readouterr().out


def test_its_figures_are_those_of_the_program() -> None:
    """Who sets up a proxy goes by them."""
    words = " ".join(TEXT.split())
    assert f"client_max_body_size {guard.MAX_UPLOAD_BYTES >> 20}m;" in words
    assert f"proxy_read_timeout {guard.UPLOAD_S:g}s;" in words
    assert f"{SHORTEST} letters or more" in words
    assert f"{MAX_CONNECTIONS} at a time" in words
    assert f"a head ({PATIENCE_S:g} seconds) or a list ({guard.UPLOAD_S / 60:g} minutes)" in words
    assert options.IDLE_FOR.total_seconds() == 2 * 3600
    assert "quiet for two hours" in words
    assert f"one each {guesses.ASKER_BACK_S:g} seconds" in words
    assert f"all strangers together one each {guesses.ALL_BACK_S:g} seconds" in words
