from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bulk_loader
from bulk_loader.errors import ExitCode
from bulk_loader.exit_codes import MEANINGS
from bulk_loader.model import Status
from bulk_loader.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(bulk_loader.__file__).parents[1]
README = (REPOSITORY / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands(language: str) -> list[str]:
    """The command lines of the fenced blocks of one language."""
    return [line for block in blocks(language) for line in block.splitlines() if line.strip()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the sample files, as a reader of the README has it."""
    shutil.copytree(REPOSITORY / "sample_files", tmp_path / "sample_files")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULK_LOADER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    return tmp_path


def test_the_two_commands_of_the_beginning_are_made_by_the_makefile() -> None:
    """Who reads only the first block finds both of its commands."""
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    first = blocks("sh")[0].splitlines()
    assert first == ["make demo", "make test"]
    for line in first:
        assert re.search(rf"^{line.removeprefix('make ')}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("line", [line for line in commands("sh") if "bulk-loader" in line])
def test_commands_of_the_readme_work_as_they_stand(line: str, place: Path) -> None:
    """Every command that needs no dialer of the reader's own can be pasted."""
    program, *arguments = shlex.split(line)
    assert program == "bulk-loader"
    ended = subprocess.run(
        [sys.executable, "-m", "bulk_loader", *arguments],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    expected = ExitCode.BAD_LEADS if "damaged" in line else ExitCode.OK
    assert ended.returncode == expected, ended.stderr


@pytest.mark.parametrize("line", [line for line in commands("text") if "bulk-loader" in line])
def test_commands_with_a_dialer_of_the_readers_own_have_known_options(
    line: str, place: Path
) -> None:
    """What can't be run here is at least understood: only its help is asked for."""
    words = shlex.split(line.split(">>", maxsplit=1)[0])
    ended = subprocess.run(
        [sys.executable, "-m", "bulk_loader", *words[1:], "--help"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert ended.returncode == ExitCode.OK, ended.stderr


def test_the_profile_of_the_readme_is_understood(place: Path) -> None:
    """The file for the night can be copied."""
    (block,) = blocks("toml")
    (place / "bulk_loader.toml").write_text(block, "utf-8")
    settings = load_settings({"profile": "night"}, environ={}, directory=place)
    assert settings.base_url == "https://mycompany.ucontactcloud.com"
    assert str(settings.max_errors) == "5%"


def test_the_example_in_python_runs(place: Path) -> None:
    """The public functions are used as the README says."""
    (block,) = blocks("python")
    ended = subprocess.run(
        [sys.executable, "-c", block],
        cwd=place,
        env=os.environ | {"XDG_STATE_HOME": str(place)},  # not the ledger of whoever runs the tests
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.startswith("200 accepted; see ")


def table(header: str) -> Mapping[str, list[str]]:
    """The rows of the table with this header, by their first cell."""
    lines = README[README.index(header) :].splitlines()[2:]
    rows = [line.strip("|").split("|") for line in lines[: lines.index("")]]
    return {row[0].strip().strip("`"): [cell.strip() for cell in row[1:]] for row in rows}


def test_the_table_of_exit_codes_says_what_the_help_says() -> None:
    """Who writes a script around the command finds every code, with one meaning everywhere."""
    assert {code: row[0].replace("`", "") for code, row in table("| exit code |").items()} == {
        str(int(code)): meaning for code, meaning in MEANINGS.items()
    }
    assert MEANINGS.keys() == set(ExitCode)


def test_the_table_of_statuses_is_complete_and_true() -> None:
    """Every status stands in the README with its result."""
    statuses = table("| `dialer_status` |")
    assert {name: row[0] for name, row in statuses.items()} == {
        status.value: status.result for status in Status
    }
