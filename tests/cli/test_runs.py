from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.cli.app import run
from bulk_loader.cli.context import App
from bulk_loader.model import Ending, RunKind, Status
from bulk_loader.workflows.old_results import Kept, OldResults
from tests.cli.fakes import NONE, PAST, FakeVerbs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]

RUN = "20260102-0304-abcdef"


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks on the wall differ; this one shows UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def test_lists_runs_in_one_line_each(command: Command, verbs: FakeVerbs) -> None:
    """Each line tells the id, the date, the file, the dialer, how it ended and the counts."""
    broken = replace(PAST, run_id="other", ending=Ending.UNFINISHED, counts=NONE, sent=NONE)
    verbs.past = [PAST, broken]
    ended = command("runs")
    assert (ended.code, ended.err) == (0, "")
    where = "leads.csv to https://acme.ucontactcloud.com"
    assert ended.out == (
        f"{RUN}  2026-01-02 03:04  {where}  finished: 3 sent (3 accepted)\n"
        f"other  2026-01-02 03:04  {where}  unfinished: nothing sent\n"
    )


def test_no_runs_are_no_data(command: Command, verbs: FakeVerbs) -> None:
    """Standard output stays empty, and a person is told how to begin."""
    verbs.past = []
    ended = command("runs")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "No runs yet. Begin with: bulk-loader upload FILE\n"
    assert json.loads(command("runs", "--json").out)["runs"] == []


def test_json_lists_every_figure(command: Command) -> None:
    """A program reads the same of a list and of a single run."""
    (listed,) = json.loads(command("runs", "--json").out)["runs"]
    assert listed == json.loads(command("runs", "show", RUN, "--json").out)
    assert listed == {
        "schema": "past-run",
        "schema_version": 1,
        "run_id": RUN,
        "kind": "upload",
        "file": "/lists/leads.csv",
        "digest": "0" * 64,
        "target": "https://acme.ucontactcloud.com",
        "leads": 3,
        "sent": 3,
        "sent_counts": {status.value: 3 if status is Status.ACCEPTED else 0 for status in Status},
        "counts": {status.value: 3 if status is Status.ACCEPTED else 0 for status in Status},
        "results": "/lists/leads.results.csv",
        "ended": "finished",
        "stopped_why": "",
        "unsaid": "",
        "machine": "",
        "started_at": "2026-01-02T03:04:00+00:00",
        "ended_at": "2026-01-02T03:05:00+00:00",
    }


def test_shows_one_run_in_full(command: Command) -> None:
    """A run whose leads are all accepted needs no next step."""
    assert command("runs", "show", RUN).out.splitlines() == [
        f"Run:     {RUN} (upload)",
        "File:    /lists/leads.csv",
        "Dialer:  https://acme.ucontactcloud.com",
        "Began:   2026-01-02 03:04 (UTC+00:00)",
        "Ended:   finished 2026-01-02 03:05 (UTC+00:00)",
        "Sent:    3 (3 accepted)",
        "Leads:   3 (3 accepted)",
        "Results: /lists/leads.results.csv",
    ]


@pytest.mark.parametrize(
    ("ending", "last"),
    [
        (Ending.FINISHED, "to send what was not accepted: bulk-loader retry /lists/"),
        (Ending.STOPPED, "to send what was not accepted: bulk-loader retry /lists/"),
        (Ending.UNFINISHED, f"to see what was sent so far: bulk-loader runs results {RUN}"),
    ],
)
def test_shows_what_can_be_done_about_a_run(
    command: Command, verbs: FakeVerbs, ending: Ending, last: str
) -> None:
    """A run that left something undone names the command for it."""
    counts = {**NONE, Status.ACCEPTED: 1, Status.UNSENT: 2}
    verbs.past = [
        replace(PAST, ending=ending, counts=counts, ended_at=None, stopped_why="It had to.")
    ]
    lines = command("runs", "show", RUN).out.splitlines()
    assert lines[-1].startswith(f"Next: {last}")
    assert "Stopped: It had to." in lines
    assert f"Ended:   {ending.value}" in lines


def test_shows_what_a_run_could_not_say(command: Command, verbs: FakeVerbs) -> None:
    """Who finds an empty log finds here what was to stand in it."""
    verbs.past = [replace(PAST, unsaid="Run of a list\n  accepted 3")]
    assert command("runs", "show", RUN).out.splitlines()[-2:] == [
        "Unsaid:  Run of a list",
        "           accepted 3",
    ]
    assert (
        json.loads(command("runs", "--json").out)["runs"][0]["unsaid"]
        == "Run of a list\n  accepted 3"
    )


