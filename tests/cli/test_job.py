from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.cli.documents import Document, schema_text
from bulk_loader.jobs.checking import Would
from bulk_loader.jobs.night import NightOutcome
from tests.cli.test_schema import Judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.sandbox import Sandbox
    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]

LIST = "phone,campaign\n0991000001,A<-\n0991000002,A<-\n"
PROGRAM = (sys.executable, "-m", "bulk_loader")


@pytest.fixture
def command(real_command: Command) -> Command:
    """Here the program's own workflows run."""
    return real_command


@pytest.fixture
def inbox(sandbox: Sandbox) -> Path:
    """The folder of a job, whose settings file stands beside it."""
    configure(f'url = "{sandbox.url}"\nfile = "inbox/*.csv"\nsettle = "0s"\n')
    place = Path("inbox").absolute()
    place.mkdir()
    return place


def configure(job: str, name: str = "night") -> None:
    """A settings file of the user's own."""
    path = Path("bulk_loader.toml")
    path.write_text(f"[job.{name}]\n{job}", "utf-8")
    path.chmod(0o644)
    Path().absolute().chmod(0o755)


def values(ended: Ended, document: Document = Document.NIGHT) -> dict[str, Any]:
    """What the one line of JSON says, which is as its schema says."""
    return Judge(json.loads(schema_text())).read(ended.out, document)


def test_a_job_loads_what_has_come_in(command: Command, inbox: Path, sandbox: Sandbox) -> None:
    """What became of each file, where it stands now, and what is to be done is said."""
    (inbox / "leads.csv").write_text(LIST, "utf-8")
    ended = command("job", "run", "night")
    assert ended.code == 0, ended.err
    assert sandbox.queued == 2
    first, results, report, last, following = ended.out.splitlines()
    assert first == "leads.csv: loaded, 2 accepted"
    assert Path(results.removeprefix("  Results: ")).is_file()
    assert Path(report.removeprefix("  Report: ")).is_file()
    assert last == "Job night: loaded, 2 accepted"
    assert following == "Next: nothing is left to do"


def test_exit_code_and_summary_tell_the_same(command: Command, inbox: Path) -> None:
    """For a night that went well, one that did not, and one without a file."""
    (inbox / "a.csv").write_text(LIST, "utf-8")
    (inbox / "b.csv").write_text(f"{LIST}12,A<-\n", "utf-8")
    ended = command("job", "run", "night", "--json")
    night = values(ended)
    assert ended.code == night["exit_code"] == 1
    assert [file["outcome"] for file in night["files"]] == ["loaded", "loaded"]
    assert night["counts"]["invalid"] == 1
    ended = command("job", "run", "night", "--json")
    night = values(ended)
    assert ended.code == night["exit_code"] == 3
    assert (night["outcome"], night["files"]) == ("no_file", [])


def test_an_error_of_a_file_is_told_in_three_parts(command: Command, inbox: Path) -> None:
    """On standard error, as an upload tells it; no number is shown whole."""
    (inbox / "a.csv").write_text("0991000001,Ana\n0991000002,Luz\n", "utf-8")
    ended = command("job", "run", "night", "--quiet")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("Error: ")
    assert len(ended.err.splitlines()) >= 3
    assert "0991000001" not in ended.err


def test_a_check_says_all_that_is_wrong_at_once(command: Command) -> None:
    """Settings, dialer, credentials and folders, and a typo with the nearest key."""
    configure('file = "nowhere/*.csv"\nmin_row = 3\nrates = 7\n')
    ended = command("job", "check", "night")
    assert ended.code == 2
    for part in ("Is min_rows meant?", "Is rate meant?", "the folder: ", "nowhere can't be looked"):
        assert part in ended.out
    configure('file = "nowhere/*.csv"\n')
    ended = command("job", "check", "night", "--json")
    found = values(ended, Document.JOB_CHECK)
    assert ended.code == found["exit_code"] == 2
    places = [fault.partition(":")[0] for fault in found["faults"]]
    assert places == ["the dialer", "the credentials", "the folder"]


