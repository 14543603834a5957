from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bulk_loader.sandbox import Sandbox, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]

LEADS = """\
teléfono;campaña;nombre
099 123 456;POWER<-;Ana
98765432;POWER<-;Muñoz
no tiene;POWER<-;Luz
099123456;POWER<-;Ana
"""


@pytest.fixture
def command(real_command: Command) -> Command:
    """Here the program's own workflows run."""
    return real_command


@pytest.fixture
def leads() -> str:
    """A list with a good lead, another, a bad one and a duplicate."""
    Path("leads.csv").write_text(LEADS, "utf-8")
    return "leads.csv"


def statuses(path: str) -> list[str]:
    """The column `dialer_status` of a results file."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [row["dialer_status"] for row in csv.DictReader(file, delimiter=";")]


def test_upload_sends_what_is_good_and_tells_the_rest(
    command: Command, sandbox: Sandbox, leads: str
) -> None:
    """Each lead has its status in the results file, the summary, the code and the queue."""
    ended = command("upload", leads, "--url", sandbox.url)
    assert ended.code == 1
    shown = re.sub(r"\d{8}-\d{4}-\w{6}", "RUN", re.sub(r"[\d.]+ s \(\d+", "T s (N", ended.out))
    results = Path("leads.results.csv").absolute()
    assert shown[shown.index("Run RUN") :].splitlines() == [
        f"Run RUN: leads.csv to {sandbox.url}",
        "  accepted           2",
        "  invalid            1",
        "  duplicate          1",
        "2 sent in T s (N a second)",
        "Most frequent:",
        "  1 invalid: The phone number is text.",
        "    Row 4: the value is text, not a phone number.",
        f"Results: {results}",
        (
            "Next: correct the marked rows in the results file, save it, and run: "
            f"bulk-loader retry {results}"
        ),
    ]
    assert "leads.csv: 4 leads, header in row 1\n" in ended.err
    assert statuses("leads.results.csv") == ["accepted", "accepted", "invalid", "duplicate"]
    assert sorted(queued.task.destination for queued in sandbox.queue()) == [
        "099123456",
        "98765432",
    ]


def test_the_same_upload_again_calls_nobody_twice(
    command: Command, sandbox: Sandbox, leads: str
) -> None:
    """A finished file is refused with the way to go on, and the queue stays as it was."""
    command("upload", leads, "--url", sandbox.url)
    ended = command("upload", leads, "--url", sandbox.url)
    assert (ended.code, ended.out) == (5, "")
    assert "2 accepted" in ended.err
    assert "bulk-loader retry" in ended.err
    assert sandbox.queued == 2


def test_retry_sends_what_was_corrected(command: Command, sandbox: Sandbox, leads: str) -> None:
    """A corrected cell is sent, an accepted row is not, and the file tells it."""
    command("upload", leads, "--url", sandbox.url)
    results = Path("leads.results.csv")
    results.write_text(results.read_text("utf-8").replace("no tiene", "091111111", 1), "utf-8")
    ended = command("retry", str(results))
    assert ended.code == 0, ended.err
    assert statuses("leads.results.csv") == ["accepted"] * 3 + ["duplicate"]
    assert sandbox.queued == 3


def test_json_tells_the_same_as_the_queue(command: Command, sandbox: Sandbox, leads: str) -> None:
    """The counts add up to the leads, and the accepted ones to the queue."""
    found = json.loads(command("upload", leads, "--url", sandbox.url, "--json").out)
    assert sum(found["counts"].values()) == found["leads"] == 4
    assert found["counts"]["accepted"] == sandbox.queued
    assert found["exit_code"] == 1


def test_check_tells_rows_and_tasks_without_a_dialer(command: Command, leads: str) -> None:
    """A check needs neither network nor credentials, and shows the exact JSON."""
    ended = command("check", leads)
    assert ended.code == 1
    assert '1 lead, column "teléfono" (phone_text):' in ended.out
    assert "Row 4: the value is text" in ended.out
    assert 'Row 4, column "teléfono": the value is text' in command("check", leads, "--all").out
    tasks = [json.loads(line) for line in ended.out.splitlines() if line.startswith("{")]
    assert [task["destination"] for task in tasks] == ["099123456", "98765432"]
    assert not Path("leads.results.csv").exists()


def test_a_sandbox_inside_the_command_shows_its_queue(command: Command, leads: str) -> None:
    """A trial needs nothing but the file."""
    ended = command("upload", leads, "--sandbox", "--concurrency", "1")
    assert ended.code == 1
    assert ended.err.splitlines()[-3:] == [
        "The sandbox's queue holds 2 tasks:",
        "     1  POWER<-  …3456",
        "     2  POWER<-  …5432",
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("none.csv", None, "none.csv"),
        ("empty.csv", "", "empty.csv"),
        ("header.csv", "telefono;campaña\n", "header.csv"),
        ("names.csv", "nombre;campaña\nAna;X\n", "destination"),
    ],
)
def test_a_file_that_can_not_be_sent_ends_with_3(
    command: Command, sandbox: Sandbox, name: str, content: str | None, told: str
) -> None:
    """What is wrong with a file is told in three parts, and nothing is sent."""
    if content is not None:
        Path(name).write_text(content, "utf-8")
    ended = command("upload", name, "--url", sandbox.url)
    assert (ended.code, ended.out, sandbox.queued) == (3, "", 0)
    assert "Error: " in ended.err
    assert told in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "No dialer given."),
        (("--url", "http://127.0.0.1:9"), "No credentials given."),
        (("--sandbox", "--rate", "x", "--hidden", "y"), "2 settings are wrong."),
        (("--profile", "prod"), "Profile prod was not found."),
    ],
)
def test_wrong_settings_end_with_2(
    command: Command, leads: str, arguments: tuple[str, ...], told: str
) -> None:
    """Nothing is read or sent before the settings are right."""
    ended = command("upload", leads, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1] != ""
    assert told in ended.err


def test_a_dialer_that_is_not_there_leaves_all_leads_unsent(
    command: Command, leads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused port stops the run; no lead is in doubt, and the same command goes on."""
    with Sandbox() as gone:
        url = gone.url
    monkeypatch.setenv("BULK_LOADER_TOKEN", "t")
    ended = command("upload", leads, "--url", url, "--retry-for", "0s")
    assert ended.code == 4, ended.err
    assert statuses("leads.results.csv") == ["unsent", "unsent", "invalid", "duplicate"]
    assert f"bulk-loader upload leads.csv --url {url} --retry-for 0s" in ended.out