def test_results_prints_where_they_were_written(command: Command, verbs: FakeVerbs) -> None:
    """The path is data; what differs from a faithful copy is for the person."""
    ended = command("runs", "results", RUN)
    assert (ended.code, ended.out, ended.err) == (0, "/lists/leads.results.csv\n", "A note.\n")
    assert verbs.asked == [("results", RUN)]


def test_prune_says_what_it_will_forget_and_what_that_means(
    command: Command, verbs: FakeVerbs
) -> None:
    """Each run in a line, the consequence, and then how many went."""
    ended = command("runs", "prune", "--older-than", "90d", "--yes")
    assert (ended.code, ended.out) == (0, "")
    line, meaning, count = ended.err.splitlines()
    assert line.startswith(RUN)
    assert "This run would be forgotten" in meaning
    assert "without --again" in meaning
    assert count == "1 run was forgotten."
    assert verbs.asked == [("plan_prune", "90d"), ("prune", "90d")]


def test_prune_says_what_stays(command: Command, verbs: FakeVerbs) -> None:
    """An old run that is unfinished or in doubt is not silently passed over."""
    verbs.past, verbs.kept = [], (PAST, PAST)
    assert command("runs", "prune", "--older-than", "1h").err == (
        "There is no run to forget.\n"
        "2 runs stay although as old: unfinished, or with a lead in doubt since lately.\n"
    )
    assert verbs.asked == [("plan_prune", "1h")]


def test_prune_forgets_nothing_unasked_where_nobody_can_be_asked(
    command: Command, verbs: FakeVerbs
) -> None:
    """Without a terminal it takes --yes."""
    ended = command("runs", "prune", "--older-than", "90d")
    assert ended.code == 2
    assert "add: --yes" in ended.err
    assert verbs.asked == [("plan_prune", "90d")]


def test_many_runs_are_named_in_part(command: Command, verbs: FakeVerbs) -> None:
    """Nobody reads a thousand lines before a question."""
    verbs.past = [PAST] * 25
    lines = command("runs", "prune", "--older-than", "90d", "--yes").err.splitlines()
    assert lines[20] == "… and 5 more"
    assert "These 25 runs" in lines[21]


def test_settle_tells_what_is_next(command: Command, verbs: FakeVerbs) -> None:
    """What the dialer has is written into the results; what it has not, a retry sends."""
    ended = command("runs", "settle", RUN, "--row", "17", "--row", "19", "--as", "accepted")
    assert ended.err == (
        f"2 leads of run {RUN} count as accepted from now on.\n"
        f"Next: to see it in the results: bulk-loader runs results {RUN}\n"
    )
    ended = command("runs", "settle", RUN, "--all", "--as", "unsent")
    assert ended.err == (
        f"3 leads of run {RUN} count as unsent from now on.\n"
        "Next: to send them: bulk-loader retry /lists/leads.results.csv\n"
    )
    assert verbs.asked[0] == ("settle", RUN, (17, 19), Status.ACCEPTED)
    assert verbs.asked[1] == ("settle", RUN, None, Status.UNSENT)


@pytest.mark.parametrize("rows", [(), ("--row", "17", "--all")])
def test_settle_must_know_which_rows(
    command: Command, verbs: FakeVerbs, rows: tuple[str, ...]
) -> None:
    """Neither none nor both."""
    ended = command("runs", "settle", RUN, *rows, "--as", "accepted")
    assert ended.code == 2
    assert "Nothing was decided." in ended.err
    assert verbs.asked == []


def test_show_says_how_a_doubt_is_decided(command: Command, verbs: FakeVerbs) -> None:
    """The command to give stands below the counts; so does what could not be said then."""
    verbs.past = [replace(PAST, counts={**NONE, Status.UNKNOWN: 1}, unsaid="A note.")]
    out = command("runs", "show", RUN).out
    assert f"bulk-loader runs settle {RUN} --row N --as accepted, or --as unsent" in out
    assert "Unsaid:  A note." in out


