from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bulk_loader.sandbox import Sandbox

PROGRAM = (sys.executable, "-m", "bulk_loader")

# Of a list that comes from an old machine; the bytes are no text in UTF-8.
NAME = os.fsdecode(b"caf\xe9.csv")
RESULTS = os.fsdecode(b"caf\xe9.results.csv")

pytestmark = pytest.mark.skipif(
    os.name != "posix" or sys.platform == "darwin", reason="names are texts on this system"
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """How a command ended."""
    return subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, check=False, encoding="utf-8", timeout=500
    )


def statuses() -> list[str]:
    """Of the leads in the results file."""
    with Path(RESULTS).open(encoding="utf-8", newline="") as file:
        return [row["dialer_status"] for row in csv.DictReader(file)]


def test_a_name_that_is_no_text_goes_all_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploaded, refused the second time, shown, written anew, corrected and sent again."""
    Path(NAME).write_text("phone,campaign\n099123456,X\n12,X\n", "utf-8")
    with Sandbox() as dialer:
        monkeypatch.setenv("BULK_LOADER_TOKEN", dialer.token)
        ended = run("upload", NAME, "--url", dialer.url)
        assert ended.returncode == 1, ended.stderr
        assert r"caf\xe9.csv: 2 leads" in ended.stderr
        assert ended.stdout.endswith(r"caf\351.results.csv'" + "\n")
        assert statuses() == ["accepted", "invalid"]

        again = run("upload", NAME, "--url", dialer.url, "--json")
        assert again.returncode == 5
        assert json.loads(again.stdout)["what"].startswith("This file was uploaded")

        (listed,) = json.loads(run("runs", "--json").stdout)["runs"]
        assert (Path(listed["file"]).name, Path(listed["results"]).name) == (NAME, RESULTS)
        Path(RESULTS).unlink()
        assert run("runs", "results", listed["run_id"]).returncode == 0
        assert statuses() == ["accepted", "invalid"]

        text = Path(RESULTS).read_text("utf-8")
        Path(RESULTS).write_text(text.replace("12,X", "099123457,X"), "utf-8")
        retried = run("retry", RESULTS, "--json")
        assert retried.returncode == 0, retried.stderr
        assert Path(json.loads(retried.stdout)["results"]).name == RESULTS
        assert statuses() == ["accepted", "accepted"]
        assert dialer.queued == 2


def test_every_path_may_be_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """The results, a do-not-call list, the settings and the ledger, too."""
    Path(NAME).write_text("phone\n099123456\n099123457\n", "utf-8")
    Path("dnc-\udce9.csv").write_text("phone\n099123457\n", "utf-8")
    Path("set-\udce9.toml").write_text('campaign = "X"\n', "utf-8")
    monkeypatch.setenv("BULK_LOADER_HOME", str(Path("home-\udce9").absolute()))
    options = ("--results", RESULTS, "--suppress", "dnc-\udce9.csv", "--config", "set-\udce9.toml")
    ended = run("upload", NAME, "--sandbox", *options)
    assert ended.returncode == 0, ended.stderr
    assert statuses() == ["accepted", "suppressed"]


def test_a_list_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors carry such names, too, and so does the report of a fault."""
    ended = run("check", NAME)
    assert ended.returncode == 3
    assert ended.stderr.startswith(r"Error: There is no file caf\xe9.csv.")
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONCOERCECLOCALE", "0")
    monkeypatch.setenv("LC_ALL", "C")
    ended = run("check", NAME)
    assert ended.returncode == 3
    assert ended.stderr.startswith(r"Error: There is no file caf\xe9.csv.")


def test_a_list_is_the_same_in_another_encoding_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was uploaded at a terminal is recognised by cron, whose environment knows ASCII only."""
    Path("café.csv").write_text("phone,campaign\n099123456,X\n", "utf-8")
    with Sandbox() as dialer:
        monkeypatch.setenv("BULK_LOADER_TOKEN", dialer.token)
        assert run("upload", "café.csv", "--url", dialer.url).returncode == 0
        for name, value in (("PYTHONUTF8", "0"), ("PYTHONCOERCECLOCALE", "0"), ("LC_ALL", "C")):
            monkeypatch.setenv(name, value)
        ended = run("retry", "café.results.csv")
        assert ended.returncode == 0, ended.stderr
        assert dialer.queued == 1
    found = json.loads(run("runs", "--json").stdout)["runs"]
    assert {os.fsencode(run["file"])[-9:] for run in found[1:]} == {"café.csv".encode()}
