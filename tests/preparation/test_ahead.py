"""Batches are prepared ahead, in another process or not, and are the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import bulk_loader

REPOSITORY = Path(bulk_loader.__file__).parents[1]

# In a process of its own: a test runner has threads, and then nothing is forked.
SCRIPT = """
import json, multiprocessing, sys
from datetime import UTC, datetime
from pathlib import Path
from bulk_loader.ledger import Keys
from bulk_loader.settings import Settings
from bulk_loader.preparation import ahead
from bulk_loader.preparation.ahead import LEADS_THAT_PAY, prepared_ahead
from bulk_loader.preparation.history import History
from bulk_loader.preparation.pipeline import build_pipeline, open_table
from bulk_loader.preparation.preparing import Preparation
from bulk_loader.preparation.sentences import Sentences

settings = Settings(campaign="SALES")
table = open_table(Path(sys.argv[1]), settings)
pipeline = build_pipeline(table, settings, datetime.now(UTC))

def prepare(leads):
    with Sentences() as sentences:
        preparation = Preparation(
            pipeline, Keys(b"k" * 32), History(), sentences, batch_size=7
        )
        with prepared_ahead(preparation, leads) as batches:
            first = next(batches)
            helpers = len(multiprocessing.active_children())
            prepared = [first, *batches]
        return helpers, prepared, list(sentences), preparation.figures

here, there = prepare(LEADS_THAT_PAY - 1), prepare(LEADS_THAT_PAY)
print(json.dumps([here[0], there[0], here[1:] == there[1:], len(here[1])]))

def leads_of(prepared):
    return (
        [lead for part in prepared for lead in part.ready],
        [decision for part in prepared for decision in part.decided],
        sum(part.looked_at for part in prepared),
    )

ahead.LEADS_A_MESSAGE = ahead.MESSAGES_AHEAD = 2
parts = prepare(LEADS_THAT_PAY)
print(len(parts[1]), leads_of(parts[1]) == leads_of(here[1]), parts[2:] == here[2:])
with prepared_ahead(
    Preparation(pipeline, Keys(b"k" * 32), History(), [], batch_size=7), LEADS_THAT_PAY
) as batches:
    next(batches)
print(len(multiprocessing.active_children()))
Path(sys.argv[1]).write_text("gone")
try:
    prepare(LEADS_THAT_PAY)
except Exception as error:
    print(type(error).__name__)
"""


KILLED = """
import multiprocessing
from types import SimpleNamespace
from bulk_loader.delivery import Prepared, ReadyLead
from bulk_loader.errors import LoaderError
from bulk_loader.preparation.ahead import LEADS_THAT_PAY, prepared_ahead
from bulk_loader.preparation.preparing import Figures

def batches():
    while True:  # more than a pipe holds, so the process is in the middle of a message
        yield Prepared([ReadyLead(row, None, bytes(1000)) for row in range(100)], ())

preparation = SimpleNamespace(batches=batches, sentences=None, figures=Figures())
try:
    with prepared_ahead(preparation, LEADS_THAT_PAY) as received:
        next(received)
        (helper,) = multiprocessing.active_children()
        helper.kill()
        helper.join()
        for _ in received:
            pass
except LoaderError as error:
    print(error.what, len(multiprocessing.active_children()))
"""


def run_script(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own, in which nothing else runs."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_another_process_prepares_the_same_batches(tmp_path: Path) -> None:
    """Leads, sentences and figures are those of this process; errors come through; none stays."""
    rows = [f"0991{n:06d},Customer {n}" for n in range(100)] + ["no tiene,x", "099 1000001,again"]
    file = tmp_path / "leads.csv"
    file.write_text("\n".join(["phone,name", *rows, ""]), "utf-8")
    ended = run_script(SCRIPT, str(file))
    told = ["[0, 1, true, 15]", "57 True True", "0", "SourceError", ""]
    assert ended.stdout.split("\n") == told, ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_a_process_that_is_killed_in_the_middle_of_a_message_is_named() -> None:
    """The system kills where memory runs out; what came before is whole, and the run stops."""
    ended = run_script(KILLED)
    assert ended.stdout == "The process that reads the file ended. 0\n", ended.stderr