def test_prune_asks_nobody_where_nobody_can_answer(
    command: Command, verbs: FakeVerbs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed standard input is no terminal."""
    monkeypatch.setattr("sys.stdin", None)
    ended = command("runs", "prune", "--older-than", "90d")
    assert ended.code == 2
    assert "There is no terminal to ask on." in ended.err
    assert verbs.asked == [("plan_prune", "90d")]


def test_prune_needs_an_age(command: Command, verbs: FakeVerbs) -> None:
    """Nothing is forgotten without saying what."""
    ended = command("runs", "prune")
    assert (ended.code, verbs.asked) == (2, [])
    assert "--older-than" in ended.err


def test_prune_does_not_take_a_number_for_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    """Who means 90 days and leaves the d away must not lose all that keeps leads from going twice."""
    assert run(App(("runs", "prune", "--older-than", "90"))) == 2
    told = capsys.readouterr().err
    assert told.startswith("Error: Nothing was forgotten.\n--older-than: 90 has no unit: for days")


def test_a_retry_does_not_count_what_was_sent_before(command: Command, verbs: FakeVerbs) -> None:
    """Who adds up the lines gets what was sent, and not the same leads once more."""
    counts = {**NONE, Status.ACCEPTED: 2, Status.UNKNOWN: 1, Status.DUPLICATE: 1}
    verbs.past = [replace(PAST, kind=RunKind.RETRY, counts=counts, sent=NONE)]
    assert command("runs").out.endswith(
        "finished: nothing sent; 1 unknown, 1 duplicate; 2 sent before\n"
    )
    verbs.past = [replace(verbs.past[0], sent={**NONE, Status.UNKNOWN: 1})]
    assert command("runs").out.endswith(
        "finished: 1 sent (1 unknown); 1 duplicate; 2 sent before\n"
    )


def test_times_are_told_by_the_clock_on_the_wall(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In full with how far it is from UTC."""
    monkeypatch.setenv("TZ", "America/Montevideo")
    time.tzset()
    assert "  2026-01-02 00:04  " in command("runs").out
    assert "Began:   2026-01-02 00:04 (UTC-03:00)\n" in command("runs", "show", RUN).out


def test_failed_names_the_runs_that_left_something_to_do(
    command: Command, verbs: FakeVerbs
) -> None:
    """By the same rules as the exit code of a run; what was left out on purpose is no failure."""
    good = replace(PAST, counts={**NONE, Status.ACCEPTED: 1, Status.SUPPRESSED: 1})
    left = [{**NONE, status: 1} for status in (Status.INVALID, Status.UNKNOWN, Status.UNSENT)]
    bad = [replace(PAST, run_id=f"bad-{n}", counts=counts) for n, counts in enumerate(left)]
    bad.append(replace(PAST, run_id="bad-3", ending=Ending.INTERRUPTED))
    verbs.past = [good, *bad]
    assert [line[:5] for line in command("runs", "--failed").out.splitlines()] == [
        "bad-0",
        "bad-1",
        "bad-2",
        "bad-3",
    ]
    listed = json.loads(command("runs", "--failed", "--json").out)["runs"]
    assert [run["run_id"] for run in listed] == ["bad-0", "bad-1", "bad-2", "bad-3"]


def test_since_is_passed_on(command: Command, verbs: FakeVerbs) -> None:
    """A narrowed list that is empty does not say that there are no runs."""
    verbs.past = []
    ended = command("runs", "--since", "7d")
    assert verbs.asked == [("runs", "7d")]
    assert ended.err == "There is no such run; see all with: bulk-loader runs\n"


def test_since_needs_a_unit(capsys: pytest.CaptureFixture[str]) -> None:
    """Seven seconds are never meant."""
    assert run(App(("runs", "--since", "7"))) == 2
    assert "--since: 7 has no unit: for days, write 7d." in capsys.readouterr().err


class TestPruneResults:
    """`bulk-loader runs prune --results`."""

    def test_says_what_goes_and_what_stays(self, command: Command, verbs: FakeVerbs) -> None:
        """The paths that went are data."""
        gone, kept = Path("/lists/a.results.csv"), Path("/lists/b.results.csv")
        verbs.old = OldResults((gone,), ((kept, Kept.CHANGED),))
        ended = command("runs", "prune", "--results", "--older-than", "30d", "--yes")
        assert (ended.code, ended.out) == (0, "/lists/a.results.csv\n")
        lines = ended.err.splitlines()
        assert lines[0] == "/lists/a.results.csv"
        assert "stays in the ledger" in lines[1]
        assert lines[2:] == [
            "/lists/b.results.csv stays: it was changed by hand since it was written.",
            "1 file was removed.",
        ]
        assert verbs.asked == [("plan_removal", "30d"), ("remove", "30d")]

    def test_removes_nothing_unasked(self, command: Command, verbs: FakeVerbs) -> None:
        """Without a terminal it takes --yes."""
        verbs.old = OldResults((Path("/lists/a.results.csv"),), ())
        ended = command("runs", "prune", "--results", "--older-than", "30d")
        assert ended.code == 2
        assert "Error: Nothing was removed." in ended.err
        assert verbs.asked == [("plan_removal", "30d")]

    def test_says_when_there_is_nothing(self, command: Command) -> None:
        """And how many stay is told in part."""
        ended = command("runs", "prune", "--results", "--older-than", "30d")
        assert (ended.code, ended.err) == (0, "There is no results file to remove.\n")