def test_wrong_credentials_stop_the_run(
    command: Command, sandbox: Sandbox, leads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused token leaves nothing in doubt, and is not shown."""
    monkeypatch.setenv("BULK_LOADER_TOKEN", "s3cret")
    ended = command("upload", leads, "--url", sandbox.url)
    assert (ended.code, sandbox.queued) == (4, 0)
    assert "s3cret" not in ended.out + ended.err
    assert "Stopped: " in ended.out


def test_the_examples_of_the_help_texts_work(command: Command) -> None:
    """What a newcomer copies from the help runs on the sample files, in this order."""
    ends = {}
    for name in ("sample", "upload", "check", "retry", "init", "template"):
        example = command(name, "--help").out.splitlines()[-1].split()
        assert example[:2] == ["bulk-loader", name]
        ends[name] = command(*example[1:])
    assert {name: ended.code for name, ended in ends.items()} == {
        "sample": 0,
        "upload": 0,
        "check": 1,
        "retry": 0,
        "init": 0,
        "template": 0,
    }
    assert Path("bulk_loader.toml").exists()


def test_a_template_that_was_not_filled_in_has_no_leads(command: Command) -> None:
    """Nobody calls the examples of a template, and what is added to it counts."""
    assert command("template").code == 0
    ended = command("check", "leads.xlsx")
    assert (ended.code, ended.out) == (3, "")
    book = openpyxl.load_workbook("leads.xlsx")
    book.worksheets[0].append(["0991234567", "POWER<-"])
    book.save("leads.xlsx")
    found = json.loads(command("check", "leads.xlsx", "--json").out)
    assert (found["leads"], found["exit_code"]) == (1, 0)


def test_runs_tell_the_history_and_write_lost_results_anew(
    command: Command, sandbox: Sandbox, leads: str
) -> None:
    """The ledger and the source file give the same results file, byte for byte."""
    run_id = json.loads(command("upload", leads, "--url", sandbox.url, "--json").out)["run_id"]
    results = Path("leads.results.csv")
    written = results.read_bytes()
    results.unlink()
    assert command("runs").out.startswith(f"{run_id}  ")
    ended = command("runs", "results", run_id[:10])
    assert (ended.code, ended.out) == (0, f"{results.absolute()}\n")
    assert results.read_bytes() == written
    shown = json.loads(command("runs", "show", run_id, "--json").out)
    assert (shown["ended"], shown["counts"]["accepted"]) == ("finished", 2)


def test_results_are_not_written_from_a_file_that_has_changed(
    command: Command, sandbox: Sandbox, leads: str
) -> None:
    """An outcome is never written beside a row that it does not belong to."""
    run_id = json.loads(command("upload", leads, "--url", sandbox.url, "--json").out)["run_id"]
    Path(leads).write_text(LEADS.replace("Ana", "Eva"), "utf-8")
    ended = command("runs", "results", run_id)
    assert (ended.code, ended.out) == (3, "")
    assert "It was changed since" in ended.err


def test_forgotten_runs_are_gone(command: Command, sandbox: Sandbox, leads: str) -> None:
    """After pruning, the history is empty, and a wrong age forgets nothing."""
    command("upload", leads, "--url", sandbox.url)
    assert command("runs", "prune", "--older-than", "soon").code == 2
    assert command("runs").out.count("\n") == 1
    assert command("runs", "prune", "--older-than", "0s").code == 2, "nobody can be asked"
    assert command("runs").out.count("\n") == 1
    ended = command("runs", "prune", "--older-than", "0s", "--yes")
    assert (ended.code, ended.err.splitlines()[-1]) == (0, "1 run was forgotten.")
    assert command("runs").out == ""


def test_old_results_go_at_the_age_that_the_settings_say(
    command: Command, sandbox: Sandbox, leads: str
) -> None:
    """Only when it is asked for, and never at an age that nobody has named."""
    command("upload", leads, "--url", sandbox.url)
    results = Path("leads.results.csv")
    unsaid = command("runs", "prune", "--results", "--yes")
    assert (unsaid.code, results.exists()) == (2, True)
    assert "BULK_LOADER_KEEP_RESULTS" in unsaid.err
    Path("bulk_loader.toml").write_text('keep_results = "30"\n', "utf-8")
    assert "has no unit: for days, write 30d" in command("runs", "prune", "--results").err
    Path("bulk_loader.toml").write_text('keep_results = "30d"\n', "utf-8")
    assert command("runs", "prune", "--results", "--yes").out == ""
    assert results.exists()
    ended = command("runs", "prune", "--results", "--yes", "--older-than", "0s")
    assert (ended.code, ended.out) == (0, f"{results.absolute()}\n")
    assert not results.exists()
    assert "2 sent" in command("runs").out


def test_a_run_that_is_not_there_is_named(command: Command) -> None:
    """An id that fits no run is told with the way to the list."""
    ended = command("runs", "show", "2020")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith('Error: There is no run "2020"')


def test_the_sandbox_command_listens_until_it_is_stopped() -> None:
    """`bulk-loader sandbox` says where it listens, and ends by a signal without an error."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bulk_loader", "sandbox", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    assert "listens on http://127.0.0.1:" in child.stderr.readline()
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=500)
    assert (child.returncode, out) == (0, "")
    assert "0 tasks" in err


