from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import ExitCode, LockedError
from bulk_loader.jobs.night import Night, NightOutcome
from bulk_loader.jobs.telling.message import MAX_FILES, message_of
from bulk_loader.model import FrequentProblem, Status
from tests.jobs.fakes import TWO
from tests.jobs.telling.conftest import FAILED, GOOD


def test_a_good_night_is_told_in_one_line() -> None:
    """Who reads only the title knows how much was loaded."""
    message = message_of(GOOD, "pc")
    assert message.title == "bulk-loader, job night: loaded 1,200 leads"
    assert not message.is_failure
    assert message.body.splitlines()[-2:] == ["Exit code: 0", "Next: nothing is left to do"]


def test_a_failed_night_says_what_happened_and_what_to_do() -> None:
    """Machine, file, reason, exit code and the next step are in the message."""
    message = message_of(FAILED, "pc")
    assert message.title == "bulk-loader, job night: FAILED (unreadable)"
    assert message.is_failure
    assert message.body.startswith("On pc, 2026-03-0")
    assert "leads.csv: unreadable\n  leads.csv is no list. It has no columns.\n" in message.body
    assert message.body.endswith(
        "Exit code: 3\nNext: correct the list, and put it where the job finds it"
    )


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (Status.INVALID, ExitCode.BAD_LEADS, "loaded 1,200 of 1,203 leads, some to be corrected"),
        (Status.UNKNOWN, ExitCode.IN_DOUBT, "loaded 1,200 of 1,203 leads, some in doubt"),
    ],
)
def test_leads_that_were_not_loaded_are_in_the_title(
    status: Status, code: ExitCode, told: str
) -> None:
    """What is left to do with them follows, with the results file."""
    results = Path("/srv/done/leads.results.csv")
    counts = {Status.ACCEPTED: 1200, status: 3}
    problem = FrequentProblem(status, ProblemCode.PHONE_TEXT, "What is wrong.", 3, 7, "…4567 is.")
    report = replace(
        GOOD.files[0], counts=counts, exit_code=code, results=results, problems=(problem,)
    )
    message = message_of(replace(GOOD, files=(report,), exit_code=code), "pc")
    assert message.title.endswith(told)
    assert message.is_failure
    assert f"  3 leads: What is wrong.\n  Results: {results}\n" in message.body
    assert "…4567" not in message.body
    assert f"bulk-loader retry {results}" in message.body


def test_a_night_that_could_not_begin_tells_why() -> None:
    """There are no files to tell of; the error's own remedy is told."""
    error = LockedError("The job night is under way already.", "Process 7 runs it.", "Wait.")
    night = Night(
        "night", NightOutcome.BUSY, error.exit_code, TWO, TWO, "It is under way.", error=error
    )
    message = message_of(night, "pc")
    assert "\nIt is under way.\nWait.\nExit code: 6\n" in message.body


def test_a_night_of_many_files_stays_short() -> None:
    """Ten are told of; of the rest, how many there are."""
    message = message_of(replace(GOOD, files=GOOD.files * (MAX_FILES + 2)), "pc")
    assert message.body.count("leads.csv: loaded") == MAX_FILES
    assert "And 2 files more, 14,400 accepted in all." in message.body


def test_a_file_can_not_add_lines_of_its_own() -> None:
    """A name may hold a line's end, or what turns the direction of reading."""
    report = replace(GOOD.files[0], name="a\nExit code: 0\u202e.csv")
    lines = message_of(replace(GOOD, files=(report,)), "pc").body.splitlines()
    assert lines[1].startswith("a\\x0aExit code: 0\\u202e.csv: loaded")
