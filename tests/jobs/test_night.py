from __future__ import annotations

import pytest

from bulk_loader.errors import (
    AlreadyUploadedError,
    ColumnError,
    ExitCode,
    LedgerError,
    LoaderError,
    LockedError,
    ResultsError,
    ResultsFileError,
    RuleError,
    SettingsError,
    SourceError,
    StoppedError,
)
from bulk_loader.jobs.night import (
    Fate,
    FileReport,
    NightOutcome,
    fate,
    outcome_of,
    outcome_of_error,
    worst,
)


@pytest.mark.parametrize(
    ("code", "outcome", "place"),
    [
        (ExitCode.OK, NightOutcome.LOADED, Fate.DONE),
        (ExitCode.BAD_LEADS, NightOutcome.LOADED, Fate.DONE),
        (ExitCode.IN_DOUBT, NightOutcome.LOADED, Fate.DONE),
        (ExitCode.STOPPED, NightOutcome.STOPPED, Fate.WORKING),
        (ExitCode.INTERRUPTED, NightOutcome.INTERRUPTED, Fate.WORKING),
    ],
)
def test_where_a_list_goes_whose_run_ended(
    code: ExitCode, outcome: NightOutcome, place: Fate
) -> None:
    """What is finished is done, and what can go on stays in working."""
    assert outcome_of(code) is outcome
    assert fate(outcome) is place


@pytest.mark.parametrize(
    ("error", "outcome", "place"),
    [
        (AlreadyUploadedError("x"), NightOutcome.REPEATED, Fate.REPEATED),
        (SourceError("x"), NightOutcome.UNREADABLE, Fate.FAILED),
        (ColumnError("x"), NightOutcome.UNREADABLE, Fate.FAILED),
        (ResultsFileError("x"), NightOutcome.UNREADABLE, Fate.FAILED),
        (RuleError("x"), NightOutcome.REFUSED, Fate.FAILED),
        (SettingsError("x"), NightOutcome.HELD, Fate.WORKING),
        (LedgerError("x"), NightOutcome.HELD, Fate.WORKING),
        (LockedError("x"), NightOutcome.BUSY, Fate.WORKING),
        (StoppedError("x"), NightOutcome.STOPPED, Fate.WORKING),
        (ResultsError("x"), NightOutcome.STOPPED, Fate.WORKING),
    ],
)
def test_where_a_list_goes_that_an_error_kept_from_being_loaded(
    error: LoaderError, outcome: NightOutcome, place: Fate
) -> None:
    """What is wrong with the list fails it, and what is wrong around it leaves it for later."""
    assert outcome_of_error(error) is outcome
    assert fate(outcome) is place


def report(outcome: NightOutcome, code: ExitCode = ExitCode.BAD_FILE) -> FileReport:
    """One file."""
    return FileReport("leads.csv", outcome, code)


WORST_FIRST = [
    report(NightOutcome.INTERRUPTED),
    report(NightOutcome.STOPPED),
    report(NightOutcome.HELD),
    report(NightOutcome.BUSY),
    report(NightOutcome.UNREADABLE),
    report(NightOutcome.REFUSED),
    report(NightOutcome.STALE),
    report(NightOutcome.INCOMPLETE),
    report(NightOutcome.LOADED, ExitCode.IN_DOUBT),
    report(NightOutcome.REPEATED),
    report(NightOutcome.LOADED, ExitCode.BAD_LEADS),
    report(NightOutcome.LOADED, ExitCode.OK),
]


@pytest.mark.parametrize("place", range(len(WORST_FIRST)))
def test_the_file_that_went_worst_decides_the_night(place: int) -> None:
    """In whatever order they were loaded, and never a good one."""
    rest = WORST_FIRST[place:]
    assert worst(rest) is worst(rest[::-1]) is WORST_FIRST[place]


def test_every_outcome_of_a_file_has_its_place() -> None:
    """But for what is left in the inbox, and for a night without a file."""
    untouched = {NightOutcome.NO_FILE, NightOutcome.INCOMPLETE, NightOutcome.STALE}
    for outcome in set(NightOutcome) - untouched:
        assert fate(outcome) in Fate