def test_an_interrupt_ends_with_130_and_the_truth() -> None:
    """Ctrl-C stops gently: what was sent is accounted for, the rest is left for the next time."""
    rows = "".join(f"0991{number:05}\n" for number in range(400))
    Path("many.csv").write_text(f"phone\n{rows}")
    with Sandbox(SandboxOptions(latency_s=0.02)) as dialer:
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "bulk_loader", "upload", "many.csv", "--url", dialer.url),
                *("--campaign", "X", "--concurrency", "2", "--json"),
            ],
            env={**os.environ, "BULK_LOADER_TOKEN": dialer.token},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not dialer.queued and child.poll() is None:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=500)
        assert child.returncode == 130, err
        found = json.loads(out)
        assert found["ended"] == "interrupted"
        assert sum(found["counts"].values()) == 400
        assert found["counts"]["unsent"] > 0
        assert found["counts"]["accepted"] <= dialer.queued
        assert dialer.queued <= found["counts"]["accepted"] + found["counts"]["unknown"]
    assert "Traceback" not in err


def test_a_request_to_end_before_the_sending_ends_with_130() -> None:
    """SIGTERM is as clean as Ctrl-C at any moment, here while the leads are being read."""
    os.mkfifo("leads.csv")
    child = subprocess.Popen(
        [sys.executable, "-m", "bulk_loader", "upload", "leads.csv", "--sandbox"],
        stderr=subprocess.PIPE,
        text=True,
    )
    with Path("leads.csv").open("w", encoding="utf-8"):  # opens once the child reads
        child.send_signal(signal.SIGTERM)
        assert child.communicate(timeout=200)[1].strip() == "Interrupted: nothing was sent."
    assert child.returncode == 130


