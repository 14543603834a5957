from __future__ import annotations

import csv
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.faulty_dialer import FaultyDialer

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = f"{shlex.quote(sys.executable)} -m bulk_loader"


@pytest.fixture(autouse=True)
def dialer(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyDialer]:
    """A dialer, a list, and the settings that lead the one to the other."""
    Path("leads.csv").write_text("phone,campaign\n099123456,X\n099123457,X\n", "utf-8")
    with FaultyDialer() as dialer:
        monkeypatch.setenv("BULK_LOADER_TOKEN", "t")
        monkeypatch.setenv("BULK_LOADER_URL", dialer.url)
        yield dialer


def files() -> list[str]:
    """What stands in the working directory, but for the hidden stamps of results files."""
    return sorted(path.name for path in Path.cwd().iterdir() if not path.name.startswith("."))


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """How a line ended that is typed into bash."""
    command = command.replace("bulk-loader", PROGRAM)
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, check=False, text=True, timeout=500
    )


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("bulk-loader upload <(cat leads.csv) --json", "piped.results.csv"),
        ("cat leads.csv | bulk-loader upload - --json", "stdin.results.csv"),
        ("cat leads.csv | bulk-loader upload /dev/stdin --json", "stdin.results.csv"),
        ("bulk-loader upload /proc/self/fd/0 --json < leads.csv", "stdin.results.csv"),
        ("bulk-loader upload /dev/fd/7 --json --results out.csv 7< leads.csv", "out.csv"),
    ],
)
def test_a_list_through_a_pipe_has_its_results_in_the_working_directory(
    dialer: FaultyDialer, tmp_path: Path, command: str, place: str
) -> None:
    """Nothing is written into /dev or /proc, and no file has a name that only a shell knows."""
    ended = shell(command)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["results"] == str(tmp_path / place)
    with Path(place).open(encoding="utf-8", newline="") as file:
        assert [row["dialer_status"] for row in csv.DictReader(file)] == ["accepted"] * 2
    assert len(dialer.recorded) == 2
    assert files() == sorted(["home", "leads.csv", place])


def test_the_same_list_through_another_pipe_calls_nobody_twice(dialer: FaultyDialer) -> None:
    """It is recognised by its content, whatever the pipe is called."""
    assert shell("bulk-loader upload <(cat leads.csv)").returncode == 0
    assert shell("cat leads.csv | bulk-loader upload -").returncode == 5
    assert len(dialer.recorded) == 2


def test_results_can_not_be_retried_through_a_pipe(dialer: FaultyDialer) -> None:
    """The answers are written into the file, and a pipe has none."""
    shell("bulk-loader upload leads.csv")
    for command in (
        "bulk-loader retry - < leads.results.csv",
        "bulk-loader retry <(cat leads.res*)",
    ):
        ended = shell(command)
        assert ended.returncode == 2
        assert "A retry can't read its results file from" in ended.stderr
    assert len(dialer.recorded) == 2
    assert files() == ["home", "leads.csv", "leads.results.csv"]


def test_a_check_of_a_pipe_says_to_save_the_list() -> None:
    """The next step is one that can be taken."""
    ended = shell("bulk-loader check <(cat leads.csv)")
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-1].startswith("Next: save the list as a file")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("bulk-loader upload - <&-", "standard input is closed"),
        ("bulk-loader upload /dev/fd/99", "descriptor 99 is closed"),
        ("bulk-loader upload - </dev/null", "is empty"),
        ("bulk-loader upload /proc/self/mem", "Input/output error"),
        ("bulk-loader upload /dev/zero", "is a device"),
        ("ln -s gone.csv link.csv; bulk-loader upload link.csv", "leads nowhere"),
        ("bulk-loader upload home", "is a folder"),
    ],
)
def test_what_can_not_be_read_ends_with_3(dialer: FaultyDialer, command: str, told: str) -> None:
    """In three parts, and without a call."""
    Path("home").mkdir()
    ended = shell(command)
    assert ended.returncode == 3
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert dialer.received == []


def test_a_working_directory_that_is_gone_is_named() -> None:
    """A terminal may stand in a folder that was removed since."""
    ended = shell("mkdir gone; cd gone; rmdir ../gone; bulk-loader check leads.csv; echo $?")
    assert ended.stdout == "2\n"
    assert ended.stderr.startswith("Error: The working directory can't be found.")