def test_a_check_says_what_the_job_would_do_and_does_nothing(
    command: Command, inbox: Path, sandbox: Sandbox
) -> None:
    """Of lists, repeated ones, results, broken ones and what is no list."""
    (inbox / "old.csv").write_text(LIST, "utf-8")
    assert command("job", "run", "night").code == 0
    (inbox / "done").rename(inbox / "past")
    for name, text in {
        "again.csv": LIST,
        "bad.csv": "phone,campaign\n",
        "new.csv": LIST.replace("099", "098").replace("0981000002", "12"),
        "leads.results.csv": LIST,
    }.items():
        (inbox / name).write_text(text, "utf-8")
    (results,) = (inbox / "past").glob("*.results.csv")
    (inbox / "renamed.csv").write_bytes(results.read_bytes())
    before = sorted(inbox.rglob("*"))
    ended = command("job", "check", "night", "--json")
    assert ended.code == 0, ended.err
    would = {step["file"]: step["would"] for step in values(ended, Document.JOB_CHECK)["files"]}
    assert would == {
        "again.csv": "repeat",
        "bad.csv": "fail",
        "new.csv": "load",
        "renamed.csv": "fail",
        "leads.results.csv": "leave",
    }
    assert "load new.csv (1 invalid, 1 to be sent)" in command("job", "check", "night").out
    assert sorted(inbox.rglob("*")) == before
    assert sandbox.queued == 2


def test_the_list_shows_each_job_and_its_last_run(command: Command, inbox: Path) -> None:
    """One that never ran, one that did, and one that is wrong."""
    assert command("job", "list").out.rstrip().endswith(f"{inbox / '*.csv'}  never ran")
    (listed,) = values(command("job", "list", "--json"), Document.JOBS)["jobs"]
    assert listed["last_run"] is None
    (inbox / "leads.csv").write_text(LIST, "utf-8")
    command("job", "run", "night")
    assert command("job", "list").out.rstrip().endswith("loaded (exit code 0), 2 accepted")
    (listed,) = values(command("job", "list", "--json"), Document.JOBS)["jobs"]
    assert (listed["job"], listed["faults"], listed["is_under_way"]) == ("night", 0, False)
    assert listed["last_run"]["outcome"] == "loaded"
    configure("rate = 3\n")
    assert "(no file)  never ran  1 of its settings are wrong" in command("job", "list").out


def test_every_outcome_is_known_to_the_schema() -> None:
    """Whoever adds one says it there."""
    defs = json.loads(schema_text())["$defs"]
    assert defs["night_outcome"]["examples"] == [outcome.value for outcome in NightOutcome]
    assert defs["job_step"]["properties"]["would"]["examples"] == [each.value for each in Would]


def test_without_jobs_the_list_says_how_to_have_one(command: Command) -> None:
    """Nothing else is printed."""
    ended = command("job", "list")
    assert (ended.code, ended.out) == (0, "")
    assert "Add a table [job.NAME]" in ended.err


def wait_until(is_so: Callable[[], bool]) -> None:
    """For a program that does what it does in its own time."""
    while not is_so():
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="another system ends programs otherwise")
def test_sigterm_ends_a_watching_job_between_two_files(inbox: Path, sandbox: Sandbox) -> None:
    """A container that is stopped while nothing happens has not failed."""
    (inbox / "leads.csv").write_text(LIST, "utf-8")
    with subprocess.Popen(
        [*PROGRAM, "job", "run", "night", "--watch", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watching:
        wait_until(lambda: bool(list(inbox.glob("done/*.results.csv"))))
        assert watching.stdout is not None
        told = json.loads(watching.stdout.readline())
        watching.send_signal(signal.SIGTERM)
        rest, errors = watching.communicate()
    assert (watching.returncode, rest) == (0, ""), errors
    assert told["outcome"] == "loaded"
    assert sandbox.queued == 2