def test_a_late_signal_does_not_change_the_exit_code() -> None:
    """A command that has said everything ends with its own code, whatever comes while it ends."""
    ends_late = "import atexit, os; atexit.register(os.kill, os.getpid(), {})"
    for number in (signal.SIGINT, signal.SIGTERM):
        command = f"{ends_late.format(int(number))}; from bulk_loader.cli import main; main()"
        child = subprocess.run([sys.executable, "-c", command], capture_output=True, check=False)
        assert child.returncode == 2
        assert b"Traceback" not in child.stderr


INTERRUPTED_IN_A_TEXT = """
import click
from bulk_loader.cli import main
from bulk_loader.cli.app import bulk_loader

@bulk_loader.command()
def slow():
    exec("raise KeyboardInterrupt")

main(["slow"])
"""


def test_an_interrupt_while_a_class_is_made_ends_with_the_code_of_interrupts() -> None:
    """Ctrl-C among the imports ends with 130 as anywhere else, and not as killed by a signal."""
    Path("slow.py").write_text(INTERRUPTED_IN_A_TEXT, "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "slow"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (130, "\nInterrupted: nothing was sent.\n")


def test_reports_are_written_by_each_command(
    command: Command, sandbox: Sandbox, leads: str
) -> None:
    """A check, an upload, its retry and the history each tell where theirs stands."""
    for arguments, name in (
        (("check", leads, "--report"), "leads.checked.report.html"),
        (("upload", leads, "--url", sandbox.url, "--report"), "leads.report.html"),
        (("retry", "leads.results.csv", "--url", sandbox.url), "leads.report.html"),
    ):
        assert f"Report: {Path(name).absolute()}\n" in command(*arguments).out
        Path(name).unlink()
    run_id = command("runs").out.split()[0]
    assert command("runs", "report", run_id).out == f"{Path('leads.report.html').absolute()}\n"
    assert command("runs", "report", run_id, "--output", "page.html").out == "page.html\n"
    assert Path("page.html").is_file()
